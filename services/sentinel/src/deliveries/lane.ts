import type { Logger } from '@tgsentinel/kernel/log'
import { isStorageFailure } from '@tgsentinel/kernel/sqlite'
import { backoffMs, MINUTE, SECOND, sleep } from '@tgsentinel/kernel/time'
import type { Outcome } from '../notifiers/notifier'
import type { StoredDelivery } from '../store/deliveries'
import type { StoredDestination } from '../store/destinations'
import type { Store } from '../store/store'
import type { Aftermath } from './aftermath'
import type { Restraint } from '../restraint/restraint'
import { SEND_TIMEOUT_MS, type Courier } from './courier'
import { Pace } from './pace'

/** Longer than any sending takes: what nobody noted by then was not noted at all. */
export const LEASE_MS = 2 * SEND_TIMEOUT_MS
/** A clock that is set makes no lane wait longer. */
const MAX_SLEEP_MS = MINUTE

export interface LaneOptions {
  store: Store
  courier: Courier
  aftermath: Aftermath
  restraint: Pick<Restraint, 'restrain'>
  log: Logger
  now: () => number
  signal: AbortSignal
  onChange: () => void
}

/** The deliveries of one destination, one after the other: a slow destination keeps no other waiting. */
export class Lane {
  private readonly pace = new Pace()
  private wakeUp: () => void = () => undefined
  private life: Promise<void> | null = null

  constructor(
    private readonly destinationId: number,
    private readonly options: LaneOptions,
  ) {}

  /** Looks at what there is to send; nothing waits for it. */
  wake(): void {
    this.wakeUp()
    this.life ??= this.live().finally(() => (this.life = null))
  }

  /** Resolves once nothing of it runs any more. */
  get ended(): Promise<void> {
    return this.life ?? Promise.resolve()
  }

  /** Until nothing waits. It never rejects. */
  private async live(): Promise<void> {
    const { signal, log, now } = this.options
    for (let attempt = 0; !signal.aborted;) {
      try {
        const next = this.next()
        if (!next) return
        const waitMs = next.atMs - now()
        if (waitMs > 0) await this.nap(waitMs)
        else await this.send(next.delivery, next.destination)
        attempt = 0
      } catch (error) {
        if (signal.aborted) return
        log.error({ err: error, destination_id: this.destinationId }, 'a lane of deliveries stumbled')
        await this.nap(backoffMs(attempt++, SECOND, 30 * SECOND, Math.random()))
      }
    }
  }

  /** What is to be sent next, and when; undefined where nothing is, or nothing may be. */
  private next(): { delivery: StoredDelivery; destination: StoredDestination; atMs: number } | undefined {
    const { store, now } = this.options
    const destination = store.destinations.find(this.destinationId)
    const delivery = destination?.isEnabled && store.deliveries.next(destination.id)
    if (!destination || !delivery) return undefined
    const freeAtMs = this.pace.freeAtMs(destination.ratePerMinute, now())
    return { delivery, destination, atMs: Math.max(delivery.dueAtMs, destination.pausedUntilMs, freeAtMs) }
  }

  private async send(delivery: StoredDelivery, destination: StoredDestination): Promise<void> {
    const { store, courier, restraint, now, signal, onChange } = this.options
    if (restraint.restrain(delivery)) return onChange()
    store.deliveries.lease(delivery.id, now() + LEASE_MS, now())
    this.pace.note(now())
    const leased = { ...delivery, attempts: delivery.attempts + 1 }
    const outcome = await courier.carry(leased, destination, signal)
    // What was cut off by the end of the process is due again at the next start.
    if (signal.aborted && outcome.type !== 'sent') return
    await this.note(leased, destination, outcome)
    onChange()
  }

  /** What was sent must be noted, however long the disk takes nothing: it would be sent again. */
  private async note(delivery: StoredDelivery, destination: StoredDestination, outcome: Outcome): Promise<void> {
    const { aftermath, log, signal } = this.options
    for (let attempt = 0; ; attempt++) {
      try {
        return aftermath.note(delivery, destination, outcome)
      } catch (error) {
        if (!isStorageFailure(error)) throw error
        log.error({ err: error, delivery_id: delivery.id }, 'what came of a delivery cannot be noted yet')
        await sleep(backoffMs(attempt, SECOND, 30 * SECOND, Math.random()), signal)
      }
    }
  }

  /** Ends early where somebody wakes the lane, or at the end of the process. */
  private async nap(ms: number): Promise<void> {
    const { signal } = this.options
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, Math.min(ms, MAX_SLEEP_MS))
      signal.addEventListener('abort', done, { once: true })
      this.wakeUp = done
      if (signal.aborted) done()
    })
  }
}
