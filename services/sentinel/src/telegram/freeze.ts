import { HOUR, SECOND } from '@tgsentinel/kernel/time'
import type { ConnectingOptions } from './connecting'
import type { Connection } from './connection'
import type { TelegramError } from './telegram-error'
import { isTl, tlList, tlNumber, tlText } from './tl'

/** What Telegram says of the freezing of an account; null for what it does not say. Unix milliseconds. */
export interface Freeze {
  sinceMs: number | null
  untilMs: number | null
  appealUrl: string | null
}

/** A frozen account is tried again so often. */
export const FROZEN_RETRY_MS = HOUR

const FROZEN = new Set(['FROZEN_METHOD_INVALID', 'FROZEN_PARTICIPANT_MISSING'])

/** core.telegram.org/api/auth#frozen-accounts */
export function isFrozen(error: TelegramError): boolean {
  return FROZEN.has(error.type)
}

/** Since when, until when, and where to appeal; a frozen account may ask that. @throws TelegramError */
export async function readFreeze(
  connection: Connection,
  { queue, scope }: Pick<ConnectingOptions, 'queue' | 'scope'>,
  signal: AbortSignal,
): Promise<Freeze> {
  const { Api } = await import('./gramjs')
  const answer: unknown = await queue.run({ method: 'help.getAppConfig', scope, signal }, (callSignal) =>
    connection.call(new Api.help.GetAppConfig({ hash: 0 }), callSignal),
  )
  return freezeOf(answer)
}

/** Of a help.appConfig; Telegram leaves out what does not hold, or gives 0 for it. */
export function freezeOf(answer: unknown): Freeze {
  const config = isTl(answer) && isTl(answer['config']) ? tlList(answer['config']['value']) : []
  const values = new Map(config.map((entry) => [tlText(entry['key']), isTl(entry['value']) && entry['value']['value']]))
  const moment = (key: string) => (tlNumber(values.get(key)) || null) && (tlNumber(values.get(key)) ?? 0) * SECOND
  return {
    sinceMs: moment('freeze_since_date'),
    untilMs: moment('freeze_until_date'),
    appealUrl: webAddress(tlText(values.get('freeze_appeal_url'))),
  }
}

/** It becomes a link on the page. */
function webAddress(text: string): string | null {
  return /^https:\/\/\S+$/i.test(text) ? text : null
}
