import { setImmediate as nextTurn } from 'node:timers/promises'
import { DAY, HOUR } from '@tgsentinel/kernel/time'
import type { Bus } from '../bus/bus'
import { Lane, type LaneOptions } from './lane'

const SENT_DAYS = 7
const DEAD_DAYS = 30
const MAX_KEPT = 20_000
const FORGOTTEN_AT_ONCE = 200
/** Older than what is told from a history (a day) and than any outage that is caught up. */
const TOLD_DAYS = 30

export type DispatcherOptions = Omit<LaneOptions, 'signal'> & { bus: Bus }

/**
 * Sends what is due, each destination in a lane of its own. Rows are the queue: the doorbell only wakes. What was taken on and not
 * noted when a process ended is due again at the next start, under the same message id.
 */
export class Dispatcher {
  private readonly lanes = new Map<number, Lane>()
  private readonly closing = new AbortController()
  private readonly upkeep: NodeJS.Timeout
  private stopListening: () => void = () => undefined

  constructor(private readonly options: DispatcherOptions) {
    this.upkeep = setInterval(() => void this.forget(), HOUR).unref()
  }

  start(): void {
    const { bus, store, now, log } = this.options
    const released = store.deliveries.releaseLeases(now())
    if (released > 0) log.info({ released }, 'deliveries that a former run did not finish')
    this.stopListening = bus.onRing('deliveries', () => this.wake())
    void this.forget()
    this.wake()
  }

  /** Idempotent. What is under way is cut off. */
  async close(): Promise<void> {
    this.stopListening()
    clearInterval(this.upkeep)
    this.closing.abort()
    await Promise.all([...this.lanes.values()].map(({ ended }) => ended))
  }

  private wake(): void {
    try {
      const destinations = this.options.store.destinations.list()
      const ids = new Set(destinations.map(({ id }) => id))
      for (const id of this.lanes.keys()) if (!ids.has(id)) this.lanes.delete(id)
      for (const id of ids) this.laneOf(id).wake()
      this.options.onChange()
    } catch (error) {
      this.options.log.error({ err: error }, 'deliveries could not be looked at')
    }
  }

  private laneOf(id: number): Lane {
    const lane = this.lanes.get(id) ?? new Lane(id, { ...this.options, signal: this.closing.signal })
    this.lanes.set(id, lane)
    return lane
  }

  /** Old rows go, some a turn of the event loop. */
  private async forget(): Promise<void> {
    const { store, log } = this.options
    try {
      while (!this.closing.signal.aborted && store.transaction(() => this.forgetSome()) > 0) await nextTurn()
    } catch (error) {
      log.error({ err: error }, 'old deliveries are forgotten later')
    }
  }

  /** How many rows went. */
  private forgetSome(): number {
    const { now, store } = this.options
    const { deliveries, toldTexts } = store
    const sentBeforeMs = now() - SENT_DAYS * DAY
    return (
      deliveries.prune('sent', sentBeforeMs, MAX_KEPT, FORGOTTEN_AT_ONCE) +
      deliveries.prune('cancelled', sentBeforeMs, MAX_KEPT, FORGOTTEN_AT_ONCE) +
      deliveries.prune('dead', now() - DEAD_DAYS * DAY, MAX_KEPT, FORGOTTEN_AT_ONCE) +
      toldTexts.prune(now() - TOLD_DAYS * DAY, FORGOTTEN_AT_ONCE)
    )
  }
}
