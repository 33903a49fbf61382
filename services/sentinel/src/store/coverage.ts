import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import type { ConfirmedBy } from '../intake'
import { CHANNEL_MARK, type ChatKind, type MarkedId } from '../model'
import type { GapTable } from './gaps'

/** What is known of one chat. Everything from `firstId` to `upToId` is captured, but for its gaps; 0: nothing is known yet. */
export interface Coverage {
  chatId: MarkedId
  firstId: number
  upToId: number
  /** Milliseconds; null where nothing has confirmed it yet. */
  confirmedAtMs: number | null
  confirmedBy: ConfirmedBy | null
  closedReason: string | null
}

export interface CoverageRow extends Coverage {
  title: string | null
  kind: ChatKind | null
  username: string | null
  openGaps: number
}

const WRITTEN = 'account_id, chat_id, first_id, up_to_id, confirmed_at, confirmed_by, closed_reason'
const COLUMNS = `v.chat_id AS chatId, v.first_id AS firstId, v.up_to_id AS upToId, v.confirmed_at AS confirmedAtMs,
  v.confirmed_by AS confirmedBy, v.closed_reason AS closedReason`
/** Chat 0 of the table: all private chats and basic groups together. */
export const OUTSIDE_CHANNELS = 0

/** The ledger: how far each chat is captured. */
export class CoverageTable {
  private readonly extend
  private readonly open
  private readonly confirmed
  private readonly lower
  private readonly raise
  private readonly markSkipped
  private readonly restart
  private readonly skipped = new Set<string>()
  private readonly close
  private readonly select
  private readonly selectPage
  private readonly selectClosed
  private readonly selectLastOutside

  constructor(
    private readonly database: SqliteDatabase,
    private readonly gaps: GapTable,
  ) {
    this.extend = database.prepare(`
      INSERT INTO coverage (${WRITTEN}) VALUES (@accountId, @chatId, @firstId, @upToId, @atMs, @by, NULL)
      ON CONFLICT (account_id, chat_id) DO UPDATE SET up_to_id = max(up_to_id, excluded.up_to_id),
        first_id = iif(first_id = 0, excluded.first_id, min(first_id, excluded.first_id)),
        confirmed_at = coalesce(excluded.confirmed_at, confirmed_at), confirmed_by = coalesce(excluded.confirmed_by, confirmed_by)`)
    this.open = database.prepare(`
      INSERT INTO coverage (${WRITTEN}) VALUES (@accountId, @chatId, @topMessageId + 1, @topMessageId, NULL, NULL, NULL)
      ON CONFLICT (account_id, chat_id) DO UPDATE SET first_id = excluded.first_id, up_to_id = excluded.up_to_id WHERE first_id = 0`)
    this.confirmed = database.prepare(`
      INSERT INTO coverage (${WRITTEN}) VALUES (@accountId, @chatId, 0, 0, @atMs, @by, NULL)
      ON CONFLICT (account_id, chat_id) DO UPDATE SET confirmed_at = excluded.confirmed_at, confirmed_by = excluded.confirmed_by`)
    this.lower = database.prepare(
      'UPDATE coverage SET first_id = min(first_id, ?) WHERE account_id = ? AND chat_id = ?',
    )
    this.raise = database.prepare(`
      UPDATE coverage SET first_id = max(first_id, ?) WHERE account_id = ? AND chat_id = ? AND first_id > 0`)
    this.close = database.prepare(`
      INSERT INTO coverage (${WRITTEN}) VALUES (@accountId, @chatId, 0, 0, NULL, NULL, @reason)
      ON CONFLICT (account_id, chat_id) DO UPDATE SET closed_reason = excluded.closed_reason`)
    this.select = database.prepare<[number, number], Coverage>(
      `SELECT ${COLUMNS} FROM coverage v WHERE account_id = ? AND chat_id = ?`,
    )
    this.selectPage = database.prepare<
      [{ accountId: number; beyond: number; upTo: number; limit: number }],
      CoverageRow
    >(`
      SELECT ${COLUMNS}, c.title, c.kind, c.username,
        (SELECT count(*) FROM gaps g WHERE g.account_id = v.account_id AND g.chat_id = v.chat_id AND g.state <> 'filled') AS openGaps
      FROM coverage v LEFT JOIN chats c ON c.id = v.chat_id
      WHERE v.account_id = @accountId AND v.chat_id > @beyond AND v.chat_id <= @upTo AND v.chat_id <> 0 ORDER BY v.chat_id LIMIT @limit`)
    this.selectClosed = database
      .prepare<[number], number>('SELECT chat_id FROM coverage WHERE account_id = ? AND closed_reason IS NOT NULL')
      .pluck()
    this.selectLastOutside = database
      .prepare<[number], number | null>(
        `SELECT max(up_to_id) FROM coverage WHERE account_id = ? AND chat_id > -${CHANNEL_MARK}`,
      )
      .pluck()
    this.markSkipped = database.prepare('UPDATE coverage SET is_skipped = ? WHERE account_id = ? AND chat_id = ?')
    this.restart = database.prepare('UPDATE coverage SET first_id = ? WHERE account_id = ? AND chat_id = ?')
    this.reload()
  }

  /** Messages were captured as they were posted, the ones between included. */
  captured(
    accountId: MarkedId,
    chatId: MarkedId,
    ids: { firstId: number; upToId: number },
    by: ConfirmedBy | null,
  ): void {
    if (this.skipped.has(`${accountId} ${chatId}`)) this.resume(accountId, chatId, ids.firstId)
    this.extend.run({ accountId, chatId, ...ids, by, atMs: by === null ? null : Date.now() })
  }

  /** Something was posted in a chat that nobody watches. */
  skip(accountId: MarkedId, chatId: MarkedId): void {
    if (this.markSkipped.run(1, accountId, chatId).changes > 0) this.skipped.add(`${accountId} ${chatId}`)
  }

  isSkipped(accountId: MarkedId, chatId: MarkedId): boolean {
    return this.skipped.has(`${accountId} ${chatId}`)
  }

  /** To be called when a transaction was rolled back. */
  reload(): void {
    this.skipped.clear()
    const keys = this.database
      .prepare<[], string>("SELECT account_id || ' ' || chat_id FROM coverage WHERE is_skipped = 1")
      .pluck()
    for (const key of keys.all()) this.skipped.add(key)
  }

  /** Watched again: what was posted in between is a gap, where anything was captured before. */
  private resume(accountId: MarkedId, chatId: MarkedId, firstId: number): void {
    this.skipped.delete(`${accountId} ${chatId}`)
    this.markSkipped.run(0, accountId, chatId)
    const known = this.find(accountId, chatId)
    if (!known || known.upToId < known.firstId) return void this.restart.run(firstId, accountId, chatId)
    const ends = { afterId: known.upToId, beforeId: firstId }
    const detail = 'The chat was not watched.'
    this.gaps.add(accountId, { chatId, ...ends, reason: 'not_watched', state: 'closed', detail, foundAtMs: Date.now() })
  }

  /** A chat that is not known yet begins with what comes after its newest message. */
  begin(accountId: MarkedId, chatId: MarkedId, topMessageId: number): void {
    this.open.run({ accountId, chatId, topMessageId })
  }

  /** Complete up to now. */
  confirm(accountId: MarkedId, chatId: MarkedId | null, by: ConfirmedBy, atMs: number): void {
    this.confirmed.run({ accountId, chatId: chatId ?? OUTSIDE_CHANNELS, by, atMs })
  }

  /** History was read down to a message. */
  readDownTo(accountId: MarkedId, chatId: MarkedId, messageId: number): void {
    this.lower.run(messageId, accountId, chatId)
  }

  /** What is below a message is kept no longer. */
  sweptBelow(accountId: MarkedId, chatId: MarkedId, messageId: number): void {
    this.raise.run(messageId, accountId, chatId)
  }

  /** `reason` null: it is open to us again. */
  setClosed(accountId: MarkedId, chatId: MarkedId, reason: string | null): void {
    this.close.run({ accountId, chatId, reason })
  }

  find(accountId: MarkedId, chatId: MarkedId): Coverage | undefined {
    return this.select.get(accountId, chatId)
  }

  /** By chat, beyond a chat. */
  page(accountId: MarkedId, beyond: MarkedId, limit: number): CoverageRow[] {
    return this.selectPage.all({ accountId, beyond, upTo: Number.MAX_SAFE_INTEGER, limit })
  }

  row(accountId: MarkedId, chatId: MarkedId): CoverageRow | undefined {
    return this.selectPage.get({ accountId, beyond: chatId - 1, upTo: chatId, limit: 1 })
  }

  /** The newest id in private chats and basic groups, which share one count; 0 where nothing is known. */
  lastOutsideChannels(accountId: MarkedId): number {
    return this.selectLastOutside.get(accountId) ?? 0
  }

  closedChats(accountId: MarkedId): MarkedId[] {
    return this.selectClosed.all(accountId)
  }
}
