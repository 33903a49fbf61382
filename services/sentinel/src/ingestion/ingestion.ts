import type { Logger } from '@tgsentinel/kernel/log'
import { isStorageFailure } from '@tgsentinel/kernel/sqlite'
import { backoffMs, SECOND } from '@tgsentinel/kernel/time'
import type { Bus } from '../bus/bus'
import { Capture } from './capture'
import { NO_INTAKE, type Intake, type NewGap } from '../intake'
import type { MarkedId } from '../model'
import type { Store } from '../store/store'

/** Messages, and envelopes, that may wait in memory while the database takes none. */
const MAX_WAITING = 100_000
/** Messages, and envelopes, in one transaction. */
const MAX_BATCH = 2000
/** After a batch of so many messages the next waits for more: a transaction alone costs as much as dozens of them. */
const BURST = 50
/** For so long, or until so many wait. */
const GATHER_MS = 25
const GATHERED = 500
/** So many may wait before no more is fetched. */
const ROOM = 5000

interface Entry {
  accountId: MarkedId
  intake: Intake
}

/**
 * From Telegram to the database. What has arrived is written in one synchronous transaction: messages once each
 * (account, chat, message id), with the cursors that cover them. While the database fails, what arrives waits in memory,
 * bounded, and is tried again; what is beyond the bound is refused, so that it is fetched when there is room.
 */
export class Ingestion {
  private waiting: Entry[] = []
  private waitingMessages = 0
  private lastBatch = 0
  private attempt = 0
  private timer: NodeJS.Timeout | NodeJS.Immediate | undefined
  /** The timer is due at once. */
  private isHurried = false
  private readonly capture: Capture

  constructor(
    private readonly store: Store,
    private readonly bus: Bus,
    private readonly log: Logger,
    onMigrated: (fromChatId: MarkedId, toChatId: MarkedId) => void = () => undefined,
  ) {
    this.capture = new Capture(store, onMigrated)
  }

  /** Whether the database takes what arrives. */
  get isFailing(): boolean {
    return this.attempt > 0
  }

  /** Messages that are received but not yet stored. */
  get backlog(): number {
    return this.waitingMessages
  }

  /** Whether what can wait at Telegram may come. */
  get hasRoom(): boolean {
    return !this.isFailing && this.waitingMessages < ROOM && this.waiting.length < ROOM
  }

  /**
   * Takes what an envelope brought; it is written before the next turn of the event loop ends, in a burst a moment later. False:
   * memory is full, and it has to be fetched again.
   */
  accept(accountId: MarkedId, intake: Intake): boolean {
    if (this.waitingMessages + intake.messages.length > MAX_WAITING || this.waiting.length >= MAX_WAITING) {
      this.log.error({ messages: intake.messages.length }, 'refused: the database takes nothing and memory is bounded')
      return false
    }
    this.waiting.push({ accountId, intake })
    this.waitingMessages += intake.messages.length
    this.scheduleTurn()
    return true
  }

  /** Writes what waits, now. */
  drain(): void {
    this.cancelTimer()
    while (this.waiting.length > 0 && this.writeNext());
  }

  close(): void {
    this.drain()
    this.cancelTimer()
  }

  private scheduleTurn(): void {
    const isGathering = this.lastBatch >= BURST && this.waitingMessages < GATHERED && this.waiting.length < GATHERED
    if (isGathering) this.timer ??= setTimeout(() => this.takeTurn(), GATHER_MS)
    else if (!this.isFailing) this.hurry()
  }

  private hurry(): void {
    if (this.isHurried) return
    this.cancelTimer()
    this.isHurried = true
    this.timer = setImmediate(() => this.takeTurn())
  }

  /** A batch a turn of the event loop: whatever waited for a disk must not keep everything else. */
  private takeTurn(): void {
    this.cancelTimer()
    if (this.writeNext() && this.waiting.length > 0) this.scheduleTurn()
  }

  /** False: the database takes nothing, and it is tried again later. */
  private writeNext(): boolean {
    const batch = this.nextBatch()
    try {
      this.store.transaction(() => this.capture.write(batch))
      this.finish(batch)
      return true
    } catch (error) {
      if (!isStorageFailure(error)) return this.writeOneByOne(batch)
      this.retryLater(error)
      return false
    }
  }

  private nextBatch(): Entry[] {
    let messages = 0
    const end = this.waiting.findIndex(({ intake }) => (messages += intake.messages.length) > MAX_BATCH)
    return this.waiting.slice(0, end < 0 ? MAX_BATCH : Math.max(1, Math.min(end, MAX_BATCH)))
  }

  /** One that cannot be written must not keep the others out: the log names it by its ids, and the ledger has a gap. */
  private writeOneByOne(batch: Entry[]): boolean {
    for (const entry of batch) {
      try {
        this.writeOrMourn(entry)
        this.finish([entry])
      } catch (error) {
        this.retryLater(error)
        return false
      }
    }
    return true
  }

  /** @throws SQLite's error where the database takes nothing at all */
  private writeOrMourn(entry: Entry): void {
    try {
      this.store.transaction(() => this.capture.write([entry]))
    } catch (error) {
      if (isStorageFailure(error)) throw error
      const { accountId, intake } = entry
      const { cursors, openings = [], closures = [] } = intake
      const rest = { openings, closures, confirmations: [] }
      const ids = intake.messages.map(({ chatId, messageId }) => [chatId, messageId])
      this.log.error({ err: error, ids }, 'an envelope could not be stored')
      const gaps = [...new Set(intake.messages.map(({ chatId }) => chatId))].map((chatId) => lossOf(chatId, intake))
      this.store.transaction(() =>
        this.capture.write([
          { accountId, intake: { ...NO_INTAKE, cursors, gaps: [...(intake.gaps ?? []), ...gaps], ...rest } },
        ]),
      )
    }
  }

  /** The first that wait are written. */
  private finish(batch: Entry[]): void {
    this.waiting = this.waiting.slice(batch.length)
    this.lastBatch = batch.reduce((sum, { intake }) => sum + intake.messages.length, 0)
    this.waitingMessages -= this.lastBatch
    this.attempt = 0
    this.bus.ring('messages')
    if (this.capture.takeNews()) this.bus.ring('events')
  }

  private retryLater(error: unknown): void {
    const delayMs = backoffMs(this.attempt++, 250, 30 * SECOND, Math.random())
    this.log.error({ err: error, waiting: this.waitingMessages, retry_ms: delayMs }, 'the database takes no messages')
    this.cancelTimer()
    this.timer = setTimeout(() => this.takeTurn(), delayMs)
  }

  private cancelTimer(): void {
    clearTimeout(this.timer as NodeJS.Timeout | undefined)
    clearImmediate(this.timer as NodeJS.Immediate | undefined)
    this.timer = undefined
    this.isHurried = false
  }
}

function lossOf(chatId: MarkedId, { messages }: Intake): NewGap {
  const ids = messages.filter((message) => message.chatId === chatId).map(({ messageId }) => messageId)
  const detail = 'What arrived could not be stored. The log says why.'
  return { chatId, afterId: Math.min(...ids) - 1, beforeId: Math.max(...ids) + 1, reason: 'not_read', detail }
}
