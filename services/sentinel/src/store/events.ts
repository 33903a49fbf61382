import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'

export type EventType =
  | 'alert'
  | 'alert_changed'
  | 'message_changed'
  | 'status'
  | 'profiles'
  | 'backtest'
  | 'sign_in'
  | 'chats'
  | 'retention'
  | 'maintenance'
  | 'backup'
  | 'coverage'
  | 'delivery'
  | 'digest'

export interface StoredEvent {
  id: number
  type: EventType
  /** JSON text. */
  data: string
}

/** How many of the latest events a consumer may resume over. */
export const KEPT_EVENTS = 20_000

/** What consumers of the stream are told, in order; the oldest go when there are more than KEPT_EVENTS. */
export class EventTable {
  private readonly insert
  private readonly selectBeyond
  private readonly selectBounds
  private readonly prune
  private readonly newestByType = new Map<EventType, number>()

  constructor(database: SqliteDatabase) {
    this.insert = database.prepare('INSERT INTO events (type, data) VALUES (?, ?)')
    this.selectBeyond = database.prepare<[number, number], StoredEvent>(
      'SELECT id, type, data FROM events WHERE id > ? ORDER BY id LIMIT ?',
    )
    this.selectBounds = database.prepare<[], { oldest: number | null; newest: number | null }>(
      'SELECT (SELECT min(id) FROM events) AS oldest, (SELECT max(id) FROM events) AS newest',
    )
    this.prune = database.prepare('DELETE FROM events WHERE id <= ?')
  }

  add(type: EventType, data: unknown): number {
    const id = Number(this.insert.run(type, JSON.stringify(data)).lastInsertRowid)
    if (id % 1000 === 0) this.prune.run(id - KEPT_EVENTS)
    this.newestByType.set(type, id)
    return id
  }

  /** Id of the newest event of a type since the start; 0 where there was none. */
  newestOf(type: EventType): number {
    return this.newestByType.get(type) ?? 0
  }

  beyond(id: number, limit: number): StoredEvent[] {
    return this.selectBeyond.all(id, limit)
  }

  /** Ids of the oldest and the newest event that is kept; 0 and 0 where there is none. */
  bounds(): { oldest: number; newest: number } {
    const { oldest, newest } = this.selectBounds.get() ?? {}
    return { oldest: oldest ?? 0, newest: newest ?? 0 }
  }
}
