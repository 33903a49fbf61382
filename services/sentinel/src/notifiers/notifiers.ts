import type { Outgoing } from '../outgoing/outgoing'
import type { StoredDestination } from '../store/destinations'
import { AppriseNotifier } from './apprise'
import { BotNotifier, type BotDoor } from './bot'
import { DiscordNotifier } from './discord'
import { EmailNotifier } from './email'
import { GotifyNotifier } from './gotify'
import { MatrixNotifier } from './matrix'
import type { AnswerLinks, Notifier, OnText } from './notifier'
import { NtfyNotifier } from './ntfy'
import { SlackNotifier } from './slack'
import { TelegramNotifier, type TelegramDoor } from './telegram'
import { WebPushNotifier, type PushKeys } from './web-push'
import { WebhookNotifier } from './webhook'

/** What notifiers reach the world by. */
export interface Doors {
  outgoing: Outgoing
  telegram: TelegramDoor
  bot: BotDoor
  /** By which push services know this sentinel. */
  pushKeys: () => PushKeys
  onText: OnText
  answers: Pick<AnswerLinks, 'url'>
  now: () => number
}

/** What sends to a destination as it is now. */
export function notifierOf({ target, secrets }: Pick<StoredDestination, 'target' | 'secrets'>, doors: Doors): Notifier {
  const { outgoing, telegram, bot, pushKeys, onText, answers, now } = doors
  switch (target.kind) {
    case 'saved_messages':
      return new TelegramNotifier('me', null, telegram, onText)
    case 'chat':
      return new TelegramNotifier(target.chat, target.topic_id ?? null, telegram, onText)
    case 'bot':
      return new BotNotifier(target.chat_id === undefined ? null : Number(target.chat_id), bot, onText)
    case 'webhook':
      return new WebhookNotifier(target.url, secrets, outgoing, now)
    case 'ntfy':
      return new NtfyNotifier(target, secrets, outgoing, answers)
    case 'gotify':
      return new GotifyNotifier(target, secrets, outgoing)
    case 'email':
      return new EmailNotifier(target, secrets, outgoing)
    case 'discord':
      return new DiscordNotifier(secrets, outgoing)
    case 'slack':
      return new SlackNotifier(secrets, outgoing)
    case 'matrix':
      return new MatrixNotifier(target, secrets, outgoing)
    case 'apprise':
      return new AppriseNotifier(target, secrets, outgoing)
    case 'web_push':
      return new WebPushNotifier(target, secrets, pushKeys(), outgoing)
    default:
      return target satisfies never
  }
}
