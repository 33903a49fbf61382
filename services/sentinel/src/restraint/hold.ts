import { DAY } from '@tgsentinel/kernel/time'
import type { HoldReason, RestraintDraft } from '../model'
import { quietUntil } from '../schedules/quiet-spans'
import { latestSlot, nextSlot, type Schedule } from '../schedules/schedules'

/** A pause ends when somebody says so. */
export const UNTIL_RESUMED_MS = Date.parse('9999-01-01T00:00:00Z')

export interface Hold {
  reason: HoldReason
  untilMs: number
}

/** What of an alert's profile decides when it may be told. */
export interface Judged {
  profileId: number
  score: number
  categories: readonly string[]
}

const WINDOWS: Record<RestraintDraft['caps'][number]['per'], Schedule> = {
  hour: { kind: 'hourly', at: '00:00', weekday: 'monday' },
  day: { kind: 'daily', at: '00:00', weekday: 'monday' },
}

/** What holds all that goes to a destination, null: to the bot's chats; alerts or not, urgent or not. */
export function pauseOf({ paused }: RestraintDraft, destinationId: number | null): Hold | null {
  const isPaused = paused.all || (destinationId !== null && paused.destinations.includes(destinationId))
  return isPaused ? { reason: 'pause', untilMs: UNTIL_RESUMED_MS } : null
}

/** What holds an alert, whoever is to be told of it; urgent ones are not held. Pure. */
export function holdOf(rules: RestraintDraft, zone: string, nowMs: number, alert: Judged): Hold | null {
  if (isUrgent(rules, alert)) return null
  const snoozes = rules.snoozes.filter(({ profile_id: id }) => id === null || id === alert.profileId)
  const snoozedUntilMs = Math.max(0, ...snoozes.map(({ until }) => Date.parse(until)))
  if (snoozedUntilMs > nowMs) return { reason: 'snooze', untilMs: snoozedUntilMs }
  const quietUntilMs = quietUntil(rules.quiet_hours, zone, nowMs)
  return quietUntilMs === null ? null : { reason: 'quiet_hours', untilMs: quietUntilMs }
}

/** What holds an alert where its profile has told enough already; `toldSince`: how many of it were told since a moment. */
export function capOf(
  rules: RestraintDraft,
  zone: string,
  nowMs: number,
  alert: Judged,
  toldSince: (sinceMs: number) => number,
): Hold | null {
  if (isUrgent(rules, alert)) return null
  const full = rules.caps.filter(({ profile_id: id, most, per }) => {
    if (id !== alert.profileId) return false
    return toldSince(latestSlot(WINDOWS[per], zone, nowMs - 2 * DAY, nowMs) ?? nowMs) >= most
  })
  const ends = full.map(({ per }) => nextSlot(WINDOWS[per], zone, nowMs))
  return ends.length > 0 ? { reason: 'cap', untilMs: Math.max(...ends) } : null
}

/** An alert is told as soon as one of its profiles may tell it: the first that ends of what holds all of them. Pure. */
export function holdOfAll(profiles: readonly Judged[], holdOne: (profile: Judged) => Hold | null): Hold | null {
  const holds = profiles.map(holdOne)
  if (holds.includes(null)) return null
  return (holds as Hold[]).sort((one, other) => one.untilMs - other.untilMs)[0] ?? null
}

/** Whether it is told at once, whatever holds others but a pause. */
export function isUrgent({ urgent }: RestraintDraft, { score, categories }: Judged): boolean {
  const isHigh = urgent.min_score !== null && score >= urgent.min_score
  return isHigh || categories.some((category) => urgent.categories.includes(category))
}
