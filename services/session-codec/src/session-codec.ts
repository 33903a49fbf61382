/**
 * Judges a Telethon session file without native code: bytes, schema and the one row of values (TELEGRAM 1.3, steps 1,
 * 2 and 4). A file that passes can be opened by SQLite without computing anything, but other pages may be corrupt:
 * only quick_check finds that, and only a rebuilt file is ever used.
 */
import { readDatabaseHeader, readDatabasePrefix, type DatabaseImage, type TextEncoding } from './database-header'
import { foreignToolHint } from './foreign-schema'
import { InvalidSessionFile } from './invalid-session-file'
import {
  checkColumns,
  checkInertSchema,
  checkRowKinds,
  columnsByTable,
  findTable,
  readSchema,
  readTable,
  type SchemaRow,
} from './schema'
import type { SqliteValue } from './record'
import { pickSessionRow, type SessionRow } from './session-values'

export { authKeyId } from './auth-key'
export { dataCentreAddress, isAllowedDataCentre, isTelegramAddress, isTestDataCentre } from './data-centre'
export { MAX_SESSION_BYTES } from './size-limit'
export type { ForeignValues } from './foreign-session'
export { InvalidSessionFile, type InvalidSessionReason } from './invalid-session-file'
export {
  checkPyrogramFile,
  checkPyrogramValues,
  readPyrogramRow,
  type PyrogramFileFacts,
  type PyrogramRow,
} from './pyrogram-file'
export { decodeSessionBase64, MAX_SESSION_BASE64_CHARACTERS } from './session-base64'
export { parseSessionString, type SessionString } from './session-string'
export { detectSessionText, type SessionStringFormat, type SessionTextKind } from './session-text'
export { checkSessionValues, pickSessionRow } from './session-values'
export type { AllowedServers, SessionRow, SessionValues } from './session-values'
export type { SqliteValue } from './record'

/** Which tool wrote a file; it decides how the file is read. */
export type SessionFileFormat = 'telethon' | 'pyrogram'

export interface SessionFileFacts {
  readonly sizeBytes: number
  readonly pageSize: number
  readonly encoding: TextEncoding
  /** The header says WAL: a missing key may be in a -wal file that was not uploaded. */
  readonly isWal: boolean
  /** null when the version table does not say. */
  readonly schemaVersion: number | null
  /** Lower-case column names by lower-case table name. */
  readonly tables: ReadonlyMap<string, readonly string[]>
}

const REQUIRED_COLUMNS = {
  version: ['version'],
  sessions: ['dc_id', 'server_address', 'port', 'auth_key'],
  entities: ['id', 'hash'],
}
const WAL_HINT = '; the file is in WAL mode: stop the client or run PRAGMA wal_checkpoint(TRUNCATE), then upload again'

/** Checks bytes and schema (steps 1 and 2); throws InvalidSessionFile. Takes well under a millisecond on any input. */
export function checkSessionFile(bytes: Buffer): SessionFileFacts {
  const image = readDatabaseHeader(bytes)
  const rows = readSchema(image)
  const version = declaredVersion(image, rows)
  checkRequiredTables(image, rows, version)
  checkRowKinds(rows)
  checkInertSchema(rows)
  const tables = columnsByTable(rows)
  checkColumns(tables, REQUIRED_COLUMNS)
  return {
    sizeBytes: bytes.length,
    pageSize: image.pageSize,
    encoding: image.encoding,
    isWal: image.isWal,
    schemaVersion: typeof version === 'bigint' ? Number(version) : null,
    tables,
  }
}

/** The sessions row of a file that passed `checkSessionFile`, null when there is none; throws InvalidSessionFile. */
export function readSessionRow(bytes: Buffer): SessionRow | null {
  const image = readDatabaseHeader(bytes)
  const rows = readSchema(image)
  const sessions = findTable(rows, 'sessions')
  if (sessions === undefined) throw missingTables(['sessions'], image)
  const schemaVersion = declaredVersion(image, rows)
  const candidates = readTable(image, sessions).map((row) => ({
    schemaVersion,
    isWal: image.isWal,
    dcId: row.dc_id ?? null,
    serverAddress: row.server_address ?? null,
    port: row.port ?? null,
    authKey: row.auth_key ?? null,
  }))
  return pickSessionRow(candidates)
}

/** The DDL texts in the first pages of a file of any size (64 KiB are plenty); throws InvalidSessionFile. */
export function readSchemaTexts(prefix: Buffer): string[] {
  return readSchema(readDatabasePrefix(prefix)).flatMap(({ sql }) => (sql === null ? [] : [sql]))
}

/** The first value of the version table; null when there is no readable one, and all tables are demanded then. */
function declaredVersion(image: DatabaseImage, rows: readonly SchemaRow[]): SqliteValue {
  const table = findTable(rows, 'version')
  if (table === undefined) return null
  try {
    return readTable(image, table)[0]?.version ?? null
  } catch (error) {
    if (error instanceof InvalidSessionFile) return null
    throw error
  }
}

function checkRequiredTables(image: DatabaseImage, rows: readonly SchemaRow[], version: SqliteValue): void {
  const missing = requiredTables(version).filter((name) => !hasObject(rows, name))
  if (missing.length === 0) return
  if (isPyrogram(rows)) throw pyrogram(missing)
  const hint = foreignToolHint((name) => findTable(rows, name) !== undefined)
  throw hint === null ? missingTables(missing, image) : otherTool(missing, hint)
}

function otherTool(missing: readonly string[], hint: string): InvalidSessionFile {
  return new InvalidSessionFile('other-tool', `Missing required Telethon tables: ${missing.join(', ')} (${hint})`)
}

function requiredTables(version: SqliteValue): string[] {
  const known = typeof version === 'bigint' && version >= 1n ? version : 4n
  const tables = ['version', 'sessions', 'entities']
  if (known >= 2n) tables.push('sent_files')
  if (known >= 4n) tables.push('update_state')
  return tables
}

/** A view of that name is not missing but refused, by its own name, in the next step. */
function hasObject(rows: readonly SchemaRow[], name: string): boolean {
  return rows.some((row) => row.type !== 'index' && row.type !== 'trigger' && row.name.toLowerCase() === name)
}

function isPyrogram(rows: readonly SchemaRow[]): boolean {
  return findTable(rows, 'sessions') !== undefined && findTable(rows, 'peers') !== undefined
}

function pyrogram(missing: readonly string[]): InvalidSessionFile {
  const list = missing.join(', ')
  return new InvalidSessionFile(
    'pyrogram',
    `Missing required Telethon tables: ${list} (this is a Pyrogram session; export one with Telethon instead, ` +
      'or import it with the format "pyrogram" to have it converted)',
  )
}

function missingTables(missing: readonly string[], image: DatabaseImage): InvalidSessionFile {
  const message = `Missing required Telethon tables: ${missing.join(', ')}${image.isWal ? WAL_HINT : ''}`
  return new InvalidSessionFile('missing-tables', message)
}
