import type { Profile } from '../model'

/** What a profile is but for its identity, its name and its dates. */
export type ProfileRules = Omit<Profile, 'id' | 'revision' | 'name' | 'created_at' | 'updated_at'>

/** What a profile says of samples and of learning where nobody said anything. */
export const NO_INTEREST: Profile['interest'] = {
  positive_samples: [],
  negative_samples: [],
  threshold: 0.5,
  positive_weight: 1,
  negative_weight: 1,
  weight: 2,
}
export const NO_LEARNING: Profile['learning'] = { enabled: false, alerts_per_day: null }
export const NO_THRESHOLDS: Profile['thresholds'] = { reactions: null, replies: null, weight: 1 }
/** Destinations are told nothing that nobody asked for; the alert itself says what became of its message. */
export const TELLS_NO_CHANGES: Profile['tell_changes'] = { edits: false, deletions: false }

/** What rules say that were written before these fields existed. */
const OF_OLDER_RULES = {
  description: '',
  word_forms: true,
  queries: [],
  interest: NO_INTEREST,
  learning: NO_LEARNING,
  one_per_story: true,
  thresholds: NO_THRESHOLDS,
  tell_changes: TELLS_NO_CHANGES,
}

/** Rules as they are kept: JSON. */
export function rulesFrom(json: string): ProfileRules {
  return { ...OF_OLDER_RULES, ...(JSON.parse(json) as ProfileRules) }
}
