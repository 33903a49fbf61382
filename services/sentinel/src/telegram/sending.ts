import { randomBytes } from 'node:crypto'
import type { MarkedId } from '../model'
import type { Caller, CallerOptions } from './caller'
import { inputPeerOf } from './peer'
import { TelegramError } from './telegram-error'
import { isTl, tlList, tlNumber, type TlObject } from './tl'

export interface Sent {
  messageId: number
  /** Unix seconds. */
  date: number
}

/**
 * Sends a plain text; `chatId` null is Saved Messages. Who may be written to is the caller's to judge.
 * @throws ApiError
 */
export async function sendText(
  caller: Caller,
  chatId: MarkedId | null,
  text: string,
  options: CallerOptions,
): Promise<Sent> {
  const { Api, helpers } = await import('./gramjs')
  // The same for a repeat of this call: Telegram refuses to send it twice (core.telegram.org/method/messages.sendMessage).
  const randomId = helpers.readBigIntFromBuffer(randomBytes(8), true, true)
  const answer = await caller.call({ ...options, method: 'messages.sendMessage' }, async (connection, signal) => {
    const peer = chatId === null ? new Api.InputPeerSelf() : await inputPeerOf(connection, chatId)
    return connection.call(new Api.messages.SendMessage({ peer, message: text, randomId, noWebpage: true }), signal)
  })
  return sentOf(answer as unknown as TlObject)
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
