import { createHash, randomBytes } from 'node:crypto'
import type { MarkedId } from '../model'
import type { Mark } from '../styled-text'
import type { Caller, CallerOptions } from './caller'
import { inputPeerOf } from './peer'
import { TelegramError, toTelegramError } from './telegram-error'

type GramJs = typeof import('./gramjs')

import { isTl, tlList, tlNumber, type TlObject } from './tl'

export interface Sent {
  messageId: number
  /** Unix seconds. */
  date: number
}

/** What is written, and how. */
export interface TextOptions extends CallerOptions {
  /** A text that is sent again under the same key is sent once: Telegram refuses the second. */
  key?: string
  /** Parts that stand out; nothing in the text itself is markup. */
  marks?: readonly Mark[]
  topicId?: number | null
}

/**
 * Sends a text; `chatId` null is Saved Messages. Who may be written to is the caller's to judge.
 * Undefined where Telegram has it already.
 * @throws ApiError
 */
export async function sendText(
  caller: Caller,
  chatId: MarkedId | null,
  text: string,
  { key, marks = [], topicId = null, ...options }: TextOptions,
): Promise<Sent | undefined> {
  const { Api, helpers } = await import('./gramjs')
  const bytes = key === undefined ? randomBytes(8) : createHash('sha256').update(key).digest().subarray(0, 8)
  // The same for a repeat of this call: Telegram refuses to send it twice (core.telegram.org/method/messages.sendMessage).
  const randomId = helpers.readBigIntFromBuffer(bytes, true, true)
  const entities = marks.map((mark) => entityOf(Api, mark))
  // What is written into a topic answers the message that opened it.
  const replyTo =
    topicId === null ? undefined : new Api.InputReplyToMessage({ replyToMsgId: topicId, topMsgId: topicId })
  const extra = { ...(entities.length > 0 && { entities }), ...(replyTo && { replyTo }) }
  const answer = await caller.call({ ...options, method: 'messages.sendMessage' }, async (connection, signal) => {
    const peer = chatId === null ? new Api.InputPeerSelf() : await inputPeerOf(connection, chatId)
    const request = new Api.messages.SendMessage({ peer, message: text, randomId, noWebpage: true, ...extra })
    return connection.call(request, signal).catch((error: unknown) => {
      if (key !== undefined && toTelegramError(error).type === 'RANDOM_ID_DUPLICATE') return null
      throw error
    })
  })
  return answer === null ? undefined : sentOf(answer as unknown as TlObject)
}

function entityOf(Api: GramJs['Api'], { kind, offset, length, url = '' }: Mark) {
  switch (kind) {
    case 'bold':
      return new Api.MessageEntityBold({ offset, length })
    case 'italic':
      return new Api.MessageEntityItalic({ offset, length })
    case 'code':
      return new Api.MessageEntityCode({ offset, length })
    case 'link':
      return new Api.MessageEntityTextUrl({ offset, length, url })
    default:
      return kind satisfies never
  }
}

/** A private chat answers with a short form, any other with an envelope. */
function sentOf(answer: TlObject): Sent {
  if (answer.className === 'UpdateShortSentMessage')
    return { messageId: tlNumber(answer['id']) ?? 0, date: tlNumber(answer['date']) ?? 0 }
  const message = tlList(answer['updates'])
    .map((update) => update['message'])
    .find(isTl)
  const messageId = tlNumber(message?.['id'])
  if (messageId === null) throw new TelegramError('SEND_UNCONFIRMED', 0)
  return { messageId, date: tlNumber(message?.['date']) ?? 0 }
}
