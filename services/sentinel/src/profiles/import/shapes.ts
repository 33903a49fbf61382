import { categoryOf } from './categories'
import { isProfileField } from './fields'
import { isRecord, type ImportRecord } from './values'

/** A profile as a file has it: under a key of its own, or at a place of a list. */
export interface FoundProfile {
  /** For the name of one that has none. */
  key: string
  record: ImportRecord
}

/** Where the files of the original and what listProfiles answers keep their profiles. */
const FOLDERS = ['profiles', 'global_profiles', 'alert_profiles', 'interest_profiles']

/**
 * The profiles in a file, whatever of the known shapes it has: an answer of an API with its envelope, `profiles` as a list or
 * by id, a list, profiles by id, or one profile alone. Pure.
 */
export function profilesIn(value: unknown): FoundProfile[] {
  if (Array.isArray(value)) return entriesOf(value)
  if (!isRecord(value)) return []
  const folders = FOLDERS.filter((folder) => folder in value && !isText(value[folder]))
  if (folders.length > 0) return folders.flatMap((folder) => entriesOf(value[folder]))
  if ('status' in value && 'data' in value) return profilesIn(value['data'])
  if (Array.isArray(value['interests'])) return interestsOf(value['interests'])
  if (isProfile(value)) return [{ key: 'Imported', record: value }]
  return entriesOf(value)
}

function entriesOf(value: unknown): FoundProfile[] {
  if (!Array.isArray(value) && !isRecord(value)) return []
  return Object.entries(value).flatMap(([key, record]) =>
    isRecord(record) && isProfile(record) ? [{ key: Array.isArray(value) ? 'Imported' : key, record }] : [],
  )
}

/** The original's export of interests is a list of their names alone. */
function interestsOf(interests: readonly unknown[]): FoundProfile[] {
  return interests.filter(isText).map((name) => ({ key: name, record: { name, positive_samples: [name] } }))
}

function isProfile(record: ImportRecord): boolean {
  // A category with fields in it may as well be a profile whose id is such a word.
  return Object.entries(record).some(
    ([field, value]) => isProfileField(field) || (Array.isArray(value) && categoryOf(field) !== undefined),
  )
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}
