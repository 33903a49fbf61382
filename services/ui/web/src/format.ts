const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const numbers = new Intl.NumberFormat()
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' })
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

export function count(value: number): string {
  return numbers.format(value)
}

/** `1 message`, `2 messages`, `12,345 messages`. */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`
}

/** At most one decimal: 5, 2.5. */
export function score(value: number): string {
  return String(Math.round(value * 10) / 10)
}

export function moment(iso: string): string {
  return full.format(new Date(iso))
}

/** The same by the clocks of a time zone. */
export function momentIn(iso: string, timeZone: string): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(new Date(iso))
}

/** `3 min. ago`, `in 40 sec.`; beyond a week the date. */
export function ago(iso: string, now: number): string {
  const distance = Date.parse(iso) - now
  const size = Math.abs(distance)
  if (size < 45_000) return distance > 0 ? relative.format(Math.round(distance / 1000), 'second') : 'just now'
  if (size < HOUR) return relative.format(Math.round(distance / MINUTE), 'minute')
  if (size < DAY) return relative.format(Math.round(distance / HOUR), 'hour')
  if (size < 7 * DAY) return relative.format(Math.round(distance / DAY), 'day')
  return moment(iso)
}

/** A span of time in its greatest unit: 42 s, 5 min, 3 h, 2 days. */
export function span(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`
}

/** A countdown: `0:42`, `12:05`, `3 h 10 min`. */
export function countdown(seconds: number): string {
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`
}

/** 28 KB, 1.4 MB. */
export function size(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KB` : `${score(bytes / 1024 / 1024)} MB`
}

/** Of a title, for where no photo is: at most two letters. */
export function initials(title: string): string {
  const words = title.match(/[\p{L}\p{N}]+/gu) ?? []
  return words
    .slice(0, 2)
    .map((word) => [...word][0] ?? '')
    .join('')
    .toUpperCase()
}
