import { SECOND } from '@tgsentinel/kernel/time'
import bigInt from 'big-integer'
import { Api, type TelegramClient } from './gramjs'

const PING_EVERY_MS = 9 * SECOND
/** Unanswered for so long, pings tell that the connection is dead though its socket is open. */
const SILENCE_MS = 30 * SECOND
/** How long Telegram keeps a connection that does not ping any more. */
const DISCONNECT_DELAY_S = 60

/**
 * Pings a connection (core.telegram.org/mtproto/service_messages) for as long as it lasts. It takes the place of GramJS's
 * loop, whose timers keep a process from ending and which reconnects by itself after the client is gone.
 */
export class KeepAlive {
  private readonly timer: NodeJS.Timeout
  private answeredAtMs = performance.now()
  private sent = 0

  /** `onSilence` may be told more than once. */
  constructor(
    private readonly client: TelegramClient,
    private readonly onSilence: () => void,
  ) {
    Object.assign(client, { _loopStarted: true })
    this.timer = setInterval(() => this.ping(), PING_EVERY_MS).unref()
  }

  close(): void {
    clearInterval(this.timer)
  }

  private ping(): void {
    const sender = this.client._sender
    if (!sender?.isConnected()) {
      this.answeredAtMs = performance.now()
      return
    }
    if (performance.now() - this.answeredAtMs > SILENCE_MS) return this.onSilence()
    const ping = new Api.PingDelayDisconnect({ pingId: bigInt(++this.sent), disconnectDelay: DISCONNECT_DELAY_S })
    void Promise.resolve(sender.send(ping)).then(
      () => (this.answeredAtMs = performance.now()),
      () => undefined,
    )
  }
}
