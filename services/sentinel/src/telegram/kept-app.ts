import type { TelegramApp } from '../config'
import type { TelegramOptions } from './owner-facts'

type Settings = TelegramOptions['settings']

/** The Telegram application that somebody entered; undefined where nobody did. */
export function keptApp(settings: Settings): TelegramApp | undefined {
  const apiHash = settings.get('telegram_api_hash')
  return apiHash === undefined ? undefined : { apiId: settings.number('telegram_api_id'), apiHash }
}

export function keepApp(settings: Settings, { apiId, apiHash }: TelegramApp): void {
  settings.set('telegram_api_id', apiId)
  settings.set('telegram_api_hash', apiHash)
}
