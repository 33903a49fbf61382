import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import type { GapReason } from '../intake'
import type { MarkedId } from '../model'

export type GapState = 'open' | 'filling' | 'filled' | 'closed'

export interface Gap {
  id: number
  chatId: MarkedId | null
  afterId: number | null
  beforeId: number | null
  reason: GapReason
  state: GapState
  detail: string
  foundAtMs: number
  changedAtMs: number
}

export type NewGapRow = Omit<Gap, 'id' | 'changedAtMs'>

const COLUMNS = `id, chat_id AS chatId, after_id AS afterId, before_id AS beforeId, reason, state, detail,
  found_at AS foundAtMs, changed_at AS changedAtMs`

/** What is missing, or was. */
export class GapTable {
  private readonly insert
  private readonly update
  private readonly select
  private readonly selectOf
  private readonly selectStates
  private readonly countStates

  constructor(database: SqliteDatabase) {
    this.insert = database.prepare(`
      INSERT INTO gaps (account_id, chat_id, after_id, before_id, reason, state, detail, found_at, changed_at)
      VALUES (@accountId, @chatId, @afterId, @beforeId, @reason, @state, @detail, @foundAtMs, @foundAtMs)`)
    this.update = database.prepare(
      'UPDATE gaps SET state = @state, detail = coalesce(@detail, detail), changed_at = @atMs WHERE id = @id',
    )
    this.select = database.prepare<[number], Gap>(`SELECT ${COLUMNS} FROM gaps WHERE id = ?`)
    this.selectOf = database.prepare<[{ accountId: number; chatId: number | null; limit: number }], Gap>(`
      SELECT ${COLUMNS} FROM gaps WHERE account_id = @accountId AND chat_id IS @chatId ORDER BY id DESC LIMIT @limit`)
    this.selectStates = database.prepare<[number, string], Gap>(
      `SELECT ${COLUMNS} FROM gaps WHERE account_id = ? AND state = ? ORDER BY id`,
    )
    this.countStates = database.prepare<[number], { state: GapState; gaps: number }>(
      'SELECT state, count(*) AS gaps FROM gaps WHERE account_id = ? GROUP BY state',
    )
  }

  add(accountId: MarkedId, gap: NewGapRow): number {
    return Number(this.insert.run({ accountId, ...gap }).lastInsertRowid)
  }

  change(id: number, state: GapState, detail: string | null = null): void {
    this.update.run({ id, state, detail, atMs: Date.now() })
  }

  find(id: number): Gap | undefined {
    return this.select.get(id)
  }

  /** Newest first; of all private chats and basic groups where `chatId` is null. */
  of(accountId: MarkedId, chatId: MarkedId | null, limit: number): Gap[] {
    return this.selectOf.all({ accountId, chatId, limit })
  }

  inState(accountId: MarkedId, state: GapState): Gap[] {
    return this.selectStates.all(accountId, state)
  }

  count(accountId: MarkedId): Record<GapState, number> {
    const counts = this.countStates.all(accountId).map(({ state, gaps }) => [state, gaps])
    return { open: 0, filling: 0, filled: 0, closed: 0, ...Object.fromEntries(counts) } as Record<GapState, number>
  }
}
