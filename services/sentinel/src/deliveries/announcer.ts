import type { Logger } from '@tgsentinel/kernel/log'
import { SECOND } from '@tgsentinel/kernel/time'
import type { Bus } from '../bus/bus'
import type { Store } from '../store/store'

const TELL_EVERY_MS = SECOND

/** Says on the event stream that destinations, deliveries or templates changed: at once, and then at most once a second. */
export class Announcer {
  private timer: NodeJS.Timeout | undefined
  private isDue = false

  constructor(
    private readonly store: Store,
    private readonly bus: Bus,
    private readonly log: Logger,
  ) {}

  announce(): void {
    if (this.timer) this.isDue = true
    else this.tell()
  }

  close(): void {
    clearTimeout(this.timer)
    this.isDue = false
  }

  private tell(): void {
    this.isDue = false
    this.timer = setTimeout(() => {
      this.timer = undefined
      if (this.isDue) this.tell()
    }, TELL_EVERY_MS).unref()
    try {
      this.store.events.add('delivery', {})
      this.bus.ring('events')
    } catch (error) {
      // A full disk keeps nobody from asking.
      this.log.debug({ err: error }, 'nobody is told that deliveries changed')
    }
  }
}
