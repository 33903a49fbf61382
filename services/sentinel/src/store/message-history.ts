import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import type { MarkedId, MessageCounts } from '../model'
import { sumOf } from './circumstances'
import type { ReconsiderationTable } from './reconsiderations'

export interface MessageVersion {
  number: number
  text: string
  extraText: string | null
  media: string | null
  /** Unix seconds: when it was written. */
  writtenAt: number
}

export interface CountsAt extends MessageCounts {
  /** Unix seconds. */
  at: number
}

type CountsRow = Omit<CountsAt, 'reactions'> & { reactions: string | null }

/** Counts that change within a minute of the last ones take their place. */
const COUNTS_EVERY_S = 60

/** What messages said before, how they were counted over time, and which were deleted before they were ever stored. */
export class MessageHistoryTable {
  private readonly insertVersion
  private readonly selectVersions
  private readonly selectLastCounts
  private readonly selectCounts
  private readonly putCounts
  private readonly moveCounts
  private readonly insertDeletion
  private readonly selectDeletion
  private readonly dropDeletions

  constructor(
    database: SqliteDatabase,
    private readonly reconsiderations: Pick<ReconsiderationTable, 'note'>,
  ) {
    this.insertVersion = database.prepare(`
      INSERT INTO message_versions (message_row, number, text, extra_text, media, written_at)
      SELECT @row, coalesce(max(number), 0) + 1, @text, @extraText, @media, @writtenAt FROM message_versions WHERE message_row = @row`)
    this.selectVersions = database.prepare<[number], MessageVersion>(
      'SELECT number, text, extra_text AS extraText, media, written_at AS writtenAt FROM message_versions WHERE message_row = ? ORDER BY number',
    )
    this.selectLastCounts = database.prepare<[number], CountsRow>(
      'SELECT at, views, forwards, replies, reactions FROM message_counts WHERE message_row = ? ORDER BY at DESC LIMIT 1',
    )
    this.selectCounts = database.prepare<[number, number], CountsRow>(
      'SELECT at, views, forwards, replies, reactions FROM message_counts WHERE message_row = ? ORDER BY at DESC LIMIT ?',
    )
    this.putCounts = database.prepare(
      'INSERT OR REPLACE INTO message_counts VALUES (@row, @at, @views, @forwards, @replies, @reactions)',
    )
    this.moveCounts = database.prepare('DELETE FROM message_counts WHERE message_row = ? AND at = ?')
    this.insertDeletion = database.prepare('INSERT OR IGNORE INTO deletions VALUES (?, ?, ?, ?)')
    this.dropDeletions = database.prepare<[number, number]>(`
      DELETE FROM deletions WHERE (account_id, chat_id, message_id) IN (
        SELECT account_id, chat_id, message_id FROM deletions WHERE at < ? LIMIT ?)`)
    this.selectDeletion = database
      .prepare<[number, number, number], number>(
        'SELECT at FROM deletions WHERE account_id = ? AND chat_id = ? AND message_id = ?',
      )
      .pluck()
  }

  addVersion(row: number, version: Omit<MessageVersion, 'number'>): void {
    this.insertVersion.run({ row, ...version })
  }

  /** Oldest first; the present one is in messages. */
  versions(row: number): MessageVersion[] {
    return this.selectVersions.all(row)
  }

  /**
   * Puts down what changed; what Telegram does not say stays as it was. What has more reactions or answers than before is to be
   * looked at again. `at`: unix seconds.
   */
  count(row: number, at: number, counts: Partial<MessageCounts>): void {
    if (this.putDown(row, at, counts)) this.reconsiderations.note(row)
  }

  /** What a message has when it is stored. */
  countFirst(row: number, at: number, counts: Partial<MessageCounts>): void {
    this.putDown(row, at, counts)
  }

  /** Whether there are more reactions or answers. */
  private putDown(row: number, at: number, counts: Partial<MessageCounts>): boolean {
    const last = this.selectLastCounts.get(row)
    const before: MessageCounts = last
      ? countsOf(last)
      : { views: null, forwards: null, replies: null, reactions: null }
    const { isMin, ...told } = counts
    const all = isMin ? { ...told, reactions: atLeast(before.reactions, told.reactions) } : told
    const now = { ...before, ...withoutNulls(all) }
    if (last && JSON.stringify(now) === JSON.stringify(before)) return false
    if (last && at - last.at < COUNTS_EVERY_S) this.moveCounts.run(row, last.at)
    const reactions = now.reactions === null ? null : JSON.stringify(now.reactions)
    this.putCounts.run({ row, at: Math.max(at, last?.at ?? 0), ...now, reactions })
    return sumOf(now.reactions) > sumOf(before.reactions) || (now.replies ?? 0) > (before.replies ?? 0)
  }

  /** Newest first. */
  counts(row: number, limit: number): CountsAt[] {
    return this.selectCounts.all(row, limit).map((each) => ({ at: each.at, ...countsOf(each) }))
  }

  /** `chatId` null: some private chat or basic group. */
  rememberDeletion(accountId: MarkedId, chatId: MarkedId | null, messageId: number, at: number): void {
    this.insertDeletion.run(accountId, chatId ?? 0, messageId, at)
  }

  /** Telegram gives a deleted message no more: only an answer that was on its way then can still bring it. How many went. */
  forgetDeletions(beforeUnixSeconds: number, limit: number): number {
    return this.dropDeletions.run(beforeUnixSeconds, limit).changes
  }

  /** Unix seconds; undefined where it was not deleted before it was stored. */
  deletionOf(accountId: MarkedId, chatId: MarkedId | null, messageId: number): number | undefined {
    return this.selectDeletion.get(accountId, chatId ?? 0, messageId)
  }
}

/** Telegram told of some reactions only: none of those that are known is gone, or fewer, for that. */
function atLeast(
  before: MessageCounts['reactions'],
  told: MessageCounts['reactions'] | undefined,
): MessageCounts['reactions'] {
  const all = { ...before }
  for (const [name, count] of Object.entries(told ?? {})) all[name] = Math.max(all[name] ?? 0, count)
  return Object.keys(all).length > 0 ? all : before
}

function countsOf({ views, forwards, replies, reactions }: CountsRow): MessageCounts {
  const parsed = reactions === null ? null : (JSON.parse(reactions) as Record<string, number>)
  return { views, forwards, replies, reactions: parsed }
}

function withoutNulls(counts: Partial<MessageCounts>): Partial<MessageCounts> {
  return Object.fromEntries(Object.entries(counts).filter(([, value]) => value !== null && value !== undefined))
}
