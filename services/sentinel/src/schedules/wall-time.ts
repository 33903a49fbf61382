import { Temporal } from 'temporal-polyfill'

/** When the clocks of a zone show a date and time: once, twice where they are set back, or the moment after where they leap over it. */
export function momentsOf(wall: Temporal.PlainDateTime, zone: string): { first: number; second: number | null } {
  const earlier = wall.toZonedDateTime(zone, { disambiguation: 'earlier' })
  const later = wall.toZonedDateTime(zone, { disambiguation: 'later' })
  if (earlier.epochMilliseconds === later.epochMilliseconds) return { first: earlier.epochMilliseconds, second: null }
  if (earlier.toPlainDateTime().equals(wall))
    return { first: earlier.epochMilliseconds, second: later.epochMilliseconds }
  // Where it is leapt over, both are beside the leap: the one before it shows when it comes.
  const leap = earlier.getTimeZoneTransition('next')
  return { first: leap?.epochMilliseconds ?? later.epochMilliseconds, second: null }
}

/** Whether a name is that of a time zone, as in `Europe/Berlin`; an offset such as `+02:00` knows no summer time and is none. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** A moment as the clocks of a zone show it: `Sat 21 Nov 2026, 08:00`. */
export function shown(ms: number, zone: string): string {
  const { day, month, year, hour, minute, dayOfWeek } =
    Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${DAYS[dayOfWeek - 1]} ${day} ${MONTHS[month - 1]} ${year}, ${two(hour)}:${two(minute)}`
}

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
