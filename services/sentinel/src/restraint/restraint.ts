import { asSeenBy } from '../alert-profiles'
import type { Bus } from '../bus/bus'
import { asHeard } from '../hearing'
import type { Alert, Restraint as RestraintView, RestraintDraft } from '../model'
import type { StoredDelivery } from '../store/deliveries'
import type { Store } from '../store/store'
import { capOf, holdOf, holdOfAll, isUrgent, pauseOf, UNTIL_RESUMED_MS, type Hold, type Judged } from './hold'
import { summaryOf } from './summary'

type Rules = RestraintDraft & { revision: number }

const NONE: Rules = {
  revision: 1,
  ...{ quiet_hours: [], urgent: { min_score: null, categories: [] }, caps: [], snoozes: [] },
  paused: { all: false, destinations: [] },
}

export interface RestraintOptions {
  store: Store
  bus: Bus
  zone: () => string
  now: () => number
}

/** Refuses a change that was made to another revision. */
export type RevisionCheck = (present: { revision: number }) => void

/**
 * When the owner is not to be disturbed. It is asked right before something is sent, so that the rules of that moment count; what it holds is
 * a row that waits, and is asked about again when its time has come or the rules become others.
 */
export class Restraint {
  private kept: Rules | undefined

  constructor(private readonly options: RestraintOptions) {}

  get view(): RestraintView {
    const { store } = this.options
    return { ...this.rules, held: store.heldDeliveries.count(), message: this.message }
  }

  /** What is held is looked at anew. @throws ApiError REVISION_CHANGED */
  set(draft: RestraintDraft, requireRevision: RevisionCheck): RestraintView {
    requireRevision(this.rules)
    const { store, bus, now } = this.options
    const snoozes = draft.snoozes.filter(({ until }) => Date.parse(until) > now())
    const rules: Rules = { ...draft, snoozes, revision: this.rules.revision + 1 }
    store.transaction(() => {
      store.settings.set('restraint', JSON.stringify(rules))
      this.lookAnew()
    })
    this.forget()
    store.afterCommit(() => {
      for (const ring of ['deliveries', 'events'] as const) bus.ring(ring)
    })
    return this.view
  }

  /** The rules are read anew: they were written, or what was written is no more. */
  forget(): void {
    this.kept = undefined
  }

  /** What decides became something else. In the caller's transaction; who sends is to be rung. */
  lookAnew(): void {
    const { store, now } = this.options
    store.heldDeliveries.release(now())
    store.events.add('delivery', {})
  }

  /** Whether an alert waits for the bot's chats, which have no caps. */
  isHeldForBot(alert: Alert): boolean {
    const { zone, now } = this.options
    const hold = (profile: Judged) => holdOf(this.rules, zone(), now(), profile)
    return (pauseOf(this.rules, null) ?? snoozeOf(alert, now()) ?? holdOfAll(judged(alert), hold)) !== null
  }

  isUrgent(alert: Alert): boolean {
    return judged(alert).some((profile) => isUrgent(this.rules, profile))
  }

  /** True where it is not sent now: it is held, or joined with others. It is to be looked what is next then. */
  restrain(delivery: StoredDelivery): boolean {
    const { store, now } = this.options
    const found = delivery.alertId === null ? undefined : store.alerts.find(delivery.alertId)
    const alert = found && asHeard(store.destinations.find(delivery.destinationId), found)
    const hold = this.holdFor(delivery, alert)
    if (hold) store.heldDeliveries.hold(delivery.id, hold.reason, hold.untilMs, now())
    return hold !== null || (alert !== undefined && this.isJoined(delivery, alert))
  }

  private holdFor(delivery: StoredDelivery, alert: Alert | undefined): Hold | null {
    const { zone, now, store } = this.options
    const { rules } = this
    const waits = pauseOf(rules, delivery.destinationId) ?? snoozeOf(alert, now())
    if (waits || !alert) return waits
    const profiles = judged(alert)
    const hold = holdOfAll(profiles, (profile) => holdOf(rules, zone(), now(), profile))
    // What a cap has held once is not held by it again.
    if (hold || delivery.held === 'cap' || delivery.content) return hold
    const { heldDeliveries } = store
    return holdOfAll(profiles, (profile) =>
      capOf(rules, zone(), now(), profile, (sinceMs) =>
        heldDeliveries.told(delivery.destinationId, profile.profileId, sinceMs),
      ),
    )
  }

  private isJoined({ held, kind, destinationId }: StoredDelivery, alert: Alert): boolean {
    if (held !== 'cap' || kind !== 'alert') return false
    const { store, now } = this.options
    const { profile_id: profileId, profile_name: name } = alert
    const capped = store.heldDeliveries.capped(destinationId, profileId, now())
    const found = capped.flatMap(({ alertId }) => store.alerts.find(alertId) ?? [])
    if (found.length < 2) return false
    const alerts = found.map((one) => asSeenBy(profileId, one))
    store.transaction(() => store.heldDeliveries.join(capped, summaryOf(name, alerts), now()))
    return true
  }

  private get rules(): Rules {
    const text = this.kept ? undefined : this.options.store.settings.get('restraint')
    return (this.kept ??= text === undefined ? NONE : (JSON.parse(text) as Rules))
  }

  private get message(): string {
    const { zone, now } = this.options
    const nobody = { profileId: 0, score: -1, categories: [] }
    const hold = pauseOf(this.rules, null) ?? holdOf(this.rules, zone(), now(), nobody)
    return hold ? holdMessage(hold) : 'You are told at once.'
  }
}

/** Why something waits, and until when. */
export function holdMessage({ reason, untilMs }: Hold): string {
  if (reason === 'pause' || untilMs >= UNTIL_RESUMED_MS) return 'Paused, until you go on.'
  return { snooze: 'Snoozed.', quiet_hours: 'Quiet hours.', cap: 'Enough was told; the others follow together.' }[
    reason
  ]
}

/** What its owner wants to be told of later, urgent or not. */
function snoozeOf(alert: Alert | undefined, nowMs: number): Hold | null {
  const untilMs = Date.parse(alert?.snoozed_until ?? '')
  return untilMs > nowMs ? { reason: 'snooze', untilMs } : null
}

function judged({ profiles }: Alert): Judged[] {
  return profiles.map(({ id: profileId, score, reasons }) => {
    return { profileId, score, categories: reasons.flatMap(({ category }) => category ?? []) }
  })
}
