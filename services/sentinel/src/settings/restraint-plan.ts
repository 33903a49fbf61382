import type { RestraintDraft } from '../model'
import { requireRevisionOf } from '../profiles/revision-tag'
import { lasting, restraintEntry, type RestraintEntry } from './entries'
import { changeOf, isChange } from './fields'
import { NOTHING, type Plan, type Planning } from './plan'
import { requireKnown } from './refusal'
import { namesNow } from './settings-file'

/** Once the destinations were planned. What the file does not say of it stays. @throws ApiError INVALID_IMPORT */
export function planRestraint(planning: Planning): Plan {
  const { rooms, file } = planning
  if (!file.restraint) return NOTHING
  requireReferences(planning)
  const { revision, ...present } = rooms.restraint.view
  const before = restraintEntry({ revision, ...present }, namesNow(rooms), rooms.now())
  const after = usable({ ...before, ...file.restraint }, planning)
  const change = changeOf('restraint', null, before, after)
  if (!isChange(change)) return { ...NOTHING, changes: [change] }
  const write = () => {
    rooms.restraint.set(draftOf(after, planning), (now) => requireRevisionOf('rule', now, `"${revision}"`))
  }
  return { changes: [change], write }
}

function requireReferences({ file, profiles, destinations }: Planning): void {
  const { caps = [], snoozes = [], paused } = file.restraint ?? {}
  const check = (path: string, name: string | null) => {
    if (name !== null) requireKnown(`restraint.${path}`, 'profile', name, profiles.idOf(name) !== null)
  }
  caps.forEach(({ profile }, index) => check(`caps.${index}.profile`, profile))
  snoozes.forEach(({ profile }, index) => check(`snoozes.${index}.profile`, profile))
  paused?.destinations.forEach((name, index) =>
    requireKnown(`restraint.paused.destinations.${index}`, 'destination', name, destinations.has(name.trim())),
  )
}

/** Without snoozes that are over, and without destinations that could not be taken over. */
function usable({ snoozes, paused, caps, ...rest }: RestraintEntry, { rooms, skipped }: Planning): RestraintEntry {
  const trimmed = <T extends { profile: string | null }>(one: T): T => ({
    ...one,
    profile: one.profile?.trim() ?? null,
  })
  return {
    ...rest,
    caps: caps.map(trimmed),
    snoozes: lasting(snoozes, rooms.now()).map(trimmed),
    paused: {
      all: paused.all,
      destinations: paused.destinations.map((name) => name.trim()).filter((name) => !skipped.has(name)),
    },
  }
}

function draftOf({ caps, snoozes, paused, ...rest }: RestraintEntry, { rooms }: Planning): RestraintDraft {
  const { profiles, destinations } = namesNow(rooms)
  const idOf = (profile: string) => profiles.idOf(profile) ?? 0
  return {
    ...rest,
    caps: caps.map(({ profile, ...cap }) => ({ ...cap, profile_id: idOf(profile) })),
    snoozes: snoozes.map(({ profile, until }) => ({ until, profile_id: profile === null ? null : idOf(profile) })),
    paused: { all: paused.all, destinations: destinations.idsOf(paused.destinations) },
  }
}
