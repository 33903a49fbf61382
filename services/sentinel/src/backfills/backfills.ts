import { ApiError } from '@tgsentinel/kernel/errors'
import { isStorageFailure } from '@tgsentinel/kernel/sqlite'
import type { Logger } from '@tgsentinel/kernel/log'
import { backoffMs, MINUTE, SECOND, sleep } from '@tgsentinel/kernel/time'
import type { Bus } from '../bus/bus'
import type { Ingestion } from '../ingestion/ingestion'
import { failure, type MarkedId } from '../model'
import { AccountGaps, type AccountGapsOptions } from './account-gaps'
import { HistoryReading } from './history-reading'
import type { Backfill, BackfillCause } from '../store/backfills'
import type { TelegramReader } from '../telegram/reader'
import { TelegramError } from '../telegram/telegram-error'

export interface BackfillsOptions extends AccountGapsOptions {
  reader: Pick<TelegramReader, 'self' | 'history'>
  ingestion: Ingestion
  bus: Bus
  log: Logger
}

const PARTIAL = 'Where the former program stopped is not known by message: the newest were read, and not what is older.'

/** How the reading of a chat's history ended. */
export interface Reading {
  /** Messages that Telegram gave, and those of them that were not stored before. */
  read: number
  added: number
  /** A sentence where it broke off. */
  problem: string | null
}

const MAX_ASKED = 50
/** Rings come in bursts. */
const LOOK_AFTER_MS = SECOND / 10
const LATER_MS = 5 * SECOND
const TELL_EVERY_MS = SECOND
/** NOT_SIGNED_IN: for a moment, while a session takes the place of another, or until somebody signs in. */
const PASSING = [
  'TELEGRAM_UNREACHABLE',
  'TELEGRAM_TIMEOUT',
  'QUEUE_FULL',
  'NOT_SIGNED_IN',
  'SESSION_ENDED',
  'NEEDS_APP',
  'STORAGE_UNAVAILABLE',
]
/** What fails for another reason is tried so often. */
const ATTEMPTS = 5

/**
 * Reads histories of chats in the background, one after another, a page at a time: holes that Telegram's differences could not
 * fill first, then what somebody asked for. Each is a row, so that a restart goes on with the page that was next.
 */
export class Backfills {
  private readonly closing = new AbortController()
  private readonly waiters = new Map<number, ((reading: Reading) => void)[]>()
  private readonly reading: HistoryReading
  private readonly accountGaps: AccountGaps
  private timer: NodeJS.Timeout | undefined
  private run: Promise<void> | null = null
  private current: Backfill | null = null
  private isAsked = false
  private toldAtMs = 0
  private held = 0
  private onRelease: () => void = () => undefined

  constructor(private readonly options: BackfillsOptions) {
    this.reading = new HistoryReading(options)
    this.accountGaps = new AccountGaps(options)
  }

  /** Goes on with what a former run left, and looks for more from then on. */
  start(): void {
    this.options.bus.onRing('messages', () => this.lookSoon())
    this.lookSoon()
  }

  /** The chat that is being read, how much of it, and how many wait. */
  get progress(): { chatId: MarkedId | null; read: number; waiting: number } {
    const { current } = this
    const open = this.options.store.backfills.open
    return { chatId: current?.chatId ?? null, read: current?.read ?? 0, waiting: Math.max(0, open - (current ? 1 : 0)) }
  }

  /**
   * Has a chat's history read from where it is captured so far, or from its newest message where `cause` is `joined`.
   * @param wanted how many messages; null: all
   * @returns null where too many wait; what is under way for the chat already is not begun again
   * @throws ApiError NOT_SIGNED_IN, NOT_FOUND where the chat is not in the ledger
   */
  ask(chatId: MarkedId, cause: Exclude<BackfillCause, 'gap'>, wanted: number | null): Backfill | null {
    const { store } = this.options
    const accountId = this.accountId()
    const open = store.backfills.openOf(accountId, chatId)
    if (open) return open
    if (store.backfills.countAsked(accountId) >= MAX_ASKED) return null
    const known = store.coverage.find(accountId, chatId)
    if (!known && cause === 'asked') throw failure('NOT_FOUND', `Nothing is known of chat ${chatId} yet.`)
    const first = known?.firstId ?? 0
    const nextBefore = cause === 'joined' || first === 0 ? null : first
    const id = store.backfills.add({ accountId, chatId, gapId: null, cause, afterId: 0, nextBefore, wanted })
    this.lookSoon()
    return store.backfills.find(id) as Backfill
  }

  /** @throws ApiError NOT_FOUND where nothing is being read */
  cancel(chatId: MarkedId): Backfill {
    const { backfills } = this.options.store
    const open = backfills.openOf(this.accountId(), chatId)
    if (!open) throw failure('NOT_FOUND', 'The history of this chat is not being read.')
    this.settle({ ...open, state: 'cancelled' })
    return backfills.find(open.id) as Backfill
  }

  /** How it ends; a restart in between loses the one who waits, not the reading. */
  ended(id: number): Promise<Reading> {
    return new Promise((resolve) => this.waiters.set(id, [...(this.waiters.get(id) ?? []), resolve]))
  }

  /** No further page is asked for until all who hold have let go. */
  hold(): () => void {
    this.held += 1
    return () => {
      this.held -= 1
      if (this.held === 0) this.onRelease()
    }
  }

  /** Resolves once nothing is read any more. What waits goes on at the next start. */
  async close(): Promise<void> {
    this.closing.abort()
    clearTimeout(this.timer)
    this.onRelease()
    await this.run
    const problem = 'The sentinel is stopping.'
    for (const tell of [...this.waiters.values()].flat()) tell({ read: 0, added: 0, problem })
    this.waiters.clear()
  }

  private accountId(): MarkedId {
    const { self } = this.options.reader
    if (!self) throw failure('NOT_SIGNED_IN', 'Nobody is signed in to Telegram. Sign in first.')
    return self.id
  }

  private lookSoon(): void {
    this.isAsked = true
    if (this.timer || this.run || this.closing.signal.aborted) return
    this.timer = setTimeout(() => this.look(), LOOK_AFTER_MS).unref()
  }

  private look(): void {
    this.timer = undefined
    this.isAsked = false
    this.run ??= this.work().finally(() => {
      this.run = null
      // Somebody may have asked when the last look was over already.
      if (this.isAsked) this.lookSoon()
    })
  }

  /** Until there is nothing left to read. It never rejects. */
  private async work(): Promise<void> {
    try {
      const { self } = this.options.reader
      if (self) await this.accountGaps.open(self.id)
      for (let job = this.next(); job && !this.closing.signal.aborted; job = this.next()) await this.read(job)
    } catch (error) {
      if (this.closing.signal.aborted) return
      this.options.log.info({ err: error }, 'histories are read later')
      this.timer = setTimeout(() => this.look(), LATER_MS).unref()
    } finally {
      this.current = null
    }
  }

  private next(): Backfill | undefined {
    const { self } = this.options.reader
    return self ? this.options.store.backfills.next(self.id) : undefined
  }

  private async read(job: Backfill): Promise<void> {
    this.current = job
    const { log } = this.options
    try {
      for (let attempt = 0; this.isOpen(job);) {
        await this.released()
        try {
          const isDone = await this.reading.nextPage(job, this.closing.signal)
          attempt = 0
          // Somebody may have cancelled it meanwhile.
          if (!this.options.store.backfills.advance(job)) return
          this.tell()
          if (isDone) return this.settle({ ...job, state: 'done' })
        } catch (error) {
          await this.waitAfter(error, ++attempt)
          if (isUnknownChat(error)) await this.options.chats.refresh('background').catch(() => undefined)
        }
      }
    } catch (error) {
      if (this.closing.signal.aborted) return
      if (!(error instanceof ApiError)) log.error({ err: error, chat_id: job.chatId }, 'a history broke off')
      const problem = error instanceof ApiError ? error.message : 'Something went wrong; the log says what.'
      this.settle({ ...job, state: 'failed', problem })
    }
  }

  /** Somebody may have cancelled it meanwhile, or another account is signed in. */
  private isOpen({ id, accountId }: Backfill): boolean {
    if (this.closing.signal.aborted || (this.options.reader.self?.id ?? accountId) !== accountId) return false
    const { state } = this.options.store.backfills.find(id) ?? { state: 'cancelled' }
    return state === 'waiting' || state === 'running'
  }

  /** Lets a flood wait pass, a failure of the network, and a full disk. @throws what waiting does not mend */
  private async waitAfter(error: unknown, attempt: number): Promise<void> {
    if (this.closing.signal.aborted) throw error
    const isFlood = error instanceof ApiError && error.code === 'FLOOD_WAIT'
    const isPassing = isStorageFailure(error) || (error instanceof ApiError && PASSING.includes(error.code))
    if (!isFlood && !isPassing && (!(error instanceof ApiError) || isFinal(error) || attempt >= ATTEMPTS)) throw error
    const floodMs = isFlood ? (error.options.retryAfterS ?? 1) * SECOND : 0
    await sleep(floodMs || backoffMs(attempt, SECOND / 2, MINUTE, Math.random()), this.closing.signal)
  }

  private async released(): Promise<void> {
    while (this.held > 0 && !this.closing.signal.aborted)
      await new Promise<void>((resolve) => (this.onRelease = resolve))
    this.closing.signal.throwIfAborted()
  }

  /** That a page was read, at most once a second. */
  private tell(): void {
    if (performance.now() - this.toldAtMs < TELL_EVERY_MS) return
    this.toldAtMs = performance.now()
    this.options.store.events.add('coverage', {})
    this.options.bus.ring('events')
  }

  /** It is over: so is the hole, where it was the last that was read for it. */
  private settle(job: Backfill): void {
    const { store, log, bus } = this.options
    store.transaction(() => {
      store.backfills.change(job)
      if (job.gapId !== null) this.settleGap(job.gapId, job)
      if (job.gapId !== null && job.state === 'done') this.cover(job)
      store.events.add('coverage', {})
    })
    bus.ring('events')
    const { chatId, cause, state, read, added, problem } = job
    log.info({ chat_id: chatId, cause, state, read, added, problem }, 'a history was read')
    for (const tell of this.waiters.get(job.id) ?? []) tell({ read, added, problem })
    this.waiters.delete(job.id)
  }

  /** What came by history alone is captured now, too. */
  private cover({ accountId, chatId, afterId }: Backfill): void {
    const { messages, unreadable, coverage } = this.options.store
    for (const table of [messages, unreadable]) {
      const ids = table.rangeBeyond(accountId, chatId, afterId)
      if (ids) coverage.captured(accountId, chatId, ids, null)
    }
  }

  private settleGap(gapId: number, { state, problem, wanted, read }: Backfill): void {
    const { gaps, backfills } = this.options.store
    if (state === 'failed') return gaps.change(gapId, 'closed', problem)
    if (wanted !== null && read >= wanted) return gaps.change(gapId, 'closed', PARTIAL)
    if (backfills.openForGap(gapId) === 0 && gaps.find(gapId)?.state !== 'closed') gaps.change(gapId, 'filled')
  }
}

/** Asking again gives the same answer. */
function isFinal({ code }: ApiError): boolean {
  return code === 'CHAT_CLOSED' || code === 'ADMIN_NEEDED'
}

/** Its access hash is not known: the list of chats may have it. */
function isUnknownChat(error: unknown): boolean {
  return error instanceof ApiError && error.cause instanceof TelegramError && error.cause.type === 'PEER_UNKNOWN'
}
