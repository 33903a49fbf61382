import type { Schedule } from '../model'
import { nextSlot } from '../schedules/schedules'

const KEPT = 1000

/** When schedules are due next. It is asked for all the time, and found once. */
export class SlotClock {
  private readonly known = new Map<string, number>()

  constructor(private readonly zone: () => string) {}

  /** The first slot after a moment. */
  next(schedule: Schedule, afterMs: number): number {
    const zone = this.zone()
    const key = `${zone} ${schedule.kind} ${schedule.at} ${schedule.weekday} ${afterMs}`
    const slot = this.known.get(key) ?? nextSlot(schedule, zone, afterMs)
    if (this.known.size >= KEPT) this.known.clear()
    this.known.set(key, slot)
    return slot
  }
}
