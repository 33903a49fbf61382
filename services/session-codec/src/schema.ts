import { corrupt, readRows, type BtreeLimits } from './btree'
import type { DatabaseImage } from './database-header'
import { checkCreateIndex, parseCreateTable, type KnownClauses, type TableDdl } from './ddl'
import { InvalidSessionFile } from './invalid-session-file'
import { decodeRecord, type SqliteValue } from './record'
import { printable, unexpected } from './unexpected'

/** A session file has six rows of 200 bytes each there; what is far beyond would cost SQLite seconds to prepare. */
const SCHEMA_LIMITS: BtreeLimits = { pages: 200, rows: 60, payloadBytes: 64 * 1024 }
const TABLE_LIMITS: BtreeLimits = { pages: 40, rows: 20, payloadBytes: 64 * 1024 }

export interface SchemaRow {
  readonly type: string
  readonly name: string
  readonly tableName: string
  readonly rootPage: number
  readonly sql: string | null
}

/** The rows of sqlite_master, bounded; throws InvalidSessionFile. */
export function readSchema(image: DatabaseImage): SchemaRow[] {
  return readRows(image, 1, SCHEMA_LIMITS).map(({ payload }) => {
    const [type, name, tableName, rootPage, sql] = decodeRecord(payload, image.encoding)
    if (typeof type !== 'string' || typeof name !== 'string' || typeof tableName !== 'string') throw corrupt()
    if (sql !== null && typeof sql !== 'string') throw corrupt()
    return { type, name, tableName, rootPage: typeof rootPage === 'bigint' ? Number(rootPage) : 0, sql }
  })
}

/** Refuses whatever could make SQLite compute while it opens, checks or reads the file. */
export function checkInertSchema(rows: readonly SchemaRow[], known?: KnownClauses): void {
  for (const row of rows) {
    if (row.type === 'table') tableOf(row, known)
    else if (row.type === 'index') checkIndex(row)
    else throw unexpected(`${printable(row.type)} "${printable(row.name)}"`)
  }
}

/** Refuses views, triggers and virtual tables by name, before anything is parsed. */
export function checkRowKinds(rows: readonly SchemaRow[]): void {
  for (const { type, name, sql, rootPage } of rows) {
    if (type !== 'table' && type !== 'index') throw unexpected(`${printable(type)} "${printable(name)}"`)
    if (/^create\s+virtual\b/i.test(sql ?? '')) throw unexpected(`virtual table "${printable(name)}"`)
    if (rootPage < 2) throw corrupt()
  }
}

export function findTable(rows: readonly SchemaRow[], name: string): SchemaRow | undefined {
  return rows.find((row) => row.type === 'table' && row.name.toLowerCase() === name)
}

/** The parsed DDL of a table row; SQLite goes by the name in the text, so both names have to agree. */
export function tableOf(row: SchemaRow, known?: KnownClauses): TableDdl {
  const ddl = parseCreateTable(row.sql ?? '', known)
  const names = [row.name, row.tableName, ddl.name].map((name) => name.toLowerCase())
  if (new Set(names).size !== 1) throw corrupt()
  return ddl
}

/** Lower-case column names by lower-case table name. */
export function columnsByTable(rows: readonly SchemaRow[], known?: KnownClauses): Map<string, readonly string[]> {
  const tables = rows.filter((row) => row.type === 'table').map((row) => tableOf(row, known))
  return new Map(tables.map(({ name, columns }) => [name.toLowerCase(), columns.map((column) => column.toLowerCase())]))
}

/** Refuses tables that lack a column of theirs. */
export function checkColumns(
  tables: ReadonlyMap<string, readonly string[]>,
  requiredByTable: Readonly<Record<string, readonly string[]>>,
): void {
  for (const [table, required] of Object.entries(requiredByTable)) {
    const columns = tables.get(table) ?? []
    const missing = required.find((column) => !columns.includes(column))
    if (missing !== undefined) {
      throw new InvalidSessionFile('schema', `The table ${table} has no column ${missing}: unexpected schema`)
    }
  }
}

/** All rows of a small table by lower-case column name; throws InvalidSessionFile beyond twenty rows. */
export function readTable(image: DatabaseImage, row: SchemaRow): Record<string, SqliteValue>[] {
  const ddl = tableOf(row)
  const stored = storedColumns(ddl)
  return readRows(image, row.rootPage, TABLE_LIMITS).map(({ rowid, payload }) => {
    if ((rowid === null) !== ddl.isWithoutRowid) throw corrupt()
    const values = decodeRecord(payload, image.encoding)
    const entries = stored.map((column, index) => [column, values[index] ?? null] as const)
    const record: Record<string, SqliteValue> = Object.fromEntries(entries)
    if (ddl.rowidColumn !== null) record[ddl.rowidColumn.toLowerCase()] = rowid
    return record
  })
}

/** WITHOUT ROWID tables store their key columns first. */
function storedColumns(ddl: TableDdl): string[] {
  const columns = ddl.columns.map((column) => column.toLowerCase())
  if (!ddl.isWithoutRowid) return columns
  const keys = ddl.keyColumns.map((column) => column.toLowerCase())
  return [...keys, ...columns.filter((column) => !keys.includes(column))]
}

function checkIndex(row: SchemaRow): void {
  if (row.sql !== null) return checkCreateIndex(row.sql)
  if (!row.name.startsWith('sqlite_autoindex_')) {
    throw new InvalidSessionFile('schema', `unexpected index "${printable(row.name)}" without a definition`)
  }
}
