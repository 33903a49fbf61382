import type { Logger } from '@tgsentinel/kernel/log'
import type { Alerts } from './alerts'
import { Snoozes } from './answers/snoozes'
import type { Bus } from './bus/bus'
import type { Deliveries } from './deliveries/deliveries'
import { DeliveryOffice, type OfficeOptions } from './deliveries/office'
import { DigestMaker } from './digests/digest-maker'
import { DigestRunner } from './digests/digest-runner'
import { Digests } from './digests/digests'
import { SlotClock } from './digests/slot-clock'
import type { CoverageSummary } from './model'
import { Restraint } from './restraint/restraint'
import type { Store } from './store/store'
import { TimeZone } from './time-zone'

export interface TellingOptions extends Pick<
  OfficeOptions,
  'relay' | 'bot' | 'outgoing' | 'renderTemplate' | 'answers'
> {
  store: Store
  alerts: Pick<Alerts, 'change'>
  bus: Bus
  deliveries: Deliveries
  coverage: () => CoverageSummary
  /** Whether what was posted meanwhile is still being fetched or scored. */
  isBehind: () => boolean
  log: Logger
  now: () => number
}

/** Everybody who decides what the owner is told and when, put together: deliveries, digests, restraint, and the time zone of both. */
export class Telling {
  readonly timeZone: TimeZone
  readonly restraint: Restraint
  readonly office: DeliveryOffice
  readonly digests: Digests
  private readonly runner: DigestRunner
  private readonly snoozes: Snoozes

  constructor(options: TellingOptions) {
    const { store, bus, deliveries, coverage, isBehind, log, now, relay, bot } = options
    const { outgoing, renderTemplate, answers } = options
    this.timeZone = new TimeZone(store, bus, () => {
      store.digests.sawAllSlots(now())
      this.restraint.lookAnew()
    })
    const zone = () => this.timeZone.name
    this.restraint = new Restraint({ store, bus, zone, now })
    const { restraint } = this
    const office = {
      store,
      deliveries,
      restraint,
      bus,
      relay,
      bot,
      outgoing,
      renderTemplate,
      answers,
      now,
      log: log.child({ part: 'deliveries' }),
    }
    this.office = new DeliveryOffice(office)
    this.snoozes = new Snoozes({ store, alerts: options.alerts, deliveries, now, log })
    const maker = new DigestMaker({ store, deliveries, coverage, zone, now })
    const timing = { store, bus, maker, slots: new SlotClock(zone), now }
    this.digests = new Digests(timing)
    this.runner = new DigestRunner({ ...timing, zone, isBehind, log: log.child({ part: 'digests' }) })
  }

  /** Those that hold what a person configured. */
  get configured() {
    const { timeZone, restraint, digests, office } = this
    return { timeZone, restraint, digests, destinations: office.destinations, templates: office.templates }
  }

  /** What came of a former run's digests is noted before any delivery is forgotten. */
  start(): void {
    this.runner.start()
    this.office.start()
    this.snoozes.start()
  }

  /** Idempotent. */
  async close(): Promise<void> {
    this.runner.close()
    this.snoozes.close()
    await this.office.close()
  }
}
