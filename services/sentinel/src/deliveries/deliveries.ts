import { randomUUID } from 'node:crypto'
import type { Bus } from '../bus/bus'
import type { Alert, DeliveryKind } from '../model'
import type { DeliveryContent } from '../store/deliveries'
import type { StoredDestination } from '../store/destinations'
import type { Store } from '../store/store'

/** Something to be told at one destination. */
export interface Enqueued {
  destinationId: number
  kind: Exclude<DeliveryKind, 'alert'>
  /** Enqueuing the same thing under the same key makes no second delivery; begin it with the kind, as in `digest:7:1800000000`. */
  dedupeKey: string
  content: DeliveryContent
}

/** The outbox: what is enqueued stands in the same transaction as its cause, and is sent until it arrived or somebody gives up. */
export class Deliveries {
  private isRinging = false

  constructor(
    private readonly store: Store,
    private readonly bus: Bus,
    private readonly now: () => number,
  ) {}

  /** In the caller's transaction. The delivery's id, or undefined where it was enqueued before. */
  enqueue({ destinationId, kind, dedupeKey, content }: Enqueued): number | undefined {
    return this.add({ destinationId, kind, dedupeKey, content, alertId: null })
  }

  /** In the transaction that raises the alert: a delivery for each destination that hears it. */
  tellOf({ id, profile_id: profileId, score }: Pick<Alert, 'id' | 'profile_id' | 'score'>): void {
    for (const destination of this.store.destinations.list()) {
      if (!hears(destination, profileId, score)) continue
      const dedupeKey = `alert:${id}:${destination.id}`
      this.add({ destinationId: destination.id, kind: 'alert', dedupeKey, alertId: id, content: null })
    }
  }

  private add(what: Omit<Enqueued, 'kind' | 'content'> & Added): number | undefined {
    const createdAtMs = this.now()
    const messageId = `msg_${randomUUID().replaceAll('-', '')}`
    const id = this.store.deliveries.add({ ...what, messageId, dueAtMs: createdAtMs, createdAtMs })
    if (id !== undefined) this.ringSoon()
    return id
  }

  /** Transactions are synchronous: by the next turn this one is committed. */
  private ringSoon(): void {
    if (this.isRinging) return
    this.isRinging = true
    setImmediate(() => {
      this.isRinging = false
      this.bus.ring('deliveries')
    })
  }
}

interface Added {
  kind: DeliveryKind
  content: DeliveryContent | null
  alertId: number | null
}

function hears({ isEnabled, hears: rules }: StoredDestination, profileId: number, score: number): boolean {
  if (!isEnabled || rules.alerts === false || score < (rules.min_score ?? 0)) return false
  return rules.profiles === undefined || rules.profiles.includes(profileId)
}
