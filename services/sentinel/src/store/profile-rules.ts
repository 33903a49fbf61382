import type { Profile } from '../model'

/** What a profile is but for its identity, its name and its dates. */
export type ProfileRules = Omit<Profile, 'id' | 'revision' | 'name' | 'created_at' | 'updated_at'>

/** What rules say that were written before these fields existed. */
const OF_OLDER_RULES = { description: '', word_forms: true, queries: [] }

/** Rules as they are kept: JSON. */
export function rulesFrom(json: string): ProfileRules {
  return { ...OF_OLDER_RULES, ...(JSON.parse(json) as ProfileRules) }
}
