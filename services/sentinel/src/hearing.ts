import { narrowedTo } from './alert-profiles'
import type { Alert, AlertProfile } from './model'
import type { StoredDestination } from './store/destinations'

type Hearer = Pick<StoredDestination, 'isEnabled' | 'hears'>

/** Whether a destination is to be told of what a profile found. */
export function hears(
  { isEnabled, hears: rules }: Hearer,
  { id, score, is_exploration: isAsked }: AlertProfile,
): boolean {
  if (!isEnabled || isAsked) return false
  return isAmong(rules, id) && score >= (rules.min_score ?? 0)
}

/** The alert as a destination is told of it: for the profiles that it hears; the whole where its rules became others since. */
export function asHeard(destination: Hearer | undefined, alert: Alert): Alert {
  return (destination && narrowedTo(alert, (profile) => hears({ ...destination, isEnabled: true }, profile))) ?? alert
}

function isAmong({ alerts, profiles }: Hearer['hears'], profileId: number): boolean {
  return alerts !== false && (profiles === undefined || profiles.includes(profileId))
}
