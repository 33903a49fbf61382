import type { Alert, AlertProfile } from './model'

/** What an alert says of itself by what its profiles found: that of the first of them stands for all. */
export type AlertFindings = Pick<
  Alert,
  | 'profile_id'
  | 'profile_name'
  | 'profiles'
  | 'score'
  | 'reasons'
  | 'relevance'
  | 'is_exploration'
  | 'label'
  | 'raised_by'
>

/** The highest score first; what is shown only to learn from comes last. At least one profile is given. Pure. */
export function findingsOf(found: readonly AlertProfile[]): AlertFindings {
  const profiles = [...found].sort(byWeight)
  const { id, name, ...first } = profiles[0] as AlertProfile
  return { profile_id: id, profile_name: name, ...first, profiles }
}

/** The alert as it is for some of its profiles alone; undefined for none of them. Pure. */
export function narrowedTo(alert: Alert, isWanted: (profile: AlertProfile) => boolean): Alert | undefined {
  const wanted = alert.profiles.filter(isWanted)
  return wanted.length === 0 ? undefined : { ...alert, ...findingsOf(wanted) }
}

/** As it is for one profile; as it is where that has no part in it. */
export function asSeenBy(profileId: number, alert: Alert): Alert {
  return narrowedTo(alert, ({ id }) => id === profileId) ?? alert
}

/** `Security, Outages`. */
export function profileNames({ profiles }: Pick<Alert, 'profiles'>): string {
  return profiles.map(({ name }) => name).join(', ')
}

function byWeight(one: AlertProfile, other: AlertProfile): number {
  return Number(one.is_exploration) - Number(other.is_exploration) || other.score - one.score || one.id - other.id
}
