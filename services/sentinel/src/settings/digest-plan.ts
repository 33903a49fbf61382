import { isDeepStrictEqual } from 'node:util'
import { completeDigest, completeSchedule } from '../digests/digests'
import type { Digest, SettingsChange } from '../model'
import { digestEntry, type DigestEntry } from './entries'
import { changeOf, isChange } from './fields'
import { NOTHING, type Plan, type Planning } from './plan'
import { refuse, requireKnown } from './refusal'
import { namesNow } from './settings-file'

/** A digest of the file with all that it leaves out; without its destination where that cannot be taken over. */
type Complete = Required<DigestEntry> & { message: string | null }

interface Planned {
  change: SettingsChange
  present: Digest | null
  entry: Complete
}

/** Once the destinations were planned. @throws ApiError INVALID_IMPORT, CONFLICT where there is no room */
export function planDigests(planning: Planning): Plan {
  const { rooms, file } = planning
  if (!file.digests) return NOTHING
  const entries = file.digests.map((entry, index) => completeEntry(entry, `digests.${index}`, planning))
  requireEachOnce(entries)
  const found = pairs(entries, rooms.digests.list())
  const planned = entries.map((entry, index) => plannedOf(entry, found[index] ?? null))
  const writes = planned.filter(({ change }) => isChange(change))
  rooms.digests.requireRoom(writes.filter(({ present }) => !present).length)
  return { changes: planned.map(({ change }) => change), write: () => write(planning, writes) }
}

function completeEntry(entry: DigestEntry, path: string, { profiles, destinations, skipped }: Planning): Complete {
  const profile = entry.profile.trim()
  const destination = entry.destination?.trim() ?? null
  requireKnown(`${path}.profile`, 'profile', profile, profiles.idOf(profile) !== null)
  if (destination !== null)
    requireKnown(`${path}.destination`, 'destination', destination, destinations.has(destination))
  const complete = { profile, destination, schedule: completeSchedule(entry.schedule), ...completeDigest(entry) }
  if (destination === null && complete.enabled)
    refuse(`${path}.destination`, 'A digest that is switched on needs a destination. Choose one.')
  if (destination === null || !skipped.has(destination)) return { ...complete, message: null }
  const message = `Switched off: “${destination}” could not be taken over. Choose another destination for it.`
  return { ...complete, destination: null, enabled: false, message }
}

function requireEachOnce(entries: readonly Complete[]): void {
  const seen = new Set<string>()
  for (const [index, { profile, destination, schedule }] of entries.entries()) {
    const key = JSON.stringify([profile, destination, schedule])
    if (destination !== null && seen.has(key))
      refuse(`digests.${index}`, 'The same digest stands twice in this file. Leave one out.')
    seen.add(key)
  }
}

/**
 * Which of those that are there each of the file means: the one of the same profile, destination and schedule, or else one of the same kind
 * of schedule, whose time is another. Pure.
 */
function pairs(entries: readonly Complete[], present: readonly Digest[]): (Digest | null)[] {
  const left = new Set(present)
  const take = (isMeant: (digest: Digest) => boolean): Digest | null => {
    const found = [...left].find(isMeant) ?? null
    if (found) left.delete(found)
    return found
  }
  const exact = entries.map((entry) =>
    take((digest) => isOf(digest, entry) && isDeepStrictEqual(digest.schedule, entry.schedule)),
  )
  return entries.map(
    (entry, index) =>
      exact[index] ?? take((digest) => isOf(digest, entry) && digest.schedule.kind === entry.schedule.kind),
  )
}

function isOf(digest: Digest, { profile, destination }: Complete): boolean {
  return digest.profile_name === profile && digest.destination_name === destination
}

function plannedOf(entry: Complete, present: Digest | null): Planned {
  const { message, ...after } = entry
  const { profile, destination, schedule } = after
  const name = `${profile} → ${destination ?? 'no destination'} (${schedule.kind})`
  return { change: changeOf('digest', name, present && digestEntry(present), after, message), present, entry }
}

function write({ rooms }: Planning, planned: readonly Planned[]): void {
  const { profiles, destinations } = namesNow(rooms)
  rooms.digests.takeOver(
    planned.map(({ present, entry: { profile, destination, message: _message, ...draft } }) => {
      const profileId = profiles.idOf(profile) ?? 0
      return {
        present,
        draft: {
          ...draft,
          profile_id: profileId,
          destination_id: destination === null ? null : destinations.idOf(destination),
        },
      }
    }),
  )
}
