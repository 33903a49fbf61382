import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import { isoMoment } from '@tgsentinel/kernel/time'
import type { Caller, UiSession } from '../model'

interface Row {
  id: number
  created_at: number
  last_seen_at: number
  user_agent: string
  address: string
}

const COLUMNS = 'id, created_at, last_seen_at, user_agent, address'

/** Browsers that are signed in. Of a cookie only the hash of its token is kept. */
export class UiSessions {
  private readonly insert
  private readonly select
  private readonly selectId
  private readonly list
  private readonly update
  private readonly remove
  private readonly removeAll
  private readonly removeOthers
  private readonly removeIdle
  private readonly removeBeyond

  constructor(database: SqliteDatabase) {
    this.insert = database.prepare<[Buffer, number, number, string, string]>(
      'INSERT INTO ui_sessions (token_hash, created_at, last_seen_at, user_agent, address) VALUES (?, ?, ?, ?, ?)',
    )
    this.select = database.prepare<[Buffer], Row>(`SELECT ${COLUMNS} FROM ui_sessions WHERE token_hash = ?`)
    this.selectId = database.prepare<[number], Row>(`SELECT ${COLUMNS} FROM ui_sessions WHERE id = ?`)
    this.list = database.prepare<[], Row>(`SELECT ${COLUMNS} FROM ui_sessions ORDER BY id DESC`)
    this.update = database.prepare<[number, string, number]>(
      'UPDATE ui_sessions SET last_seen_at = ?, address = ? WHERE id = ?',
    )
    this.remove = database.prepare<[number]>('DELETE FROM ui_sessions WHERE id = ?')
    this.removeAll = database.prepare<[]>('DELETE FROM ui_sessions')
    this.removeOthers = database.prepare<[number], { id: number }>('DELETE FROM ui_sessions WHERE id <> ? RETURNING id')
    this.removeIdle = database.prepare<[number]>('DELETE FROM ui_sessions WHERE last_seen_at < ?')
    this.removeBeyond = database.prepare<[number]>(
      'DELETE FROM ui_sessions WHERE id NOT IN (SELECT id FROM ui_sessions ORDER BY last_seen_at DESC, id DESC LIMIT ?)',
    )
  }

  add(tokenHash: Buffer, now: number, caller: Caller): void {
    this.insert.run(tokenHash, now, now, caller.userAgent, caller.address)
  }

  find(tokenHash: Buffer): Row | undefined {
    return this.select.get(tokenHash)
  }

  get(id: number): Row | undefined {
    return this.selectId.get(id)
  }

  all(currentId: number | undefined): UiSession[] {
    return this.list.all().map((row) => toUiSession(row, currentId))
  }

  touch(id: number, now: number, address: string): void {
    this.update.run(now, address, id)
  }

  /** Whether there was such a session. */
  delete(id: number): boolean {
    return this.remove.run(id).changes > 0
  }

  deleteAll(): void {
    this.removeAll.run()
  }

  /** Ids of those that were there beside it. */
  deleteOthers(id: number): number[] {
    return this.removeOthers.all(id).map((row) => row.id)
  }

  /** Keeps the `limit` that were seen last, none of them before `oldest`. */
  prune(oldest: number, limit: number): void {
    this.removeIdle.run(oldest)
    this.removeBeyond.run(limit)
  }
}

function toUiSession(row: Row, currentId: number | undefined): UiSession {
  return {
    id: row.id,
    created_at: isoMoment(row.created_at),
    last_seen_at: isoMoment(row.last_seen_at),
    user_agent: row.user_agent,
    address: row.address,
    current: row.id === currentId,
  }
}
