import { randomUUID } from 'node:crypto'
import type { DestinationTest, DestinationTestDraft } from '../model'
import type { Outcome } from '../notifiers/notifier'
import type { DeliveryContent, StoredDelivery } from '../store/deliveries'
import type { Store } from '../store/store'
import type { Templates } from '../templates/templates'
import type { Courier } from './courier'
import type { Destinations } from './destinations'
import { LEASE_MS } from './lane'

export interface TrialsOptions {
  store: Store
  destinations: Destinations
  templates: Templates
  courier: Courier
  now: () => number
  onChange: () => void
}

/** Tests of a destination: sent at once and tried once, and the answer says how it went. */
export class Trials {
  constructor(private readonly options: TrialsOptions) {}

  /** @throws ApiError NOT_FOUND, INVALID_TEMPLATE */
  async send(id: number, { template }: DestinationTestDraft, signal: AbortSignal): Promise<DestinationTest> {
    const { destinations, courier } = this.options
    const destination = destinations.find(id)
    const delivery = this.enqueue(id, await this.contentOf(destination.name, template))
    const outcome = await courier.carry(delivery, destination, signal)
    this.note(delivery, outcome)
    const message = outcome.type === 'sent' ? `“${destination.name}” took the message.` : outcome.problem
    return { delivered: outcome.type === 'sent', message, delivery_id: delivery.id }
  }

  private async contentOf(name: string, template: DestinationTestDraft['template']): Promise<DeliveryContent> {
    const { templates } = this.options
    if (!template) {
      const text = `This is a test of “${name}”. TG Sentinel can reach you here.`
      return { title: 'TG Sentinel', body: { text, marks: [] }, data: { message: text } }
    }
    const { alert } = templates.exampleFor(undefined)
    return { ...(await templates.tryOut(template, alert)), data: { ...alert } }
  }

  /** Taken on as it is written, so that no lane takes it. */
  private enqueue(destinationId: number, content: DeliveryContent): StoredDelivery {
    const { store, now } = this.options
    const messageId = `msg_${randomUUID().replaceAll('-', '')}`
    const times = { dueAtMs: now(), createdAtMs: now() }
    return store.transaction(() => {
      const what = { destinationId, kind: 'test' as const, dedupeKey: `test:${messageId}`, messageId, alertId: null }
      const id = Number(store.deliveries.add({ ...what, content, ...times }))
      store.deliveries.lease(id, now() + LEASE_MS, now())
      return store.deliveries.find(id) as StoredDelivery
    })
  }

  private note({ id, destinationId }: StoredDelivery, outcome: Outcome): void {
    const { store, now, onChange } = this.options
    store.transaction(() => {
      if (outcome.type === 'sent') {
        store.deliveries.end(id, 'sent', null, now())
        store.destinations.succeeded(destinationId, now())
      } else {
        store.deliveries.end(id, 'dead', outcome.problem, now())
        store.destinations.failed(destinationId, outcome.problem, now())
      }
    })
    onChange()
  }
}
