import { beginningOf } from '../../cutting'
import { wellFormed } from '@tgsentinel/kernel/well-formed'
import { failure, type Actor, type ImportedProfile, type ProfileDraft } from '../../model'
import type { Profiles } from '../../profiles'
import type { FoundDigest } from './digests'
import { readFields } from './fields'
import { Reading } from './reading'
import { profilesIn, type FoundProfile } from './shapes'
import { isRecord } from './values'

/** All are added in one transaction, which nothing else goes beside. */
const MAX_PROFILES = 500
const MAX_NAME_LENGTH = 100

/** What a file's profile became: a draft where anything of it can be used, and what is to be said of it. */
export interface ReadProfile {
  draft: ProfileDraft | null
  digests: readonly FoundDigest[]
  report: Omit<ImportedProfile, 'id'>
}

/** Takes over profiles from files: our own export, and those of the original TG Sentinel. */
export class ProfileImports {
  constructor(
    private readonly profiles: Profiles,
    /** Takes on the digests of a profile, in the transaction that adds it. */
    private readonly adopt: (profileId: number, digests: readonly FoundDigest[]) => void,
    /** What the profiles of a file mean (`readProfiles`), without holding up everything else. @throws ApiError INVALID_IMPORT, CONFLICT */
    private readonly read: (content: string, takenNames: string[], signal?: AbortSignal) => Promise<ReadProfile[]>,
  ) {}

  /**
   * All that can be used arrives, disabled, or nothing does.
   * @throws ApiError INVALID_IMPORT, CONFLICT
   */
  async import(content: string, by: Actor, signal?: AbortSignal): Promise<ImportedProfile[]> {
    const taken = this.profiles.names().map(({ name }) => name)
    const read = await this.read(content, taken, signal)
    const usable = read.flatMap(({ draft, digests }) => (draft ? { draft, digests } : []))
    const ids = this.profiles.import(
      usable.map(({ draft }) => draft),
      by,
      (id, index) => this.adopt(id, usable[index]?.digests ?? []),
    )
    return read.map(({ draft, report: { name, ...said } }) => ({
      name,
      id: draft ? (ids.shift() ?? null) : null,
      ...said,
    }))
  }
}

/** @throws ApiError INVALID_IMPORT: none, or too many */
export function profilesOf(content: unknown): FoundProfile[] {
  const found = profilesIn(content)
  if (found.length === 0)
    throw failure(
      'INVALID_IMPORT',
      'There is no profile in this file. Send an export of profiles, or a profiles_*.yml.',
    )
  if (found.length > MAX_PROFILES)
    throw failure('INVALID_IMPORT', `There are more than ${MAX_PROFILES} profiles in this file. Split it.`)
  return found
}

/** What they mean, each with a name that no other has. Pure. */
export function readProfiles(found: readonly FoundProfile[], takenNames: readonly string[]): ReadProfile[] {
  const taken = new TakenNames(takenNames)
  return found.map((one) => readProfile(one, taken))
}

function readProfile({ key, record }: FoundProfile, taken: TakenNames): ReadProfile {
  const reading = new Reading('')
  const given = record['name'] === undefined ? undefined : reading.text('name', record['name'], MAX_NAME_LENGTH)
  const fields = readFields(reading, record)
  const isUsable = hasRules(reading.draft) || isOurs(record)
  const wanted = given || beginningOf(wellFormed(key).replaceAll('\0', '').trim(), MAX_NAME_LENGTH) || 'Imported'
  const name = isUsable ? taken.take(wanted) : wanted
  const understood = isUsable ? [...(given ? ['name'] : []), ...fields] : []
  const draft = isUsable ? { ...reading.draft, name } : null
  return { draft, digests: reading.digests, report: { name, understood, not_understood: reading.problems } }
}

/** Whether it could ever fire. */
function hasRules(draft: ProfileDraft): boolean {
  const { keywords = {}, queries = [], detectors = {}, vip_senders: vips = [], interest = {} } = draft
  const byName = [keywords, detectors].some((rules) => Object.keys(rules).length > 0)
  return byName || queries.length + vips.length + (interest.positive_samples ?? []).length > 0
}

/** One of ours is whole as it is, also without a rule. */
function isOurs(record: FoundProfile['record']): boolean {
  return 'include_own' in record && isRecord(record['scope'])
}

/** Names that are taken, and of each the number that was given last. */
class TakenNames {
  private readonly names: Set<string>
  private readonly last = new Map<string, number>()

  constructor(names: readonly string[]) {
    this.names = new Set(names)
  }

  /** The name, or the same with the first number behind it that makes it one of its own. */
  take(wanted: string): string {
    let name = wanted
    for (let number = (this.last.get(wanted) ?? 1) + 1; this.names.has(name); number++) {
      const ending = ` (${number})`
      name = beginningOf(wanted, MAX_NAME_LENGTH - ending.length) + ending
      this.last.set(wanted, number)
    }
    this.names.add(name)
    return name
  }
}
