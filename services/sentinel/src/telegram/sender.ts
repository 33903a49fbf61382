import type { MarkedId } from '../model'
import type { Caller, CallerOptions } from './caller'
import { inputChannelOf } from './peer'
import { sendText, type Sent, type TextOptions } from './sending'
import { TelegramError } from './telegram-error'
import { toFailure } from './telegram-failure'

/** What this program does in the account's name. Who may be written to is for its callers to judge, before they call. */
export class TelegramSender {
  constructor(private readonly caller: Caller) {}

  /** Sends a plain text; `chatId` null is Saved Messages. @throws ApiError */
  async send(chatId: MarkedId | null, text: string, options: CallerOptions): Promise<Sent> {
    const sent = await this.sendOnce(chatId, text, options)
    if (!sent) throw toFailure(new TelegramError('SEND_UNCONFIRMED', 0))
    return sent
  }

  /** The same, with marks; undefined where Telegram has what bears this key already. @throws ApiError */
  async sendOnce(chatId: MarkedId | null, text: string, options: TextOptions): Promise<Sent | undefined> {
    try {
      return await sendText(this.caller, chatId, text, options)
    } catch (error) {
      throw toFailure(error)
    }
  }

  /** Joins a public channel or supergroup; nothing happens where the account is in it. @throws ApiError */
  async join(chatId: MarkedId, options: CallerOptions): Promise<void> {
    const { Api } = await import('./gramjs')
    await this.caller.call({ ...options, method: 'channels.joinChannel' }, async (connection, signal) => {
      const channel = await inputChannelOf(connection, chatId)
      return connection.call(new Api.channels.JoinChannel({ channel }), signal)
    })
  }
}
