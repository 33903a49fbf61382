import type { Logger } from '@tgsentinel/kernel/log'
import { MINUTE, SECOND } from '@tgsentinel/kernel/time'
import type { Bus } from '../bus/bus'
import type { DeliveryState, DigestRun } from '../model'
import { latestSlot } from '../schedules/schedules'
import type { StoredDigest } from '../store/digests'
import type { Store } from '../store/store'
import type { DigestMaker } from './digest-maker'
import type { SlotClock } from './slot-clock'

/** A clock may be set at any time, so nobody sleeps until a slot. */
const LOOK_EVERY_MS = 5 * SECOND
/** After a start Telegram has so long to tell what was missed, before a digest goes without it. */
const CATCH_UP_MS = MINUTE

export interface DigestRunnerOptions {
  store: Store
  bus: Bus
  maker: DigestMaker
  slots: SlotClock
  zone: () => string
  /** Whether what was posted meanwhile is still being fetched or scored. */
  isBehind: () => boolean
  log: Logger
  now: () => number
}

/**
 * Runs each slot once: its run, its delivery and that it was seen to are one transaction. While a digest is on its way the next one of
 * the same waits, and then stands for all slots that passed. What was told counts as told when its delivery has arrived; what is given up
 * stays due.
 */
export class DigestRunner {
  private readonly startedAt = performance.now()
  private timer: NodeJS.Timeout | undefined
  private soon: NodeJS.Immediate | undefined
  private stopListening: () => void = () => undefined

  constructor(private readonly options: DigestRunnerOptions) {}

  /** Before deliveries are sent: those of a former run are noted before any is forgotten. */
  start(): void {
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS).unref()
    this.stopListening = this.options.bus.onRing('events', () => (this.soon ??= setImmediate(() => this.hear())))
    this.look()
  }

  close(): void {
    this.stopListening()
    clearInterval(this.timer)
    clearImmediate(this.soon)
  }

  /** Notes what arrived, and runs what is due. It never throws. */
  look(): void {
    const { store, bus, log } = this.options
    try {
      const changed = this.settle()
      const ran = this.isWaiting ? 0 : store.digests.list().filter((digest) => this.runIfDue(digest)).length
      if (changed + ran > 0) bus.ring('events')
    } catch (error) {
      log.error({ err: error }, 'digests are looked at again later')
    }
  }

  /** A delivery may have arrived, and a digest have waited for that. */
  private hear(): void {
    this.soon = undefined
    if (this.news().length > 0) this.look()
  }

  /** What came of deliveries; how many runs that changes. */
  private settle(): number {
    const { store } = this.options
    const news = this.news()
    if (news.length === 0) return 0
    store.transaction(() => {
      for (const { state, run } of news) {
        const { id, digestId, upToAlert, toMs, upToMessages } = run
        store.digestRuns.change(id, state)
        if (state === 'sent')
          store.digests.told(digestId, { toldUpTo: upToAlert, toldAtMs: toMs, toldMessages: upToMessages })
      }
      store.events.add('digest', {})
    })
    return news.length
  }

  private news() {
    const open = this.options.store.digestRuns.open().map((run) => ({ run, state: stateAfter(run.deliveryState) }))
    return open.filter(({ run, state }) => state !== run.state)
  }

  private get isWaiting(): boolean {
    return performance.now() - this.startedAt < CATCH_UP_MS && this.options.isBehind()
  }

  private runIfDue(digest: StoredDigest): boolean {
    const { store, slots, maker, zone, now, log } = this.options
    const { id, schedule, isEnabled, destinationId } = digest
    const nowMs = now()
    // A clock that was set back does not keep it waiting: a slot that ran already does not run again.
    const fromMs = Math.min(digest.slotsUpToMs, nowMs)
    if (!isEnabled || destinationId === null || slots.next(schedule, fromMs) > nowMs) return false
    if (store.digestRuns.isUnderWay(id)) return false
    const slot = latestSlot(schedule, zone(), fromMs, nowMs) ?? nowMs
    store.transaction(() => {
      const runId = maker.run(digest, 'schedule', slot)
      store.digests.sawSlots(id, slot)
      store.events.add('digest', {})
      log.info({ digest_id: id, run_id: runId, slot }, 'a digest was made')
    })
    return true
  }
}

function stateAfter(delivery: DeliveryState | null): DigestRun['state'] {
  switch (delivery) {
    case 'waiting':
    case 'sending':
      return 'on_its_way'
    case 'sent':
      return 'sent'
    case 'dead':
    case 'cancelled':
    case null:
      return 'not_sent'
    default:
      return delivery satisfies never
  }
}
