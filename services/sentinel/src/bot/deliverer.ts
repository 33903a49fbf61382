import { SECOND, sleep } from '@tgsentinel/kernel/time'
import type { BotConfig } from '../config'
import { later, SENT, unready, type Outcome } from '../notifiers/notifier'
import type { BotMessage } from '../notifiers/bot'
import type { Mark } from '../styled-text'
import type { BotApi, MessageEntity } from './bot-api'
import { BotApiError } from './bot-api-error'
import type { Outbox } from './outbox'

/** Deliveries that go by the bot: each is tried once, since its row says when it is tried again. */
export class Deliverer {
  constructor(
    private readonly config: BotConfig | undefined,
    private readonly outbox: Outbox,
    /** Undefined while the Bot API takes nothing. */
    private readonly api: () => BotApi | undefined,
  ) {}

  /** It throws nothing that the Bot API says. */
  async deliver(chatId: number | null, { text, marks, keyboard }: BotMessage, signal: AbortSignal): Promise<Outcome> {
    const to = chatId ?? this.config?.admins[0]
    if (to === undefined)
      return later('No bot is set up. Set TG_BOT_TOKEN and TG_BOT_ADMINS, and restart the sentinel.')
    const api = this.api()
    if (!api) return unready('The bot does not run now. Its state says why.')
    try {
      await sleep(this.outbox.pauseMs(to), signal)
      await api.send(to, { text, entities: marks.map(entityOf), keyboard })
      this.outbox.remember(to)
      return SENT
    } catch (error) {
      if (error instanceof BotApiError) return outcomeOf(error)
      if (signal.aborted) return unready("Telegram's Bot API did not answer in time.")
      throw error
    }
  }
}

function entityOf({ kind, offset, length, url = '' }: Mark): MessageEntity {
  return kind === 'link' ? { type: 'text_link', offset, length, url } : { type: kind, offset, length }
}

function outcomeOf({ type, retryAfterS, movedTo }: BotApiError): Outcome {
  if (movedTo !== null)
    return later(`This group has become a supergroup. Give its new id, ${movedTo}, to the destination.`)
  switch (type) {
    case 'flood':
      return unready("Telegram's Bot API asks to wait.", retryAfterS * SECOND)
    case 'forbidden':
      return later('The chat has shut the bot out. Start the bot there, or add it again.')
    case 'rejected':
      return later('The Bot API does not take this message, or knows no such chat. Start the bot there first.')
    case 'refused':
      return unready(
        'Telegram does not accept the token of the bot. Set a valid TG_BOT_TOKEN and restart the sentinel.',
      )
    case 'conflict':
    case 'unreachable':
      return unready("Telegram's Bot API cannot be reached now.")
    default:
      return type satisfies never
  }
}
