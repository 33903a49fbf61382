import { httpError } from '@tgsentinel/kernel/errors'
import { MINUTE, SECOND, sleep } from '@tgsentinel/kernel/time'
import type { Ingestion } from '../ingestion/ingestion'
import type { Change } from '../intake'
import { failure, MessageFlag, type MarkedId } from '../model'
import type { Backfill } from '../store/backfills'
import type { Store } from '../store/store'
import type { HistoryPage } from '../telegram/history'
import type { TelegramReader } from '../telegram/reader'

export interface HistoryReadingOptions {
  reader: Pick<TelegramReader, 'history' | 'self'>
  store: Store
  ingestion: Ingestion
}

const PAGE = 100
/** Beyond what is missing so many messages are read once more: they may have been edited or deleted meanwhile. */
const LOOK_BACK = 1000
const ROOM_POLL_MS = SECOND / 4

/** Reads one page of a chat's history into the database, and says of what is stored there whether it still stands. */
export class HistoryReading {
  constructor(private readonly options: HistoryReadingOptions) {}

  /**
   * Reads the next page and moves `job` on. True: it was the last.
   * @throws ApiError, SQLite's errors
   */
  async nextPage(job: Backfill, signal: AbortSignal): Promise<boolean> {
    const { reader, ingestion } = this.options
    this.assertSame(job)
    while (!ingestion.hasRoom) await sleep(ROOM_POLL_MS, signal)
    ingestion.drain()
    const before = job.nextBefore ?? undefined
    const newest = this.newestOf(job)
    const askedAtMs = performance.now()
    const limit = Math.min(PAGE, job.wanted === null ? PAGE : Math.max(1, job.wanted - job.read))
    const page = await reader.history(job.chatId, { limit, before }, this.callOptions(signal))
    this.assertSame(job)
    // Erased meanwhile: nobody wants it back.
    if (!this.options.store.backfills.find(job.id)) return true
    job.added += this.store(job, page, this.stillThere(job, page, newest), askedAtMs)
    job.read += page.messages.length + page.unreadable.length
    job.state = 'running'
    const oldest = Math.min(...page.ids)
    // Some pages are shorter than was asked for: only one that is empty, or the first message, is the end.
    job.nextBefore = page.ids.length === 0 || oldest <= 1 ? null : oldest
    return this.isDone(job, page, before ?? null)
  }

  /** Another account may have taken its place: its messages are none of this one's. */
  private assertSame({ accountId }: Backfill): void {
    if (this.options.reader.self?.id !== accountId)
      throw failure('NOT_SIGNED_IN', 'Another account is signed in by now.')
  }

  private callOptions(signal: AbortSignal) {
    return { priority: 'background' as const, signal, timeoutMs: MINUTE }
  }

  private newestOf({ accountId, chatId, nextBefore }: Backfill): number {
    return nextBefore === null ? (this.options.store.coverage.find(accountId, chatId)?.upToId ?? 0) : nextBefore - 1
  }

  /** Of the ids that the page stands for, those that exist. Where Telegram shows nothing at all it proves nothing. */
  private stillThere({ accountId, chatId, read }: Backfill, { ids }: HistoryPage, newest: number): Change[] {
    const firstId = this.options.store.coverage.find(accountId, chatId)?.firstId ?? 0
    if (ids.length === 0 && (read === 0 || firstId === 0)) return []
    // What was posted before the chat was captured may be stored, too, since it was edited.
    const from = ids.length === 0 ? 1 : Math.min(...ids)
    const to = Math.max(newest, ...ids)
    return from > to ? [] : [{ type: 'reconciled', chatId, from, to, messageIds: ids }]
  }

  /** Oldest first, as they were posted. How many were not stored before. */
  private store(
    job: Backfill,
    { messages, unreadable, peers, changes }: HistoryPage,
    standing: Change[],
    askedAtMs: number,
  ): number {
    const { store, ingestion } = this.options
    const wanted = messages.filter(({ messageId }) => this.isWanted(job, messageId))
    const backfilled = wanted.map((message) => ({ ...message, flags: message.flags | MessageFlag.backfilled }))
    ingestion.drain()
    const before = store.traffic.allTotals().messages
    const lost = unreadable.filter(({ messageId }) => this.isWanted(job, messageId))
    const told = { changes: [...changes, ...standing], unreadable: lost }
    const all = { messages: backfilled.reverse(), cursors: [], ...told, askedAtMs }
    if (!ingestion.accept(job.accountId, { ...peers, ...all }))
      throw httpError('STORAGE_UNAVAILABLE', 'The database takes nothing at the moment.')
    ingestion.drain()
    // It is read only once it is stored.
    if (ingestion.isFailing) throw httpError('STORAGE_UNAVAILABLE', 'The database takes nothing at the moment.')
    return store.traffic.allTotals().messages - before
  }

  /** Whoever fills a hole looks beyond it, but takes nothing that was posted before the chat was captured at all. */
  private isWanted({ accountId, chatId, cause, afterId }: Backfill, messageId: number): boolean {
    if (cause !== 'gap' || messageId > afterId) return true
    const { coverage, messages, unreadable } = this.options.store
    const firstId = coverage.find(accountId, chatId)?.firstId ?? 0
    if ((firstId > 0 && messageId >= firstId) || unreadable.has(accountId, chatId, messageId)) return true
    return messages.find(accountId, chatId, messageId) !== undefined
  }

  /** A chat of which nothing was heard yet is known by its history first. */
  private cover({ accountId, chatId }: Backfill, firstId: number, upToId: number): void {
    const { coverage } = this.options.store
    if (upToId > 0 && !coverage.find(accountId, chatId)?.firstId)
      coverage.captured(accountId, chatId, { firstId, upToId }, null)
    else coverage.readDownTo(accountId, chatId, firstId)
  }

  private isDone(job: Backfill, { ids }: HistoryPage, before: number | null): boolean {
    const { cause, wanted, afterId, read } = job
    // An empty page after others: what was the oldest before is the first message there is.
    const isEnd = job.nextBefore === null
    const oldest: MarkedId = isEnd ? 1 : Math.min(...ids)
    const isProven = ids.length > 0 || before !== null
    if (cause !== 'gap' && isProven) this.cover(job, oldest, Math.max(0, ...ids))
    if (isEnd || (wanted !== null && read >= wanted)) return true
    return cause === 'gap' && oldest <= Math.max(0, afterId - LOOK_BACK)
  }
}
