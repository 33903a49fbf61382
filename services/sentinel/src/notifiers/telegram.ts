import { ApiError } from '@tgsentinel/kernel/errors'
import { SECOND } from '@tgsentinel/kernel/time'
import type { StyledText } from '../styled-text'
import { later, SENT, unready, type Notifier, type OnText, type Outcome, type Told } from './notifier'
import { pagesOf } from './writing'

/** What Telegram takes in one message. */
export const MAX_MESSAGE = 4096

export interface TelegramMessage {
  /** `me`, `@name` or a marked id. */
  chat: string
  topicId: number | null
  text: StyledText
  /** A message that is sent again under the same key is one message. */
  key: string
}

/** Writes in the account's name, where that is allowed. @throws ApiError */
export type TelegramDoor = (message: TelegramMessage, signal: AbortSignal) => Promise<void>

/** Saved Messages, or a chat that TG_SEND_ALLOW names. What is long goes in several messages, each of which is written once. */
export class TelegramNotifier implements Notifier {
  constructor(
    private readonly chat: string,
    private readonly topicId: number | null,
    private readonly write: TelegramDoor,
    private readonly onText: OnText,
  ) {}

  async send({ messageId, body }: Told, signal: AbortSignal): Promise<Outcome> {
    try {
      for (const [index, text] of pagesOf(body, MAX_MESSAGE).entries()) {
        this.onText(text.text, null)
        await this.write({ chat: this.chat, topicId: this.topicId, text, key: `${messageId}:${index}` }, signal)
      }
      return SENT
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      return outcomeOf(error)
    }
  }
}

/** They say nothing of the chat: without a connection, a session or room in the queue nobody can be told. */
const OURS = new Set([
  'NOT_SIGNED_IN',
  'SESSION_ENDED',
  'NEEDS_APP',
  'FLOOD_WAIT',
  'QUEUE_FULL',
  'UNAVAILABLE',
  'STORAGE_UNAVAILABLE',
  'TELEGRAM_UNREACHABLE',
  'TELEGRAM_TIMEOUT',
])

function outcomeOf({ code, message, options }: ApiError): Outcome {
  const waitMs = options.retryAfterS === undefined ? null : options.retryAfterS * SECOND
  return OURS.has(code) ? unready(message, waitMs) : later(message, waitMs)
}
