import { randomUUID } from 'node:crypto'
import type { Bus } from '../bus/bus'
import { failure, type Alert, type Delivery, type DeliveryKind } from '../model'
import type { DeliveryContent, DeliveryQuery, StoredDelivery } from '../store/deliveries'
import type { StoredDestination } from '../store/destinations'
import type { Store } from '../store/store'
import { deliveryView } from './delivery-view'

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

  list(query: DeliveryQuery): { deliveries: Delivery[]; next_cursor: string | null } {
    const found = this.store.deliveries.list({ ...query, limit: query.limit + 1 })
    const page = found.slice(0, query.limit)
    const hasMore = found.length > page.length
    return { deliveries: page.map((one) => this.viewOf(one)), next_cursor: hasMore ? String(page.at(-1)?.id) : null }
  }

  /** Under the same message id, as if it had never been tried. @throws ApiError NOT_FOUND, CONFLICT */
  replay(id: number): Delivery {
    this.find(id)
    if (!this.store.deliveries.replay(id, this.now()))
      throw failure('CONFLICT', 'This is being sent now. Wait for what comes of it.')
    this.ringSoon()
    return this.viewOf(this.find(id))
  }

  /** How many of those that were given up at a destination are sent again. */
  replayDead(destinationId: number): number {
    const replayed = this.store.deliveries.revive(destinationId, this.now())
    if (replayed > 0) this.ringSoon()
    return replayed
  }

  /** @throws ApiError NOT_FOUND, CONFLICT */
  cancel(id: number): Delivery {
    const { state } = this.find(id)
    if (!this.store.deliveries.cancel(id, this.now()))
      throw failure('CONFLICT', `There is nothing to cancel: it is ${state} already.`)
    this.ringSoon()
    return this.viewOf(this.find(id))
  }

  private find(id: number): StoredDelivery {
    const found = this.store.deliveries.find(id)
    if (!found) throw failure('NOT_FOUND', `There is no delivery ${id}.`)
    return found
  }

  private viewOf(delivery: StoredDelivery): Delivery {
    const { destinations, alerts } = this.store
    const name = destinations.find(delivery.destinationId)?.name ?? ''
    return deliveryView(delivery, name, delivery.alertId === null ? undefined : alerts.find(delivery.alertId))
  }

  private add(what: Omit<Enqueued, 'kind' | 'content'> & Added): number | undefined {
    const createdAtMs = this.now()
    const messageId = `msg_${randomUUID().replaceAll('-', '')}`
    const id = this.store.deliveries.add({ ...what, messageId, dueAtMs: createdAtMs, createdAtMs })
    if (id !== undefined) this.ringSoon()
    return id
  }

  /** Lets those who send look again. Transactions are synchronous: by the next turn this one is committed. */
  ringSoon(): void {
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
