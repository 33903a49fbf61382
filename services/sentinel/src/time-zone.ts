import { httpError } from '@tgsentinel/kernel/errors'
import type { Bus } from './bus/bus'
import type { TimeZoneView } from './model'
import { isTimeZone } from './schedules/wall-time'
import type { Store } from './store/store'

const UNTIL_SET = 'UTC'

/** The owner's time zone, by whose clocks all times of day are meant. */
export class TimeZone {
  constructor(
    private readonly store: Store,
    private readonly bus: Bus,
    /** Told in the transaction that changes it. */
    private readonly onChange: () => void,
  ) {}

  get name(): string {
    return this.store.settings.get('time_zone') ?? UNTIL_SET
  }

  get view(): TimeZoneView {
    return { time_zone: this.name, is_set: this.store.settings.get('time_zone') !== undefined }
  }

  /** @throws ApiError INVALID_REQUEST for a name that no zone has */
  set(name: string): TimeZoneView {
    requireTimeZone(name)
    this.store.transaction(() => {
      this.onChange()
      this.store.settings.set('time_zone', name)
      this.store.events.add('digest', {})
    })
    this.store.afterCommit(() => {
      for (const ring of ['deliveries', 'events'] as const) this.bus.ring(ring)
    })
    return this.view
  }
}

/** @throws ApiError INVALID_REQUEST */
export function requireTimeZone(name: string): void {
  if (!isTimeZone(name))
    throw httpError('INVALID_REQUEST', `time_zone: “${name}” is no time zone. Give one such as Europe/Berlin.`)
}
