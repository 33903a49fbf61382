import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import type { MarkedId } from '../model'

export type BackfillCause = 'gap' | 'joined' | 'asked'
export type BackfillState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'

/** The history of a chat that is being read, newest first, down to `afterId`. */
export interface Backfill {
  id: number
  accountId: MarkedId
  chatId: MarkedId
  gapId: number | null
  cause: BackfillCause
  state: BackfillState
  /** Messages up to this id are stored already; 0: down to the first. */
  afterId: number
  /** Where the next page begins; null: at the newest message. */
  nextBefore: number | null
  /** How many messages are wanted; null: all. */
  wanted: number | null
  read: number
  added: number
  problem: string | null
  requestedAtMs: number
  changedAtMs: number
}

export type NewBackfill = Pick<
  Backfill,
  'accountId' | 'chatId' | 'gapId' | 'cause' | 'afterId' | 'nextBefore' | 'wanted'
>

const COLUMNS = `id, account_id AS accountId, chat_id AS chatId, gap_id AS gapId, cause, state, after_id AS afterId,
  next_before AS nextBefore, wanted, read, added, problem, requested_at AS requestedAtMs, changed_at AS changedAtMs`

export class BackfillTable {
  private readonly insert
  private readonly update
  private readonly updateProgress
  private readonly select
  private readonly selectNext
  private readonly selectLast
  private readonly selectOpen
  private readonly countOpen
  private readonly countForGap
  private readonly countOpenAsked

  constructor(database: SqliteDatabase) {
    this.insert = database.prepare(`
      INSERT INTO backfills (account_id, chat_id, gap_id, cause, state, after_id, next_before, wanted, requested_at, changed_at)
      VALUES (@accountId, @chatId, @gapId, @cause, 'waiting', @afterId, @nextBefore, @wanted, @nowMs, @nowMs)`)
    this.update = database.prepare(`
      UPDATE backfills SET state = @state, next_before = @nextBefore, read = @read, added = @added, problem = @problem,
        changed_at = @nowMs WHERE id = @id`)
    this.updateProgress = database.prepare(`
      UPDATE backfills SET state = 'running', next_before = @nextBefore, read = @read, added = @added, changed_at = @nowMs
      WHERE id = @id AND state IN ('waiting', 'running')`)
    this.select = database.prepare<[number], Backfill>(`SELECT ${COLUMNS} FROM backfills WHERE id = ?`)
    // `+`: by state, since few are open, and an account has all of them.
    // What fills a hole comes before what somebody would like to have.
    this.selectNext = database.prepare<[number], Backfill>(`
      SELECT ${COLUMNS} FROM backfills WHERE +account_id = ? AND state IN ('waiting', 'running')
      ORDER BY cause <> 'gap', id LIMIT 1`)
    this.selectLast = database.prepare<[number, number], Backfill>(
      `SELECT ${COLUMNS} FROM backfills WHERE account_id = ? AND chat_id = ? ORDER BY id DESC LIMIT 1`,
    )
    this.selectOpen = database.prepare<[number, number], Backfill>(`
      SELECT ${COLUMNS} FROM backfills WHERE account_id = ? AND chat_id = ? AND state IN ('waiting', 'running') AND cause <> 'gap'`)
    this.countOpen = database
      .prepare<[], number>("SELECT count(*) FROM backfills WHERE state IN ('waiting', 'running')")
      .pluck()
    this.countOpenAsked = database
      .prepare<[number], number>(
        "SELECT count(*) FROM backfills WHERE +account_id = ? AND cause <> 'gap' AND state IN ('waiting', 'running')",
      )
      .pluck()
    this.countForGap = database
      .prepare<[number], number>("SELECT count(*) FROM backfills WHERE gap_id = ? AND state IN ('waiting', 'running')")
      .pluck()
  }

  add(backfill: NewBackfill): number {
    return Number(this.insert.run({ ...backfill, nowMs: Date.now() }).lastInsertRowid)
  }

  change(backfill: Backfill): void {
    const { id, state, nextBefore, read, added, problem } = backfill
    this.update.run({ id, state, nextBefore, read, added, problem, nowMs: Date.now() })
  }

  /** Puts down how far it is, unless it is over. */
  advance({ id, nextBefore, read, added }: Backfill): boolean {
    return this.updateProgress.run({ id, nextBefore, read, added, nowMs: Date.now() }).changes > 0
  }

  find(id: number): Backfill | undefined {
    return this.select.get(id)
  }

  next(accountId: MarkedId): Backfill | undefined {
    return this.selectNext.get(accountId)
  }

  /** The last one of a chat, in whatever state. */
  lastOf(accountId: MarkedId, chatId: MarkedId): Backfill | undefined {
    return this.selectLast.get(accountId, chatId)
  }

  /** What was asked for and is not done yet. */
  openOf(accountId: MarkedId, chatId: MarkedId): Backfill | undefined {
    return this.selectOpen.get(accountId, chatId)
  }

  get open(): number {
    return this.countOpen.get() ?? 0
  }

  /** What somebody asked for, or a chat that was followed, and that is not done. */
  countAsked(accountId: MarkedId): number {
    return this.countOpenAsked.get(accountId) ?? 0
  }

  openForGap(gapId: number): number {
    return this.countForGap.get(gapId) ?? 0
  }
}
