import { randomBytes } from 'node:crypto'
import type { Logger } from '@tgsentinel/kernel/log'
import { HOUR, isoMoment } from '@tgsentinel/kernel/time'
import { profileNames } from '../alert-profiles'
import type { Alerts } from '../alerts'
import { asHeard } from '../hearing'
import type { Labels } from '../learning/labels'
import {
  failure,
  type Alert,
  type Answer,
  type AnswerLinkView,
  type Answered,
  type AnswerTokens,
  type LabelSource,
} from '../model'
import type { SnoozePlace } from '../store/snoozes'
import type { StoredDestination } from '../store/destinations'
import type { Store } from '../store/store'
import { expiryOf, linkFrom, tokenOf, type SignedLink } from './answer-token'

export interface AnswersOptions {
  store: Store
  alerts: Alerts
  labels: () => Labels
  /** Address of the page as the owner's devices reach it, with a slash at the end; undefined where nobody said. */
  publicUrl: string | undefined
  log: Logger
  now: () => number
}

/** Who says something of an alert, and for which of its profiles. */
export interface Answerer {
  source: LabelSource
  /** Where the alert was told; null: by a chat of the bot, which hears everything. */
  destinationId: number | null
  place: SnoozePlace
}

const SNOOZE_MS = HOUR
const KEY_BYTES = 32

/** What the owner says of an alert right where it was told: wanted, not wanted, or told again in an hour. */
export class Answers {
  constructor(private readonly options: AnswersOptions) {}

  /** Of the links that say it, for whoever is told of an alert at a destination. */
  tokens(alertId: number, destinationId: number): AnswerTokens {
    const expiresAtMs = expiryOf(this.options.now())
    const token = (answer: Answer) => tokenOf(this.key, { alertId, destinationId, answer, expiresAtMs })
    return { wanted: token('wanted'), not_wanted: token('not_wanted'), snooze: token('snooze') }
  }

  /** Where a link is reached from outside; null where nobody said under which name. */
  url(token: string): string | null {
    const { publicUrl } = this.options
    return publicUrl === undefined ? null : `${publicUrl}a/${token}`
  }

  /** What a link would say. @throws ApiError NOT_FOUND, LINK_USED, LINK_EXPIRED */
  link(token: string): AnswerLinkView {
    const { alertId, destinationId, answer, expiresAtMs } = this.usable(token)
    const alert = this.heardBy(alertId, destinationId)
    return {
      alert_id: alertId,
      answer,
      profiles: alert.profiles.map(({ name }) => name),
      created_at: alert.created_at,
      expires_at: isoMoment(expiresAtMs),
    }
  }

  /** Says what a link says; it works no second time. @throws ApiError NOT_FOUND, LINK_USED, LINK_EXPIRED, CONFLICT */
  use(token: string): { answered: Answered; message: string } {
    const { store, log } = this.options
    const { alertId, destinationId, answer, expiresAtMs, signature } = this.usable(token)
    const source = sourceOf(store.destinations.find(destinationId))
    const result = store.transaction(() => {
      store.usedLinks.use(signature, expiresAtMs)
      return this.give(alertId, answer, { source, destinationId, place: { destinationId } })
    })
    log.info({ alert_id: alertId, destination_id: destinationId, answer, source }, 'an alert was answered by a link')
    return result
  }

  /** @throws ApiError NOT_FOUND, CONFLICT where none of its profiles is left */
  give(alertId: number, answer: Answer, by: Answerer): { answered: Answered; message: string } {
    const alert = this.heardBy(alertId, by.destinationId)
    if (answer === 'snooze') return this.snooze(alert, by)
    const names = this.label(alert, answer === 'wanted', by.source)
    const message = `${answer === 'wanted' ? 'Wanted' : 'Not wanted'}: kept for ${names}.`
    return { answered: { alert_id: alertId, answer, snoozed_until: null }, message }
  }

  private snooze(alert: Alert, { place }: Answerer) {
    const until = isoMoment(this.options.now() + SNOOZE_MS)
    this.options.alerts.change(alert.id, { snoozed_until: until }, place)
    const answered = { alert_id: alert.id, answer: 'snooze' as const, snoozed_until: until }
    return { answered, message: 'Snoozed: it is told again in an hour.' }
  }

  /** Names of the profiles that it was kept for. */
  private label(alert: Alert, relevant: boolean, source: LabelSource): string {
    const { store, alerts, labels } = this.options
    const known = alert.profiles.filter(({ id }) => store.profiles.find(id))
    if (known.length === 0)
      throw failure('CONFLICT', 'The profiles that found it were deleted: nothing is left to learn from this.')
    store.transaction(() => {
      for (const { id } of known) labels().put(id, Number(alert.chat.id), alert.message_id, relevant, source)
      if (!alert.read) alerts.change(alert.id, { read: true })
    })
    return profileNames({ profiles: known })
  }

  private heardBy(alertId: number, destinationId: number | null): Alert {
    const { alerts, store } = this.options
    const alert = alerts.get(alertId)
    return destinationId === null ? alert : asHeard(store.destinations.find(destinationId), alert)
  }

  private usable(token: string): SignedLink {
    const { store, now } = this.options
    const link = linkFrom(this.key, token)
    if (!link) throw failure('NOT_FOUND', 'There is no such link. Answer on the page.')
    if (link.expiresAtMs <= now()) throw failure('LINK_EXPIRED', 'The time of this link is over. Answer on the page.')
    if (store.usedLinks.has(link.signature)) throw failure('LINK_USED', 'This was said already. Change it on the page.')
    return link
  }

  /** Links are signed by it: made once, and kept. */
  private get key(): Buffer {
    const { settings } = this.options.store
    const kept = settings.get('answer_key')
    if (kept !== undefined) return Buffer.from(kept, 'base64')
    const key = randomBytes(KEY_BYTES)
    settings.set('answer_key', key.toString('base64'))
    return key
  }
}

/** A destination that is gone by now had buttons of one of the two. */
function sourceOf(destination: StoredDestination | undefined): LabelSource {
  return destination?.target.kind === 'ntfy' ? 'ntfy' : 'web_push'
}
