import { Temporal } from 'temporal-polyfill'
import { WEEKDAYS, type Weekday } from './schedules'
import { momentsOf } from './wall-time'

/** A span of the day, by the clock; it ends on the next day where `to` is not after `from`. */
export interface QuietSpan {
  /** On which it begins. */
  days: readonly Weekday[]
  from: string
  to: string
}

/** When the spans that a moment lies in have ended; null where it lies in none. */
export function quietUntil(spans: readonly QuietSpan[], zone: string, nowMs: number): number | null {
  const today = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(zone).toPlainDate()
  const ends = [today.subtract({ days: 1 }), today].flatMap((date) =>
    spans
      .filter(({ days }) => days.includes(WEEKDAYS[date.dayOfWeek - 1] as Weekday))
      .map((span) => boundsOf(span, date, zone))
      .filter(({ beginMs, endMs }) => beginMs <= nowMs && nowMs < endMs)
      .map(({ endMs }) => endMs),
  )
  return ends.length > 0 ? Math.max(...ends) : null
}

function boundsOf({ from, to }: QuietSpan, date: Temporal.PlainDate, zone: string) {
  const [begin, end] = [Temporal.PlainTime.from(from), Temporal.PlainTime.from(to)]
  const lastDate = Temporal.PlainTime.compare(end, begin) > 0 ? date : date.add({ days: 1 })
  const beginMs = momentsOf(date.toPlainDateTime(begin), zone).first
  return { beginMs, endMs: momentsOf(lastDate.toPlainDateTime(end), zone).first }
}
