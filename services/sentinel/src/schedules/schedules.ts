import { Temporal } from 'temporal-polyfill'
import { DAY, HOUR } from '@tgsentinel/kernel/time'
import { momentsOf } from './wall-time'

export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
export type Weekday = (typeof WEEKDAYS)[number]
export type ScheduleKind = 'hourly' | 'every_4h' | 'every_6h' | 'every_12h' | 'daily' | 'weekly'

/** When something is due, by the clock of a time zone. */
export interface Schedule {
  kind: ScheduleKind
  /** `HH:MM`. Of every hour it is the minute that counts; every 4, 6 or 12 hours are counted from it within a day. */
  at: string
  /** Of `weekly`. */
  weekday: Weekday
}

const HOURS: Record<ScheduleKind, number> = {
  hourly: 1,
  every_4h: 4,
  every_6h: 6,
  every_12h: 12,
  daily: 24,
  weekly: 24,
}
/** No slot is further from the next one: a week, and what a zone may leap on its way. */
const WIDEST_MS = 9 * DAY
const FIRST_LOOK_MS = 2 * HOUR

/**
 * The slots after `fromMs` up to `toMs`, rising, in Unix milliseconds. A time of day that the clock leaps over is due the moment after
 * the leap; one that comes twice is due the first time. What is hourly is due whenever the clock shows its minute, but never sooner than an
 * hour after the last time, however clocks are set: half an hour on Lord Howe Island, a whole day on Samoa.
 */
export function slotsBetween(schedule: Schedule, zone: string, fromMs: number, toMs: number): number[] {
  const found = new Set<number>()
  const last = dateOf(toMs, zone)
  // What a leap leaves out of a day may be due on the next.
  for (let date = dateOf(fromMs, zone).subtract({ days: 1 }); isUpTo(date, last); date = date.add({ days: 1 }))
    for (const slot of slotsOf(schedule, date, zone)) found.add(slot)
  const slots = [...found].sort((a, b) => a - b)
  const due = schedule.kind === 'hourly' ? slots.filter((slot, index) => !isTooSoon(slots, index, slot)) : slots
  return due.filter((slot) => slot > fromMs && slot <= toMs)
}

function isTooSoon(slots: readonly number[], index: number, slot: number): boolean {
  const before = slots[index - 1]
  return before !== undefined && slot - before < HOUR
}

/** The first slot after a moment. */
export function nextSlot(schedule: Schedule, zone: string, afterMs: number): number {
  for (let [fromMs, widthMs] = [afterMs, FIRST_LOOK_MS]; ; fromMs += widthMs, widthMs = DAY) {
    const [first] = slotsBetween(schedule, zone, fromMs, fromMs + widthMs)
    if (first !== undefined) return first
  }
}

/** The latest slot after `fromMs` up to `toMs`, however far they are apart. */
export function latestSlot(schedule: Schedule, zone: string, fromMs: number, toMs: number): number | undefined {
  return slotsBetween(schedule, zone, Math.max(fromMs, toMs - WIDEST_MS), toMs).at(-1)
}

function slotsOf({ kind, at, weekday }: Schedule, date: Temporal.PlainDate, zone: string): number[] {
  if (kind === 'weekly' && date.dayOfWeek !== WEEKDAYS.indexOf(weekday) + 1) return []
  const { hour, minute } = Temporal.PlainTime.from(at)
  const every = HOURS[kind]
  const slots: number[] = []
  for (let slotHour = hour % every; slotHour < 24; slotHour += every) {
    const { first, second, isShown } = momentsOf(date.toPlainDateTime({ hour: slotHour, minute }), zone)
    if (kind !== 'hourly' || isShown) slots.push(first)
    if (kind === 'hourly' && second !== null) slots.push(second)
  }
  return slots
}

function dateOf(ms: number, zone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).toPlainDate()
}

function isUpTo(date: Temporal.PlainDate, last: Temporal.PlainDate): boolean {
  return Temporal.PlainDate.compare(date, last) <= 0
}
