import { ApiError } from '@tgsentinel/kernel/errors'
import type { Logger } from '@tgsentinel/kernel/log'
import { HOUR, MINUTE, SECOND } from '@tgsentinel/kernel/time'
import type { Bus } from '../bus/bus'
import { GENERAL_TOPIC, type MarkedId } from '../model'
import type { Store } from '../store/store'
import type { TelegramReader } from '../telegram/reader'

export interface TopicsOptions {
  reader: Pick<TelegramReader, 'self' | 'topics'>
  store: Pick<Store, 'chats' | 'dialogs' | 'transaction'>
  bus: Bus
  log: Logger
}

/** One forum after another, with a pause before the next. */
const PAUSE_MS = SECOND
const CALL_MS = MINUTE
/** A forum is not asked again before, whatever is posted there. */
const AGAIN_MS = 10 * MINUTE
/** One that does not tell its topics. */
const REFUSED_MS = 12 * HOUR
const REMEMBERED = 10_000
const FINAL = ['CHAT_CLOSED', 'ADMIN_NEEDED', 'NOT_FOUND', 'TELEGRAM_REFUSED']

/**
 * Knows what the topics of forums are called: service messages tell of those that are made or renamed while somebody listens; the
 * others are read, each forum of the list once, and again when a message comes in a topic without a title.
 */
export class Topics {
  private readonly closing = new AbortController()
  private readonly notBeforeMs = new Map<MarkedId, number>()
  private readonly wanted = new Set<MarkedId>()
  private listSeen = -1
  private timer: NodeJS.Timeout | undefined
  private run: Promise<void> | null = null
  private leave: () => void = () => undefined

  constructor(private readonly options: TopicsOptions) {}

  start(): void {
    const rings = (['messages', 'events'] as const).map((ring) => this.options.bus.onRing(ring, () => this.lookSoon()))
    this.leave = () => rings.forEach((leave) => leave())
    this.lookSoon()
  }

  private lookSoon(): void {
    if (this.closing.signal.aborted || this.run) return
    this.timer ??= setTimeout(() => this.look(), PAUSE_MS).unref()
  }

  /** Resolves once nothing is asked any more. */
  async close(): Promise<void> {
    this.closing.abort()
    clearTimeout(this.timer)
    this.leave()
    await this.run
  }

  private look(): void {
    this.timer = undefined
    const { self } = this.options.reader
    if (!self) return
    this.noteWanted(self.id)
    const isDue = (id: MarkedId) => (this.notBeforeMs.get(id) ?? 0) <= performance.now()
    const chatId = [...this.wanted].find(isDue)
    if (chatId === undefined) return
    this.run ??= this.read(chatId).finally(() => {
      this.run = null
      this.lookSoon()
    })
  }

  /** Forums of a new list that were never read, and those in which something was posted in a topic that nobody knows. */
  private noteWanted(accountId: MarkedId): void {
    const { chats, dialogs } = this.options.store
    for (const chatId of chats.takeUntitled()) this.wanted.add(chatId)
    if (this.listSeen === dialogs.generation) return
    this.listSeen = dialogs.generation
    for (const chatId of dialogs.chatIds(accountId))
      if (chats.isForum(chatId) && chats.titleOfTopic(chatId, GENERAL_TOPIC) === null) this.wanted.add(chatId)
  }

  /** It never rejects. */
  private async read(chatId: MarkedId): Promise<void> {
    const { reader, store, log } = this.options
    this.postpone(chatId, AGAIN_MS)
    try {
      const options = { priority: 'background' as const, timeoutMs: CALL_MS, signal: this.closing.signal }
      const topics = await reader.topics(chatId, options)
      store.transaction(() => topics.forEach(({ id, title }) => store.chats.saveTopic(chatId, id, title)))
      this.wanted.delete(chatId)
    } catch (error) {
      if (this.closing.signal.aborted) return
      log.info({ err: error, chat_id: chatId }, 'topics of a forum are read later')
      const isFinal = error instanceof ApiError && FINAL.includes(error.code)
      this.postpone(chatId, isFinal ? REFUSED_MS : MINUTE)
    }
  }

  private postpone(chatId: MarkedId, delayMs: number): void {
    if (this.notBeforeMs.size >= REMEMBERED) this.notBeforeMs.clear()
    this.notBeforeMs.set(chatId, performance.now() + delayMs)
  }
}
