import { Temporal } from 'temporal-polyfill'

/** `isShown`: false where the clocks leap over it, and `first` is the moment after. */
export interface Moments {
  first: number
  second: number | null
  isShown: boolean
}

/** When the clocks of a zone show a date and time: once, twice where they are set back, or never. */
export function momentsOf(wall: Temporal.PlainDateTime, zone: string): Moments {
  const earlier = wall.toZonedDateTime(zone, { disambiguation: 'earlier' })
  const later = wall.toZonedDateTime(zone, { disambiguation: 'later' })
  const [first, second] = [earlier.epochMilliseconds, later.epochMilliseconds]
  if (first === second) return { first, second: null, isShown: true }
  if (earlier.toPlainDateTime().equals(wall)) return { first, second, isShown: true }
  // Where it is leapt over, both are beside the leap: the one before it shows when it comes.
  const leap = earlier.getTimeZoneTransition('next')
  return { first: leap?.epochMilliseconds ?? second, second: null, isShown: false }
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
