/**
 * Turns hostile bytes into a session file of our own. It runs in a child process that can be killed (session-inspector),
 * since nothing inside a process stops a SQLite statement. What it opens has passed the schema check in JS: no view,
 * trigger, CHECK or generated column is left for SQLite to evaluate.
 */
import { closeSync, fsyncSync, openSync } from 'node:fs'
import {
  authKeyId,
  checkSessionFile,
  checkSessionValues,
  InvalidSessionFile,
  pickSessionRow,
  type SessionFileFacts,
  type SessionRow,
  type SessionValues,
  type SqliteValue,
} from '@tgsentinel/session-codec/session-codec'
import Database from '@tgsentinel/sqlite-driver'
import { sessionDdl } from './session-schema'
import { sqliteErrorCode } from './session-sqlite-error'

/** What the rebuilt file holds; safe to show and to log. */
export interface SessionFacts {
  /** The version that the upload declared; the rebuilt file has version 7. */
  readonly schemaVersion: number
  readonly dcId: number
  readonly address: string
  readonly port: number
  readonly authKeyIdHex: string
  readonly entities: number
  readonly updateStates: number
  /** Decimal; null when the file does not say. */
  readonly selfUserId: string | null
  readonly isTestDc: boolean
}

/** Entities of older files may have access hashes of "min" users; Telethon empties them on upgrade too. */
const FIRST_VERSION_WITH_FULL_HASHES = 6
const MAX_TEXT_CHARACTERS = 256

/**
 * Checks the bytes once more and writes a new file at `targetPath`, which must not exist (mode 0600, synced).
 * Throws InvalidSessionFile; other errors are those of the disk. The caller removes the file after a failure.
 */
export function rebuildSession(bytes: Buffer, targetPath: string, allow: readonly string[]): SessionFacts {
  const file = checkSessionFile(bytes)
  const db = openHostile(bytes)
  try {
    const values = translateDamage(() => inspect(db, file, allow))
    closeSync(openSync(targetPath, 'wx', 0o600))
    const facts = write(db, file, values, targetPath)
    syncFile(targetPath)
    return facts
  } finally {
    db.close()
  }
}

/** A copy in memory: sqlite3_deserialize() refuses a WAL file until bytes 18 and 19 say otherwise. */
function openHostile(bytes: Buffer): Database.Database {
  const copy = Buffer.from(bytes)
  copy[18] = 1
  copy[19] = 1
  const db = translateDamage(() => new Database(copy))
  db.defaultSafeIntegers(true)
  db.pragma('trusted_schema = OFF')
  db.pragma('cell_size_check = ON')
  db.pragma('mmap_size = 0')
  db.pragma('foreign_keys = OFF')
  return db
}

function inspect(db: Database.Database, file: SessionFileFacts, allow: readonly string[]): SessionValues {
  const findings = db.pragma('quick_check(1)', { simple: true })
  if (findings !== 'ok') throw damaged()
  return checkSessionValues(readRow(db, file), { dataCentres: allow })
}

function readRow(db: Database.Database, file: SessionFileFacts): SessionRow | null {
  const version = db.prepare('SELECT version FROM version LIMIT 1').pluck().get() as SqliteValue | undefined
  const rows = db
    .prepare(
      `SELECT dc_id AS dcId, CASE WHEN length(server_address) <= 64 THEN server_address ELSE '?' END AS serverAddress,
        port, CASE WHEN typeof(auth_key) = 'blob' AND length(auth_key) <= 1024 THEN auth_key END AS authKey
      FROM sessions LIMIT 20`,
    )
    .all() as Pick<SessionRow, 'dcId' | 'serverAddress' | 'port' | 'authKey'>[]
  const row = pickSessionRow(rows)
  return row === null
    ? null
    : { ...row, serverAddress: row.serverAddress, schemaVersion: version ?? null, isWal: file.isWal }
}

/** SQLite itself carries the rows over, 89,000 in 60 ms; its encoding (UTF-16 in some files) is inherited. */
function write(db: Database.Database, file: SessionFileFacts, values: SessionValues, targetPath: string): SessionFacts {
  db.prepare('ATTACH ? AS target').run(targetPath)
  // No journal: a file that is not finished is thrown away, and it is synced once, at the end.
  db.pragma('target.journal_mode = OFF')
  db.pragma('target.synchronous = OFF')
  db.exec(`BEGIN; ${sessionDdl('target')}`)
  const insert = 'INSERT INTO target.sessions (dc_id, server_address, port, auth_key) VALUES (?, ?, ?, ?)'
  db.prepare(insert).run(values.dcId, values.address, values.port, values.authKey)
  const entities = copyEntities(db, file, values.schemaVersion)
  const updateStates = copyUpdateStates(db, file)
  db.exec('COMMIT')
  const selfUserId = db.prepare('SELECT hash FROM target.entities WHERE id = 0').pluck().get() as bigint | undefined
  db.exec('DETACH target')
  const { authKey, ...rest } = values
  const authKeyIdHex = authKeyId(authKey).hex
  return { ...rest, authKeyIdHex, entities, updateStates, selfUserId: selfUserId?.toString() ?? null }
}

function copyEntities(db: Database.Database, file: SessionFileFacts, schemaVersion: number): number {
  if (schemaVersion < FIRST_VERSION_WITH_FULL_HASHES) return 0
  const columns = file.tables.get('entities') ?? []
  const carried = [
    typedColumn(columns, 'username', 'text'),
    typedColumn(columns, 'phone', 'integer'),
    typedColumn(columns, 'name', 'text'),
    typedColumn(columns, 'date', 'integer'),
  ]
  return db
    .prepare(
      `INSERT OR REPLACE INTO target.entities (id, hash, username, phone, name, date)
      SELECT id, hash, ${carried.join(', ')} FROM main.entities
      WHERE typeof(id) = 'integer' AND typeof(hash) = 'integer'`,
    )
    .run().changes
}

/** Telethon writes `date` as REAL now and then. */
function copyUpdateStates(db: Database.Database, file: SessionFileFacts): number {
  const columns = file.tables.get('update_state') ?? []
  if (!columns.includes('id') || !columns.includes('pts')) return 0
  const [qts, seq] = ['qts', 'seq'].map((name) => `coalesce(${typedColumn(columns, name, 'integer')}, 0)`)
  const date = columns.includes('date')
    ? "CASE WHEN typeof(date) IN ('integer', 'real') AND date BETWEEN 0 AND 253402300799 THEN CAST(date AS INTEGER) ELSE 0 END"
    : '0'
  return db
    .prepare(
      `INSERT OR REPLACE INTO target.update_state (id, pts, qts, date, seq)
      SELECT id, pts, ${qts}, ${date}, ${seq} FROM main.update_state
      WHERE typeof(id) = 'integer' AND typeof(pts) = 'integer'`,
    )
    .run().changes
}

function typedColumn(columns: readonly string[], name: string, type: 'text' | 'integer'): string {
  if (!columns.includes(name)) return 'NULL'
  const bound = type === 'text' ? ` AND length(${name}) <= ${MAX_TEXT_CHARACTERS}` : ''
  return `CASE WHEN typeof(${name}) = '${type}'${bound} THEN ${name} END`
}

function syncFile(path: string): void {
  const fd = openSync(path, 'r+')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** SQLite's own words about a hostile file go nowhere. */
function translateDamage<Result>(action: () => Result): Result {
  try {
    return action()
  } catch (error) {
    if (sqliteErrorCode(error) !== null) throw damaged()
    throw error
  }
}

function damaged(): InvalidSessionFile {
  return new InvalidSessionFile('integrity', 'The file is corrupt: its integrity check fails')
}
