/**
 * Judges a session file of Pyrogram, Pyrofork or Kurigram (schema versions 1 to 7) without native code, as
 * session-codec does for Telethon's. Their schema has a trigger, a DEFAULT expression and a foreign key; these are
 * taken word by word as the tools write them, and anything else of the kind is refused.
 */
import { readDatabaseHeader } from './database-header'
import type { KnownClauses } from './ddl'
import { checkForeignSession, type ForeignValues } from './foreign-session'
import { foreignToolHint } from './foreign-schema'
import { InvalidSessionFile } from './invalid-session-file'
import type { SqliteValue } from './record'
import {
  checkColumns,
  checkInertSchema,
  checkRowKinds,
  columnsByTable,
  findTable,
  readSchema,
  readTable,
  tableOf,
  type SchemaRow,
} from './schema'
import { pickSessionRow, type AllowedServers } from './session-values'
import { unexpected } from './unexpected'

export interface PyrogramFileFacts {
  readonly isWal: boolean
  /** Lower-case column names by lower-case table name. */
  readonly tables: ReadonlyMap<string, readonly string[]>
}

/** The sessions row as stored, nothing checked yet; `schemaVersion` is `version.number`. */
export interface PyrogramRow {
  readonly schemaVersion: SqliteValue
  readonly isWal: boolean
  readonly dcId: SqliteValue
  readonly testMode: SqliteValue
  readonly authKey: SqliteValue
  readonly userId: SqliteValue
  readonly isBot: SqliteValue
}

const REQUIRED_COLUMNS = {
  version: ['number'],
  sessions: ['dc_id', 'test_mode', 'auth_key', 'user_id', 'is_bot'],
  peers: ['id', 'access_hash'],
}
/** pyrogram/storage/sqlite_storage.py and file_storage.py of Pyrogram 2.0, Pyrofork 2.3 and Kurigram 2.2. */
const KNOWN_CLAUSES: KnownClauses = {
  defaults: ["(CAST(STRFTIME('%s', 'now') AS INTEGER))"],
  tableConstraints: ['FOREIGN KEY (id) REFERENCES peers(id)'],
}
/** Pyrofork has the second one, too. They fire on UPDATE only, and nothing here updates. */
const KNOWN_TRIGGERS = ['peers', 'usernames'].map(
  (table) =>
    `CREATE TRIGGER trg_${table}_last_update_on AFTER UPDATE ON ${table} BEGIN UPDATE ${table} ` +
    "SET last_update_on = CAST(STRFTIME('%s', 'now') AS INTEGER) WHERE id = NEW.id; END",
)

/** Checks bytes and schema; throws InvalidSessionFile. */
export function checkPyrogramFile(bytes: Buffer): PyrogramFileFacts {
  const image = readDatabaseHeader(bytes)
  const rows = readSchema(image)
  checkRequiredTables(rows)
  const passive = rows.filter((row) => !isKnownTrigger(row))
  checkRowKinds(passive)
  checkInertSchema(passive, KNOWN_CLAUSES)
  checkRowids(passive)
  const tables = columnsByTable(passive, KNOWN_CLAUSES)
  checkColumns(tables, REQUIRED_COLUMNS)
  return { isWal: image.isWal, tables }
}

/** The sessions row of a file that passed `checkPyrogramFile`, null when there is none; throws InvalidSessionFile. */
export function readPyrogramRow(bytes: Buffer): PyrogramRow | null {
  const image = readDatabaseHeader(bytes)
  const rows = readSchema(image)
  const [sessions, version] = [findTable(rows, 'sessions'), findTable(rows, 'version')]
  if (sessions === undefined || version === undefined) throw missingTables(['sessions', 'version'])
  const schemaVersion = readTable(image, version)[0]?.number ?? null
  const candidates = readTable(image, sessions).map((row) => ({
    schemaVersion,
    isWal: image.isWal,
    dcId: row.dc_id ?? null,
    testMode: row.test_mode ?? null,
    authKey: row.auth_key ?? null,
    userId: row.user_id ?? null,
    isBot: row.is_bot ?? null,
  }))
  return pickSessionRow(candidates)
}

/** Judges the row; the address is Telegram's own, by data centre and test mode. Throws InvalidSessionFile. */
export function checkPyrogramValues(row: PyrogramRow | null, allow: AllowedServers): ForeignValues {
  if (row === null) throw new InvalidSessionFile('auth-key', 'No authorization key found in session: it has no row')
  const { schemaVersion, isWal, dcId, authKey } = row
  const isTestMode = flagOf(row.testMode, 'test_mode')
  const isBot = flagOf(row.isBot, 'is_bot')
  const session = { schemaVersion, isWal, dcId, authKey, isTestMode, isBot, userId: userIdOf(row.userId) }
  return checkForeignSession({ ...session, address: null, port: 443n }, allow)
}

function checkRequiredTables(rows: readonly SchemaRow[]): void {
  const missing = ['sessions', 'peers', 'version'].filter((name) => findTable(rows, name) === undefined)
  if (missing.length === 0) return
  const hint = foreignToolHint((name) => findTable(rows, name) !== undefined)
  if (hint !== null) throw new InvalidSessionFile('other-tool', `This is not a Pyrogram session (${hint})`)
  if (findTable(rows, 'entities') === undefined) throw missingTables(missing)
  throw new InvalidSessionFile(
    'missing-tables',
    'This is a Telethon session, not a Pyrogram one: import it without naming the format',
  )
}

function missingTables(missing: readonly string[]): InvalidSessionFile {
  return new InvalidSessionFile('missing-tables', `Missing required Pyrogram tables: ${missing.join(', ')}`)
}

/** White space alone may differ: the texts have none in their literals, so the meaning stays. */
function isKnownTrigger({ type, sql }: SchemaRow): boolean {
  const text = (sql ?? '').replace(/[ \t\r\n]+/g, ' ').trim()
  return type === 'trigger' && KNOWN_TRIGGERS.includes(text)
}

/** The rowid is read to know which of several usernames was stored first. */
function checkRowids(rows: readonly SchemaRow[]): void {
  const tables = rows.filter(({ type }) => type === 'table').map((row) => tableOf(row, KNOWN_CLAUSES))
  if (tables.some(({ isWithoutRowid }) => isWithoutRowid)) throw unexpected('table option')
}

function flagOf(value: SqliteValue, column: string): boolean {
  if (value === null || value === 0n) return false
  if (value === 1n) return true
  throw new InvalidSessionFile('corrupt', `The session is damaged: ${column} is neither 0 nor 1. Export it again`)
}

function userIdOf(value: SqliteValue): bigint | null {
  if (value === null || typeof value === 'bigint') return value
  throw new InvalidSessionFile('corrupt', 'The session is damaged: its user id is not a number. Export it again')
}
