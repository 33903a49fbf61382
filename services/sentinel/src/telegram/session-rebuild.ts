/**
 * Turns hostile bytes into a session file of our own. It runs in a child process that can be killed (session-inspector),
 * since nothing inside a process stops a SQLite statement. What it opens has passed the schema check in JS: no view,
 * CHECK or generated column is left for SQLite to evaluate, and no trigger but those of Pyrogram, which do not fire here.
 */
import { closeSync, fsyncSync, openSync } from 'node:fs'
import {
  authKeyId,
  checkPyrogramFile,
  checkSessionFile,
  checkSessionValues,
  pickSessionRow,
  type SessionFileFacts,
  type SessionFileFormat,
  type SessionRow,
  type SessionValues,
  type SqliteValue,
} from '@tgsentinel/session-codec/session-codec'
import type Database from '@tgsentinel/sqlite-driver'
import { checkIntegrity, momentColumn, openHostile, translateDamage, typedColumn } from './session-hostile'
import { copyPyrogramEntities, readPyrogramValues } from './session-pyrogram'
import { sessionDdl } from './session-schema'

/** What the rebuilt file holds; safe to show and to log. */
export interface SessionFacts {
  /** The version that the upload declared; the rebuilt file has version 7. */
  readonly schemaVersion: number
  readonly dcId: number
  readonly address: string
  readonly port: number
  readonly authKeyIdHex: string
  /** Rows, the own one (id 0) included. */
  readonly entities: number
  readonly updateStates: number
  /** Decimal; null when the file does not say. */
  readonly selfUserId: string | null
  readonly isTestDc: boolean
}

/** Entities of older files may have access hashes of "min" users; Telethon empties them on upgrade too. */
const FIRST_VERSION_WITH_FULL_HASHES = 6

/** A hostile file that was opened and judged; `copy` puts its rows into `target` and counts them. */
interface Source {
  readonly values: SessionValues
  readonly copy: () => Pick<SessionFacts, 'entities' | 'updateStates'>
}

/**
 * Checks the bytes once more and writes a new file at `targetPath`, which must not exist (mode 0600, synced).
 * Throws InvalidSessionFile; other errors are those of the disk. The caller removes the file after a failure.
 */
export function rebuildSession(
  bytes: Buffer,
  targetPath: string,
  allow: readonly string[],
  format: SessionFileFormat = 'telethon',
): SessionFacts {
  const open = format === 'pyrogram' ? pyrogramSource(bytes, allow) : telethonSource(bytes, allow)
  const db = openHostile(bytes)
  try {
    const source = translateDamage(() => {
      checkIntegrity(db)
      return open(db)
    })
    closeSync(openSync(targetPath, 'wx', 0o600))
    const facts = write(db, source, targetPath)
    syncFile(targetPath)
    return facts
  } finally {
    db.close()
  }
}

/** The schema is checked at once, before SQLite sees the file. */
function telethonSource(bytes: Buffer, allow: readonly string[]): (db: Database.Database) => Source {
  const file = checkSessionFile(bytes)
  return (db) => {
    const values = checkSessionValues(readRow(db, file), { dataCentres: allow })
    const copy = () => ({
      entities: copyEntities(db, file, values.schemaVersion),
      updateStates: copyUpdateStates(db, file),
    })
    return { values, copy }
  }
}

function pyrogramSource(bytes: Buffer, allow: readonly string[]): (db: Database.Database) => Source {
  const file = checkPyrogramFile(bytes)
  return (db) => {
    const values = readPyrogramValues(db, file, allow)
    return { values, copy: () => ({ entities: copyPyrogramEntities(db, file, values), updateStates: 0 }) }
  }
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
function write(db: Database.Database, { values, copy }: Source, targetPath: string): SessionFacts {
  const { schemaVersion, dcId, address, port, authKey, isTestDc } = values
  db.prepare('ATTACH ? AS target').run(targetPath)
  // No journal: a file that is not finished is thrown away, and it is synced once, at the end.
  db.pragma('target.journal_mode = OFF')
  db.pragma('target.synchronous = OFF')
  db.exec(`BEGIN; ${sessionDdl('target')}`)
  const insert = 'INSERT INTO target.sessions (dc_id, server_address, port, auth_key) VALUES (?, ?, ?, ?)'
  db.prepare(insert).run(dcId, address, port, authKey)
  const counts = copy()
  db.exec('COMMIT')
  const selfUserId = db.prepare('SELECT hash FROM target.entities WHERE id = 0').pluck().get() as bigint | undefined
  db.exec('DETACH target')
  const facts = { schemaVersion, dcId, address, port, isTestDc, authKeyIdHex: authKeyId(authKey).hex }
  return { ...facts, ...counts, selfUserId: selfUserId?.toString() ?? null }
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

function copyUpdateStates(db: Database.Database, file: SessionFileFacts): number {
  const columns = file.tables.get('update_state') ?? []
  if (!columns.includes('id') || !columns.includes('pts')) return 0
  const [qts, seq] = ['qts', 'seq'].map((name) => `coalesce(${typedColumn(columns, name, 'integer')}, 0)`)
  const date = `coalesce(${momentColumn(columns, 'date')}, 0)`
  return db
    .prepare(
      `INSERT OR REPLACE INTO target.update_state (id, pts, qts, date, seq)
      SELECT id, pts, ${qts}, ${date}, ${seq} FROM main.update_state
      WHERE typeof(id) = 'integer' AND typeof(pts) = 'integer'`,
    )
    .run().changes
}

function syncFile(path: string): void {
  const fd = openSync(path, 'r+')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
