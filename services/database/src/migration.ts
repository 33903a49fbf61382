import { createHash } from 'node:crypto'
import Database from '@tgsentinel/sqlite-driver'

type SqliteDatabase = Database.Database

/** One step of a schema. Append only: a released step never changes, and the hash of its text is stored to prove it. */
export interface Migration {
  name: string
  sql: string
}

/** Mends what a step left that was edited after it had run somewhere: it goes by the schema that is found. */
export interface Repair {
  /** The step, counted from 1, from whose time on the flaw can be there. */
  sinceStep: number
  isNeeded: (schema: Schema) => boolean
  sql: string
}

/** Tables with their columns, and the statements of everything else that has a name. */
export interface Schema {
  /** By table, then by column: its type and constraints. */
  tables: Map<string, Map<string, string>>
  /** Indexes, triggers and views by name; blanks and comments do not count. */
  statements: Map<string, string>
}

interface AppliedStep {
  id: number
  name: string
  hash: string | null
}

/** What is to be done to bring a database up to date. */
export interface UpgradePlan {
  /** Steps that have run. */
  from: number
  repairs: readonly Repair[]
  steps: readonly Migration[]
  isRecorded: boolean
}

/**
 * @param path names the database in messages
 * @throws Error with a sentence for people: a newer version, or another build, wrote the database
 */
export function planUpgrade(
  database: SqliteDatabase,
  path: string,
  migrations: readonly Migration[],
  repairs: readonly Repair[],
): UpgradePlan {
  const applied = appliedSteps(database)
  const from = applied.at(-1)?.id ?? 0
  if (from > migrations.length)
    throw new Error(
      `The database ${path} was written by a newer version of TG Sentinel (step ${from}; this one knows ${migrations.length}). ` +
        'Update this one, or restore a backup that this version made.',
    )
  for (const { id, name, hash } of applied)
    if (hash !== null && hash !== hashOf(migrations[id - 1]))
      throw new Error(
        `The database ${path} went through another step ${id} ("${name}") than this version has. ` +
          'Start the version that wrote it, or restore a backup.',
      )
  const isRecorded = applied.every(({ hash }) => hash !== null)
  const found = from > 0 && !isRecorded ? schemaOf(database) : undefined
  const needed = found ? repairs.filter((repair) => from >= repair.sinceStep && repair.isNeeded(found)) : []
  return { from, repairs: needed, steps: migrations.slice(from), isRecorded }
}

/**
 * All of a plan or nothing, in one transaction.
 * @throws Error when a statement fails, or when the schema is not what the steps make of an empty database
 */
export function upgrade(database: SqliteDatabase, migrations: readonly Migration[], plan: UpgradePlan): void {
  const work = database.transaction(() => {
    for (const { sql } of plan.repairs) database.exec(sql)
    for (const { sql } of plan.steps) database.exec(sql)
    record(database, migrations, plan.from)
    const missing = missingIn(schemaOf(database), schemaAfter(migrations))
    if (missing.length > 0) throw new Error(`its schema lacks: ${missing.join('; ')}`)
  })
  work.immediate()
}

/** What `wanted` has that `found` has not, or has otherwise; the order of columns does not count. */
export function missingIn(found: Schema, wanted: Schema): string[] {
  const tables = [...wanted.tables].flatMap(([table, columns]) => {
    const present = found.tables.get(table)
    if (!present) return [`table ${table}`]
    return [...columns].filter(([name, form]) => present.get(name) !== form).map(([name]) => `${table}.${name}`)
  })
  const statements = [...wanted.statements].filter(([name, sql]) => found.statements.get(name) !== sql)
  return [...tables, ...statements.map(([name]) => name)]
}

/** What the steps make of an empty database. */
export function schemaAfter(migrations: readonly Migration[]): Schema {
  const database = new Database(':memory:')
  try {
    for (const { sql } of migrations) database.exec(sql)
    return schemaOf(database)
  } finally {
    database.close()
  }
}

export function schemaOf(database: SqliteDatabase): Schema {
  const rows = database
    .prepare<[], { type: string; name: string; sql: string }>(
      `SELECT m.type, m.name, m.sql FROM sqlite_master AS m LEFT JOIN pragma_table_list AS t ON t.name = m.name AND t.schema = 'main'
       WHERE m.sql IS NOT NULL AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'schema_migrations' AND t.type IS NOT 'shadow'`,
    )
    .all()
  const tables = rows
    .filter(({ type }) => type === 'table')
    .map(({ name }) => [name, columnsOf(database, name)] as const)
  const statements = rows.filter(({ type }) => type !== 'table').map(({ name, sql }) => [name, plain(sql)] as const)
  return { tables: new Map(tables), statements: new Map(statements) }
}

/** SHA-256 of a step's text, in hexadecimal digits. */
export function hashOf(migration: Migration | undefined): string {
  return createHash('sha256')
    .update(migration?.sql ?? '')
    .digest('hex')
}

function columnsOf(database: SqliteDatabase, table: string): Map<string, string> {
  const rows = database
    .prepare<[string], { name: string; form: string }>(
      `SELECT name, type || iif("notnull", ' NOT NULL', '') || iif(pk, ' KEY', '') || iif(hidden, ' GENERATED', '')
         || coalesce(' DEFAULT ' || dflt_value, '') AS form
       FROM pragma_table_xinfo(?)`,
    )
    .all(table)
  return new Map(rows.map(({ name, form }) => [name, form]))
}

function plain(sql: string): string {
  return sql
    .replace(/--.*$/gm, '')
    .replace(/\s+/g, ' ')
    .replace(/\s*([(),])\s*/g, '$1')
    .trim()
}

function appliedSteps(database: SqliteDatabase): AppliedStep[] {
  if (!columnsOf(database, 'schema_migrations').has('id')) return []
  const hash = columnsOf(database, 'schema_migrations').has('hash') ? 'hash' : 'NULL'
  return database.prepare<[], AppliedStep>(`SELECT id, name, ${hash} AS hash FROM schema_migrations ORDER BY id`).all()
}

function record(database: SqliteDatabase, migrations: readonly Migration[], from: number): void {
  database.exec(
    'CREATE TABLE IF NOT EXISTS schema_migrations (id INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL)',
  )
  if (!columnsOf(database, 'schema_migrations').has('hash'))
    database.exec('ALTER TABLE schema_migrations ADD COLUMN hash TEXT')
  const insert = database.prepare('INSERT INTO schema_migrations (id, name, applied_at, hash) VALUES (?, ?, ?, ?)')
  const update = database.prepare('UPDATE schema_migrations SET name = ?, hash = ? WHERE id = ? AND hash IS NULL')
  migrations.forEach((migration, index) => {
    if (index < from) update.run(migration.name, hashOf(migration), index + 1)
    else insert.run(index + 1, migration.name, new Date().toISOString(), hashOf(migration))
  })
}
