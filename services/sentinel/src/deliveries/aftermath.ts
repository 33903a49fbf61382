import type { Logger } from '@tgsentinel/kernel/log'
import { SECOND } from '@tgsentinel/kernel/time'
import type { Outcome } from '../notifiers/notifier'
import type { StoredDelivery } from '../store/deliveries'
import type { StoredDestination } from '../store/destinations'
import type { Store } from '../store/store'
import type { Deliveries } from './deliveries'
import { pauseMs, retryDelayMs } from './retry-schedule'

/** So many failures in a row were an outage: what waits for a later attempt goes out as soon as it is over. */
const OUTAGE = 3
/** What is missing here is looked at so often at the least. */
const MAX_HOLD_MS = 30 * SECOND

export interface AftermathOptions {
  store: Store
  deliveries: Deliveries
  log: Logger
  now: () => number
  /** In [0, 1). */
  chance: () => number
  /** Where no destination is left that could be told. */
  tellOwner: (text: string) => void
}

/** What a sending changes: one transaction for the delivery, its destination, and whoever is told of it. */
export class Aftermath {
  constructor(private readonly options: AftermathOptions) {}

  /** `delivery` as it was leased. @throws where the database takes no writes */
  note(delivery: StoredDelivery, destination: StoredDestination, outcome: Outcome): void {
    const { store, log } = this.options
    const fields = { delivery_id: delivery.id, destination_id: destination.id, attempt: delivery.attempts }
    store.transaction(() => this.write(delivery, destination, outcome))
    if (outcome.type === 'sent') log.info(fields, 'delivered')
    else log.warn({ ...fields, outcome: outcome.type }, 'not delivered')
  }

  private write(delivery: StoredDelivery, destination: StoredDestination, outcome: Outcome): void {
    switch (outcome.type) {
      case 'sent':
        return this.succeed(delivery, destination)
      case 'unready':
        return this.holdBack(delivery, destination, outcome.problem, outcome.retryAfterMs)
      case 'later':
        return this.postpone(delivery, destination, outcome.problem, outcome.retryAfterMs)
      case 'rejected':
        return this.giveUp(delivery, destination, outcome.problem)
      case 'gone':
        return this.switchOff(delivery, destination, outcome.problem)
      default:
        return outcome satisfies never
    }
  }

  private succeed({ id }: StoredDelivery, destination: StoredDestination): void {
    const { store, now } = this.options
    store.deliveries.end(id, 'sent', null, now())
    store.destinations.succeeded(destination.id, now())
    if (destination.failures >= OUTAGE) store.deliveries.hasten(destination.id, now())
  }

  private postpone(delivery: StoredDelivery, destination: StoredDestination, problem: string, asked: number | null) {
    const { store, now, chance } = this.options
    const delayMs = retryDelayMs(delivery.attempts, asked, chance())
    store.destinations.pause(destination.id, now() + pauseMs(destination.failures + 1, asked))
    if (delayMs === null) return this.giveUp(delivery, destination, problem)
    store.destinations.failed(destination.id, problem, now())
    store.deliveries.retry(delivery.id, now() + delayMs, delivery.attempts, problem, now())
  }

  /** No attempt of its ten: it waits for us, however long that takes. */
  private holdBack(
    { id, attempts }: StoredDelivery,
    destination: StoredDestination,
    problem: string,
    asked: number | null,
  ) {
    const { store, now } = this.options
    const waitMs = Math.min(pauseMs(destination.failures + 1, null), MAX_HOLD_MS)
    store.destinations.pause(destination.id, now() + Math.max(waitMs, asked ?? 0))
    store.destinations.failed(destination.id, problem, now())
    store.deliveries.retry(id, now(), attempts - 1, problem, now())
  }

  private giveUp({ id }: StoredDelivery, destination: StoredDestination, problem: string): void {
    const { store, now } = this.options
    store.destinations.failed(destination.id, problem, now())
    store.deliveries.end(id, 'dead', problem, now())
  }

  /** What waits stays: it is sent when the destination is switched on again. */
  private switchOff({ id, attempts }: StoredDelivery, { id: at, name, revision }: StoredDestination, problem: string) {
    const { store, now, deliveries, tellOwner } = this.options
    store.destinations.failed(at, problem, now())
    store.destinations.disable(at, problem)
    store.deliveries.retry(id, now(), attempts - 1, problem, now())
    const text = `The destination “${name}” was switched off. ${problem} Nothing is sent there until you switch it on again on the page, under Deliveries.`
    const other = this.anotherThan(at)
    if (other === undefined) return tellOwner(text)
    const content = {
      title: 'A destination was switched off',
      body: { text, marks: [] },
      data: { destination_id: at, name, problem },
    }
    deliveries.enqueue({ destinationId: other, kind: 'notice', dedupeKey: `notice:gone:${at}:${revision}`, content })
  }

  /** The one that took something last. */
  private anotherThan(id: number): number | undefined {
    const others = this.options.store.destinations.list().filter((one) => one.isEnabled && one.id !== id)
    return others.sort((a, b) => (b.sentAtMs ?? 0) - (a.sentAtMs ?? 0))[0]?.id
  }
}
