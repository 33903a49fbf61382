import { ApiError } from '@tgsentinel/kernel/errors'
import type { Logger } from '@tgsentinel/kernel/log'
import { MINUTE, SECOND } from '@tgsentinel/kernel/time'
import type { MarkedId } from './model'
import type { Store } from './store/store'
import type { TelegramReader } from './telegram/reader'

/** Telegram gives so many messages at once. */
const PAGE = 100
const PAUSE_MS = 2 * SECOND
/** Of a chat; whoever writes beyond that is met another time. */
const MAX_WAITING = 5000
const MAX_CHATS = 1000
const MAX_TRIED = 20_000
/** In a row; after that those who wait in the chat stay unknown. */
const MAX_FAILURES = 3
/** Of the account or of the network, not of the chat. */
const PASSING = [
  'FLOOD_WAIT',
  'QUEUE_FULL',
  'TELEGRAM_UNREACHABLE',
  'TELEGRAM_TIMEOUT',
  'NOT_SIGNED_IN',
  'SESSION_ENDED',
]
const OVER = ['CHAT_CLOSED', 'NOT_FOUND']

interface StrangerStore extends Pick<Store, 'transaction'> {
  chats: Pick<Store['chats'], 'saveUser' | 'saveChat'>
}

/**
 * Finds out who those are that wrote and of whom Telegram told nothing but the id: it asks for one of their messages again, since
 * an answer names the people in it. Lazily, a chat at a time; whoever is not named then stays unknown.
 */
export class Strangers {
  /** By chat: a message of each. */
  private readonly waiting = new Map<MarkedId, Map<MarkedId, number>>()
  private readonly failures = new Map<MarkedId, number>()
  private readonly tried = new Set<MarkedId>()
  private readonly closing = new AbortController()
  private timer: NodeJS.Timeout | undefined

  constructor(
    private readonly reader: Pick<TelegramReader, 'people'>,
    private readonly store: StrangerStore,
    private readonly log: Logger,
  ) {}

  notice(chatId: MarkedId, messageId: number, userId: MarkedId): void {
    if (this.tried.has(userId)) return
    const messages = this.waiting.get(chatId) ?? new Map<MarkedId, number>()
    if (messages.size >= MAX_WAITING || (!this.waiting.has(chatId) && this.waiting.size >= MAX_CHATS)) return
    this.waiting.set(chatId, messages.set(userId, messageId))
    this.askSoon(PAUSE_MS)
  }

  /** Idempotent. */
  close(): void {
    this.closing.abort()
    clearTimeout(this.timer)
  }

  private askSoon(delayMs: number): void {
    if (this.closing.signal.aborted) return
    this.timer ??= setTimeout(() => void this.ask(), delayMs).unref()
  }

  private async ask(): Promise<void> {
    const [chatId, messages] = this.waiting.entries().next().value ?? []
    let delayMs = PAUSE_MS
    if (chatId !== undefined && messages) {
      const asked = [...messages].slice(0, PAGE)
      try {
        await this.learn(chatId, asked)
        this.failures.delete(chatId)
        this.forget(chatId, messages, asked)
      } catch (error) {
        delayMs = MINUTE
        this.postpone(chatId, messages, error)
      }
    }
    this.timer = undefined
    if (this.waiting.size > 0) this.askSoon(delayMs)
  }

  private async learn(chatId: MarkedId, asked: [MarkedId, number][]): Promise<void> {
    const options = { priority: 'background' as const, timeoutMs: MINUTE, signal: this.closing.signal }
    const ids = asked.map(([, messageId]) => messageId)
    const { users, chats } = await this.reader.people(chatId, ids, options)
    this.store.transaction(() => {
      for (const user of users) this.store.chats.saveUser(user)
      for (const chat of chats) this.store.chats.saveChat(chat)
    })
  }

  private forget(chatId: MarkedId, messages: Map<MarkedId, number>, asked: [MarkedId, number][]): void {
    if (this.tried.size >= MAX_TRIED) this.tried.clear()
    for (const [userId] of asked) {
      messages.delete(userId)
      this.tried.add(userId)
    }
    if (messages.size === 0) this.waiting.delete(chatId)
  }

  /** The others go first. What neither passes by waiting nor is over at once is given up after some failures. */
  private postpone(chatId: MarkedId, messages: Map<MarkedId, number>, error: unknown): void {
    if (this.closing.signal.aborted) return
    this.log.info({ err: error, chat_id: chatId }, 'unknown senders stay unknown for now')
    const code = error instanceof ApiError ? error.code : 'INTERNAL'
    const failures = (this.failures.get(chatId) ?? 0) + (PASSING.includes(code) ? 0 : 1)
    this.waiting.delete(chatId)
    this.failures.delete(chatId)
    if (OVER.includes(code)) return
    if (failures >= MAX_FAILURES) return this.forget(chatId, messages, [...messages])
    this.waiting.set(chatId, messages)
    this.failures.set(chatId, failures)
  }
}
