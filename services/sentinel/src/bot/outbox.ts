import type { Logger } from '@tgsentinel/kernel/log'
import { backoffMs, SECOND, sleep } from '@tgsentinel/kernel/time'
import { BotApiError } from './bot-api-error'
import type { Keyboard } from '../answer-buttons'
import { pagesOf } from './pages'

/** core.telegram.org/bots/faq: more than one message a second in one chat brings 429 in the end. */
const PACE_MS = SECOND
const MAX_WAITING = 50
const REPLY_ATTEMPTS = 5
const MAX_REMEMBERED = 1000

/** A text, and the buttons below it. */
export interface BotText {
  text: string
  keyboard?: Keyboard
}

interface Line {
  tail: Promise<unknown>
  waiting: number
}

/**
 * Messages of the bot, in order within a chat. Where Telegram asks to wait, the chat waits. Telegram has no means against a message
 * sent twice: one whose acknowledgement was lost with the connection may come again.
 */
export class Outbox {
  private readonly lines = new Map<number, Line>()
  private readonly sentAtMs = new Map<number, number>()

  constructor(
    /** Sends one message; fails with a BotApiError. */
    private readonly post: (chatId: number, message: BotText) => Promise<void>,
    private readonly log: Logger,
    private readonly signal: AbortSignal,
  ) {}

  /** How long to wait before a chat is told something that nobody asked for. */
  pauseMs(chatId: number): number {
    return Math.max(0, (this.sentAtMs.get(chatId) ?? 0) + PACE_MS - Date.now())
  }

  /** Answers: at once where nothing waits before it, in pages where it is long. Never throws; what cannot be sent is logged. */
  async reply(chatId: number, text: string): Promise<void> {
    try {
      for (const [index, page] of pagesOf(text).entries()) {
        if (index > 0) await sleep(this.pauseMs(chatId), this.signal)
        await this.send(chatId, { text: page }, REPLY_ATTEMPTS)
      }
    } catch (error) {
      if (!this.signal.aborted) this.log.warn({ err: error, chat_id: chatId }, 'an answer of the bot could not be sent')
    }
  }

  /** Sends one message once those before it are sent. @throws BotApiError after so many attempts */
  async send(chatId: number, message: BotText, attempts: number): Promise<void> {
    const line = this.lines.get(chatId) ?? { tail: Promise.resolve(), waiting: 0 }
    if (line.waiting >= MAX_WAITING) throw new BotApiError('unreachable', 'too many messages wait for this chat')
    this.lines.set(chatId, line)
    line.waiting += 1
    const result = line.tail.then(() => this.deliver(chatId, message, attempts))
    line.tail = result.catch(() => undefined)
    try {
      await result
    } finally {
      line.waiting -= 1
      if (line.waiting === 0) this.lines.delete(chatId)
    }
  }

  private async deliver(chatId: number, message: BotText, attempts: number): Promise<void> {
    for (let attempt = 0; ;) {
      this.signal.throwIfAborted()
      try {
        await this.post(chatId, message)
        return this.remember(chatId)
      } catch (error) {
        if (!(error instanceof BotApiError)) throw error
        if (error.type === 'flood') {
          await sleep(error.retryAfterS * SECOND, this.signal)
          continue
        }
        attempt += 1
        if (error.type !== 'unreachable' || attempt >= attempts) throw error
        await sleep(backoffMs(attempt, SECOND, 30 * SECOND, Math.random()), this.signal)
      }
    }
  }

  /** Notes that a chat was sent something now. */
  remember(chatId: number): void {
    if (this.sentAtMs.size >= MAX_REMEMBERED) this.sentAtMs.clear()
    this.sentAtMs.set(chatId, Date.now())
  }
}
