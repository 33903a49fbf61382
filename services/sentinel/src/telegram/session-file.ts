/**
 * Owner of a session file in Telethon's format (version 7). The key and the server are written through; entities and
 * update states wait in memory, bounded, until `flush()`, one transaction for all. What a crash takes of them is
 * learnt again from Telegram.
 */
import { chmodSync, closeSync, openSync, readSync } from 'node:fs'
import { InvalidSessionFile, readSchemaTexts } from '@tgsentinel/session-codec/session-codec'
import Database from '@tgsentinel/sqlite-driver'
import {
  SESSION_TABLES,
  sessionDdl,
  type EntityRow,
  type SessionServerRow,
  type UpdateStateRow,
} from './session-schema'
import { sqliteErrorCode } from './session-sqlite-error'

const MAX_PENDING_ROWS = 20_000
const BUSY_TIMEOUT_MS = 1000
const SCHEMA_PREFIX_BYTES = 64 * 1024
/** Telethon's place for the account's own user id: the `hash` of row 0. */
const SELF_ROW_ID = 0n

/** Entities or update states could not be written (disk full, file locked); they stay in memory for the next flush. */
export class SessionFlushFailed extends Error {
  override readonly name = 'SessionFlushFailed'

  constructor(
    /** SQLite's code, such as SQLITE_FULL. */
    readonly code: string,
    cause: unknown,
  ) {
    super(`The session file could not be written (${code})`, { cause })
  }
}

/** Whether the file has exactly our DDL; any other file has to be rebuilt by session-import before it is opened. */
export function isOurs(path: string): boolean {
  try {
    const ours = Object.values(SESSION_TABLES).sort()
    const texts = readSchemaTexts(readPrefix(path)).sort()
    return texts.length === ours.length && texts.every((text, index) => text === ours[index])
  } catch (error) {
    if (error instanceof InvalidSessionFile) return false
    throw error
  }
}

export class SessionFile {
  private readonly statements: ReturnType<typeof prepareStatements>
  private readonly pendingEntities = new Map<bigint, EntityRow>()
  private readonly pendingStates = new Map<bigint, UpdateStateRow>()

  private constructor(
    readonly path: string,
    private readonly db: Database.Database,
  ) {
    this.statements = prepareStatements(db)
  }

  /** Opens a file of ours; throws InvalidSessionFile for any other, and SQLite's error when it cannot be read. */
  static open(path: string): SessionFile {
    if (!isOurs(path)) throw new InvalidSessionFile('schema', 'The session file is not one of ours: import it first')
    return new SessionFile(path, openDatabase(path))
  }

  /** Makes an empty file, mode 0600; throws when the path exists. */
  static create(path: string): SessionFile {
    closeSync(openSync(path, 'wx', 0o600))
    chmodSync(path, 0o600)
    const db = openDatabase(path)
    db.exec(`BEGIN; ${sessionDdl()}; COMMIT`)
    return new SessionFile(path, db)
  }

  /** A file that never touches the disk: for what is not signed in yet. */
  static inMemory(): SessionFile {
    const db = openDatabase(':memory:')
    db.exec(sessionDdl())
    return new SessionFile(':memory:', db)
  }

  /** The server and its key; null before the first `saveRow`. */
  row(): SessionServerRow | null {
    const row = this.statements.row.get() as StoredRow | undefined
    if (row === undefined) return null
    const authKey = row.auth_key !== null && row.auth_key.length === 256 ? row.auth_key : null
    return { dcId: Number(row.dc_id), address: row.server_address ?? '', port: Number(row.port), authKey }
  }

  /** Replaces the row, durable on return. */
  saveRow({ dcId, address, port, authKey }: SessionServerRow): void {
    this.db.transaction(() => {
      this.statements.deleteRow.run()
      // Telethon stores a missing key as an empty blob.
      this.statements.insertRow.run(dcId, address, port, authKey ?? Buffer.alloc(0))
    })()
  }

  /** Keeps rows for the next flush; the oldest waiting ones are dropped beyond 20,000. Never throws. */
  putEntities(rows: readonly EntityRow[]): void {
    for (const row of rows) putBounded(this.pendingEntities, row)
  }

  /** Each number only rises: an envelope that tells the date alone takes nothing back. */
  putUpdateState(id: bigint | number, state: Omit<UpdateStateRow, 'id'>): void {
    const row = { ...state, id: BigInt(id) }
    putBounded(this.pendingStates, furthest(row, this.pendingStates.get(row.id)))
  }

  /** Id and access hash by marked id (user id, -group id, -(10^12 + channel id)). */
  inputEntity(markedId: bigint | number): { id: bigint; hash: bigint } | null {
    const row = this.entity(BigInt(markedId))
    return row === null ? null : { id: row.id, hash: row.hash }
  }

  entityByUsername(username: string): { id: bigint; hash: bigint } | null {
    const wanted = username.toLowerCase()
    for (const row of this.pendingEntities.values()) if (row.username === wanted) return { id: row.id, hash: row.hash }
    return (this.statements.entityByUsername.get(wanted) as { id: bigint; hash: bigint } | undefined) ?? null
  }

  /** The name as it was last seen, null when unknown. */
  entityName(markedId: bigint | number): string | null {
    return this.entity(BigInt(markedId))?.name ?? null
  }

  /** Chats and people that are written down. */
  get entityCount(): number {
    return Number(this.statements.entityCount.pluck().get())
  }

  updateStates(): UpdateStateRow[] {
    const states = new Map((this.statements.updateStates.all() as StoredState[]).map((row) => [row.id, stateOf(row)]))
    for (const [id, state] of this.pendingStates) states.set(id, furthest(state, states.get(id)))
    return [...states.values()]
  }

  /** The account's own user id, null when nobody has signed in with this file. */
  selfUserId(): bigint | null {
    return this.entity(SELF_ROW_ID)?.hash ?? null
  }

  /** Durable on return. */
  setSelfUserId(userId: bigint): void {
    this.statements.putEntity.run(SELF_ROW_ID, userId, null, null, null, unixSeconds())
  }

  /** Writes what waits, in one transaction; throws SessionFlushFailed and keeps everything when that fails. */
  flush(): void {
    if (this.pendingEntities.size + this.pendingStates.size === 0) return
    try {
      this.db.transaction(() => this.writePending())()
    } catch (error) {
      const code = sqliteErrorCode(error)
      throw code === null ? error : new SessionFlushFailed(code, error)
    }
    this.pendingEntities.clear()
    this.pendingStates.clear()
  }

  /** Flushes and closes, once; the file is closed even when the flush throws. */
  close(): void {
    if (!this.db.open) return
    try {
      this.flush()
    } finally {
      this.db.close()
    }
  }

  private writePending(): void {
    const now = unixSeconds()
    for (const { id, hash, username, phone, name } of this.pendingEntities.values()) {
      this.statements.putEntity.run(id, hash, username, phone, name, now)
    }
    for (const { id, pts, qts, date, seq } of this.pendingStates.values()) {
      this.statements.putState.run(id, pts, qts, date, seq)
    }
  }

  private entity(markedId: bigint): EntityRow | null {
    const pending = this.pendingEntities.get(markedId)
    return pending ?? (this.statements.entity.get(markedId) as EntityRow | undefined) ?? null
  }
}

interface StoredRow {
  dc_id: bigint
  server_address: string | null
  port: bigint | null
  auth_key: Buffer | null
}

type StoredState = Record<'id' | 'pts' | 'qts' | 'date' | 'seq', bigint>

function stateOf({ id, pts, qts, date, seq }: StoredState): UpdateStateRow {
  return { id, pts: Number(pts), qts: Number(qts), date: Number(date), seq: Number(seq) }
}

function furthest(row: UpdateStateRow, known: UpdateStateRow = row): UpdateStateRow {
  const later = (name: 'pts' | 'qts' | 'date' | 'seq') => Math.max(row[name], known[name])
  return { id: row.id, pts: later('pts'), qts: later('qts'), date: later('date'), seq: later('seq') }
}

function putBounded<Row extends { readonly id: bigint }>(pending: Map<bigint, Row>, row: Row): void {
  pending.delete(row.id)
  pending.set(row.id, row)
  if (pending.size <= MAX_PENDING_ROWS) return
  const [oldest] = pending.keys()
  if (oldest !== undefined) pending.delete(oldest)
}

function openDatabase(path: string): Database.Database {
  const db = new Database(path, { timeout: BUSY_TIMEOUT_MS })
  // Access hashes use all 64 bits; plain numbers lose digits.
  db.defaultSafeIntegers(true)
  db.pragma('trusted_schema = OFF')
  db.pragma('journal_mode = DELETE')
  db.pragma('synchronous = FULL')
  return db
}

/** A row that says nothing new is not written, so that a flush without news touches no page and costs no sync. */
function prepareStatements(db: Database.Database) {
  return {
    entityCount: db.prepare('SELECT count(*) FROM entities WHERE id <> 0'),
    row: db.prepare('SELECT dc_id, server_address, port, auth_key FROM sessions LIMIT 1'),
    deleteRow: db.prepare('DELETE FROM sessions'),
    insertRow: db.prepare('INSERT INTO sessions (dc_id, server_address, port, auth_key) VALUES (?, ?, ?, ?)'),
    entity: db.prepare('SELECT id, hash, username, phone, name FROM entities WHERE id = ?'),
    entityByUsername: db.prepare('SELECT id, hash FROM entities WHERE username = ? ORDER BY date DESC LIMIT 1'),
    putEntity: db.prepare(
      `INSERT INTO entities (id, hash, username, phone, name, date) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET
        hash = excluded.hash, username = excluded.username, phone = excluded.phone, name = excluded.name,
        date = excluded.date
      WHERE hash IS NOT excluded.hash OR username IS NOT excluded.username OR phone IS NOT excluded.phone
        OR name IS NOT excluded.name`,
    ),
    updateStates: db.prepare(
      'SELECT id, pts, coalesce(qts, 0) qts, coalesce(date, 0) date, coalesce(seq, 0) seq FROM update_state',
    ),
    putState: db.prepare(
      `INSERT INTO update_state (id, pts, qts, date, seq) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET pts = max(coalesce(pts, 0), excluded.pts), qts = max(coalesce(qts, 0), excluded.qts),
        date = max(coalesce(date, 0), excluded.date), seq = max(coalesce(seq, 0), excluded.seq)`,
    ),
  }
}

function readPrefix(path: string): Buffer {
  const fd = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(SCHEMA_PREFIX_BYTES)
    return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, 0))
  } finally {
    closeSync(fd)
  }
}

function unixSeconds(): number {
  return Math.floor(Date.now() / 1000)
}
