import type { Logger } from '@tgsentinel/kernel/log'
import { DAY, SECOND } from '@tgsentinel/kernel/time'
import type { Alerts } from '../alerts'
import type { Deliveries } from '../deliveries/deliveries'
import type { Snooze } from '../store/snoozes'
import type { Store } from '../store/store'

export interface SnoozesOptions {
  store: Store
  alerts: Pick<Alerts, 'change'>
  deliveries: Pick<Deliveries, 'tellAgain'>
  log: Logger
  now: () => number
}

const LOOK_EVERY_MS = 5 * SECOND
const AT_ONCE = 50
const PRUNE_EVERY_MS = DAY

/** Wakes alerts whose snooze is over: they are unread again, and told again. Rows, so that a restart forgets none. */
export class Snoozes {
  private timer: NodeJS.Timeout | undefined
  private prunedAtMs = 0

  constructor(private readonly options: SnoozesOptions) {}

  start(): void {
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS).unref()
    this.look()
  }

  close(): void {
    clearInterval(this.timer)
  }

  /** What could not be written is looked at again. */
  look(): void {
    const { store, log, now } = this.options
    try {
      const due = store.snoozes.due(now(), AT_ONCE)
      if (due.length > 0) store.transaction(() => due.forEach((snooze) => this.wake(snooze)))
      if (now() - this.prunedAtMs < PRUNE_EVERY_MS) return
      store.usedLinks.prune(now())
      this.prunedAtMs = now()
    } catch (error) {
      log.error({ err: error }, 'snoozed alerts are told later')
    }
  }

  private wake({ alertId, place }: Snooze): void {
    const { store, alerts, deliveries } = this.options
    const alert = alerts.change(alertId, { read: false, snoozed_until: null })
    if (!place || 'destinationId' in place) deliveries.tellAgain(alert, place?.destinationId ?? null)
    if (!place || 'botChatId' in place) store.botChats.remind(alertId, place?.botChatId ?? null)
  }
}
