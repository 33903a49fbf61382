import type { Logger } from '@tgsentinel/kernel/log'
import { MINUTE, SECOND, sleep } from '@tgsentinel/kernel/time'
import type { Bus } from './bus/bus'
import type { Ingestion } from './ingestion/ingestion'
import { MessageFlag, type MarkedId } from './model'
import type { Store } from './store/store'
import type { NamedMessages } from './telegram/messages'
import type { TelegramReader } from './telegram/reader'

export interface ReReadingOptions {
  reader: Pick<TelegramReader, 'self' | 'messagesById' | 'richMessage'>
  store: Store
  ingestion: Pick<Ingestion, 'accept' | 'drain'>
  bus: Bus
  log: Logger
}

const BATCH = 100
const LOOK_AFTER_MS = SECOND / 5
/** What could not be had is asked for again after so long. */
const AGAIN_MS = 10 * MINUTE
const CALL_MS = MINUTE

/**
 * Reads messages once more that could not be read: the rest of rich messages of which only the beginning came, at once; and after an
 * upgrade all that was read with an older schema. What becomes readable is stored, found and scored like any other message.
 */
export class ReReading {
  private readonly closing = new AbortController()
  private timer: NodeJS.Timeout | undefined
  private run: Promise<void> | null = null
  /** Monotonic milliseconds by chat and message: not before then. */
  private readonly laterMs = new Map<string, number>()

  constructor(private readonly options: ReReadingOptions) {}

  start(): void {
    this.options.bus.onRing('messages', () => this.lookSoon())
    this.lookSoon()
  }

  /** Somebody is signed in: what waited for that can be read. */
  lookSoon(): void {
    if (this.timer || this.closing.signal.aborted) return
    this.timer = setTimeout(() => {
      this.timer = undefined
      this.run ??= this.work().finally(() => (this.run = null))
    }, LOOK_AFTER_MS).unref()
  }

  /** Resolves once nothing is read any more. */
  async close(): Promise<void> {
    this.closing.abort()
    clearTimeout(this.timer)
    await this.run
  }

  /** Until nothing is left that may be asked for now. It never rejects. */
  private async work(): Promise<void> {
    const { store, log } = this.options
    try {
      for (let self = this.options.reader.self; self; self = this.options.reader.self) {
        const due = store.unreadable.due(self.id, BATCH * 10).filter((each) => this.isDue(each))
        const [first] = due
        if (!first || this.closing.signal.aborted) return
        if (first.reason === 'part') await this.complete(self.id, first)
        else await this.readAgain(self.id, first.chatId, due)
        await sleep(LOOK_AFTER_MS, this.closing.signal)
      }
    } catch (error) {
      if (!this.closing.signal.aborted) log.info({ err: error }, 'what could not be read is read again later')
    }
  }

  private async complete(accountId: MarkedId, { chatId, messageId }: { chatId: MarkedId; messageId: number }) {
    this.postpone([{ chatId, messageId }])
    const askedAtMs = performance.now()
    const found = await this.options.reader.richMessage(chatId, messageId, this.callOptions)
    this.take(accountId, found, askedAtMs)
  }

  private async readAgain(
    accountId: MarkedId,
    chatId: MarkedId,
    due: readonly { chatId: MarkedId; messageId: number }[],
  ): Promise<void> {
    const { reader, store } = this.options
    const wanted = due.filter((each) => each.chatId === chatId && each.messageId > 0).slice(0, BATCH)
    const ids = wanted.map(({ messageId }) => messageId)
    // Where it is not known which message it is, nothing can be asked for.
    if (ids.length === 0) return this.postpone(due.filter((each) => each.chatId === chatId))
    this.postpone(wanted)
    const askedAtMs = performance.now()
    const found = await reader.messagesById(chatId, ids, this.callOptions)
    this.take(accountId, found, askedAtMs)
    const seen = new Set([...found.messages, ...found.unreadable].map(({ messageId }) => messageId))
    store.transaction(() => {
      const { revision } = store.unreadable
      for (const id of ids) if (!seen.has(id)) store.unreadable.settle(accountId, chatId, id)
      if (store.unreadable.revision !== revision) store.events.add('coverage', {})
    })
  }

  /** `askedAtMs`: what was heard since is newer. */
  private take(accountId: MarkedId, { messages, unreadable, changes, peers }: NamedMessages, askedAtMs: number): void {
    const { ingestion } = this.options
    const backfilled = messages.map((message) => ({ ...message, flags: message.flags | MessageFlag.backfilled }))
    ingestion.accept(accountId, {
      ...{ ...peers, messages: backfilled, cursors: [], changes, unreadable },
      askedAtMs,
    })
    ingestion.drain()
  }

  private isDue({ chatId, messageId }: { chatId: MarkedId; messageId: number }): boolean {
    return (this.laterMs.get(`${chatId} ${messageId}`) ?? 0) <= performance.now()
  }

  private postpone(messages: readonly { chatId: MarkedId; messageId: number }[]): void {
    if (this.laterMs.size > BATCH * 100) this.laterMs.clear()
    for (const { chatId, messageId } of messages)
      this.laterMs.set(`${chatId} ${messageId}`, performance.now() + AGAIN_MS)
  }

  private get callOptions() {
    return { priority: 'background' as const, signal: this.closing.signal, timeoutMs: CALL_MS }
  }
}
