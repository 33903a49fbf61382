import type { Logger } from '@tgsentinel/kernel/log'
import type { Bus } from '../bus/bus'
import type { Deliveries } from '../deliveries/deliveries'
import type { CoverageSummary } from '../model'
import type { Store } from '../store/store'
import { TimeZone } from '../time-zone'
import { DigestMaker } from './digest-maker'
import { DigestRunner } from './digest-runner'
import { Digests } from './digests'
import { SlotClock } from './slot-clock'

export interface DigestDeskOptions {
  store: Store
  bus: Bus
  deliveries: Deliveries
  coverage: () => CoverageSummary
  /** Whether what was posted meanwhile is still being fetched or scored. */
  isBehind: () => boolean
  now: () => number
  log: Logger
}

/** Everybody who has to do with digests, put together: who makes them, who runs their slots, and what the owner may change. */
export class DigestDesk {
  readonly timeZone: TimeZone
  readonly digests: Digests
  private readonly runner: DigestRunner

  constructor({ store, bus, deliveries, coverage, isBehind, now, log }: DigestDeskOptions) {
    this.timeZone = new TimeZone(store, bus, () => store.digests.sawAllSlots(now()))
    const zone = () => this.timeZone.name
    const maker = new DigestMaker({ store, deliveries, coverage, zone, now })
    const timing = { store, bus, maker, slots: new SlotClock(zone), now }
    this.runner = new DigestRunner({ ...timing, zone, isBehind, log })
    this.digests = new Digests(timing)
  }

  start(): void {
    this.runner.start()
  }

  close(): void {
    this.runner.close()
  }
}
