import { randomUUID } from 'node:crypto'
import { MINUTE } from '@tgsentinel/kernel/time'
import { narrowedTo } from '../alert-profiles'
import type { Bus } from '../bus/bus'
import { failure, type Alert, type Delivery, type DeliveryKind, type MessageChange } from '../model'
import type { DeliveryContent, DeliveryQuery, StoredDelivery } from '../store/deliveries'
import type { StoredDestination } from '../store/destinations'
import type { Store } from '../store/store'
import { changeContent, joinedChange } from './change-content'
import { deliveryView } from './delivery-view'
import { hears } from '../hearing'

/** Edits of a message that come so soon after the last one that was told are told together, once that time is over. */
const EDITS_EVERY_MS = 10 * MINUTE

/** Something to be told at one destination. */
export interface Enqueued {
  destinationId: number
  kind: Exclude<DeliveryKind, 'alert' | 'change'>
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
  tellOf({ id, profiles }: Pick<Alert, 'id' | 'profiles'>): void {
    for (const destination of this.store.destinations.list()) {
      if (!profiles.some((profile) => hears(destination, profile))) continue
      const dedupeKey = alertKey(id, destination.id)
      this.add({ destinationId: destination.id, kind: 'alert', dedupeKey, alertId: id, content: null })
    }
  }

  /**
   * In the transaction that ends its snooze: once more at a destination, null: at each that hears it. Where it was not told yet it
   * is told now by its first delivery.
   */
  tellAgain(alert: Pick<Alert, 'id' | 'profiles'>, destinationId: number | null): void {
    for (const destination of this.store.destinations.list()) {
      if (destinationId !== null && destination.id !== destinationId) continue
      if (!alert.profiles.some((profile) => hears(destination, profile))) continue
      const first = this.store.deliveries.findByKey(alertKey(alert.id, destination.id))
      if (first?.state === 'waiting') continue
      const dedupeKey = `${alertKey(alert.id, destination.id)}:again:${this.now()}`
      this.add({ destinationId: destination.id, kind: 'alert', dedupeKey, alertId: alert.id, content: null })
    }
  }

  /** In the transaction that notes the change: a delivery for each destination that was, or is to be, told of its alert. */
  tellOfChange(alert: Alert, change: MessageChange): void {
    for (const destination of this.store.destinations.list()) {
      const told = this.store.deliveries.findByKey(alertKey(alert.id, destination.id))
      const heard = narrowedTo(alert, (profile) => hears(destination, profile))
      if (!heard || !wasTold(alert, destination, told)) continue
      const isEdit = change.kind === 'edited'
      const added = isEdit
        ? this.tellOfEdit(heard, change, destination.id)
        : this.addChange(heard, change, destination.id, this.now())
      // What is held back is not told by way of its changes.
      if (added !== undefined && told?.held) this.store.heldDeliveries.hold(added, told.held, told.dueAtMs, this.now())
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

  /** What was not tried yet tells of the later edit, too; what was is not sent with other words under its id. */
  private tellOfEdit(alert: Alert, change: MessageChange, destinationId: number): number | undefined {
    const last = this.store.deliveries.lastUnder(`change:edited:${alert.id}:${destinationId}:`)
    if (last?.state === 'waiting' && last.attempts === 0 && last.problem === null && last.content) {
      const joined = joinedChange(last.content.data['change'] as MessageChange, change)
      if (joined) this.store.deliveries.rewrite(last.id, changeContent(alert, joined))
      else this.store.deliveries.cancel(last.id, this.now())
      return undefined
    }
    const soonestMs = last ? last.changedAtMs + EDITS_EVERY_MS : 0
    return this.addChange(alert, change, destinationId, Math.max(this.now(), soonestMs))
  }

  private addChange(alert: Alert, change: MessageChange, destinationId: number, dueAtMs: number): number | undefined {
    const dedupeKey = `change:${change.kind}:${alert.id}:${destinationId}:${change.id}`
    const content = changeContent(alert, change)
    return this.add({ destinationId, kind: 'change', dedupeKey, alertId: alert.id, content, dueAtMs })
  }

  private add(what: Omit<Enqueued, 'kind' | 'content'> & Added): number | undefined {
    const createdAtMs = this.now()
    const messageId = `msg_${randomUUID().replaceAll('-', '')}`
    const id = this.store.deliveries.add({ dueAtMs: createdAtMs, ...what, messageId, createdAtMs })
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
  /** At once where it is left out. */
  dueAtMs?: number
}

function alertKey(alertId: number, destinationId: number): string {
  return `alert:${alertId}:${destinationId}`
}

/** What is forgotten by now was told; what its owner cancelled was not, nor what came before the destination. */
function wasTold(alert: Alert, { createdAtMs }: StoredDestination, told: StoredDelivery | undefined): boolean {
  if (!told) return createdAtMs <= Date.parse(alert.created_at)
  // What was joined with others ends as cancelled, too, and says so.
  return told.state !== 'cancelled' || told.problem !== null
}
