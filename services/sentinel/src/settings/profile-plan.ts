import { requireLiveRules } from '../profiles/dead-rules'
import type { SettingsChange } from '../model'
import type { TakenOver } from '../profiles'
import { profileEntry } from './entries'
import { changeOf, isChange } from './fields'
import { Names } from './names'
import { NOTHING, type Plan, type Planning } from './plan'
import { awaitedAt, requireOwnNames } from './refusal'

/** @throws ApiError INVALID_IMPORT */
export async function planProfiles({ rooms: { profiles }, file, rested }: Planning): Promise<Plan> {
  if (!file.profiles) return NOTHING
  requireOwnNames('profiles', file.profiles)
  const ids = new Names(profiles.names())
  const changes: SettingsChange[] = []
  const writes: TakenOver[] = []
  for (const [index, draft] of file.profiles.entries()) {
    await rested()
    const id = ids.idOf(draft.name)
    const present = (id === null ? undefined : profiles.find(id)) ?? null
    const after = profileEntry(draft)
    const change = changeOf('profile', after.name, present && profileEntry(present), after)
    changes.push(change)
    if (!isChange(change)) continue
    await awaitedAt(`profiles.${index}`, () => requireLiveRules(draft))
    const { name, ...rules } = after
    writes.push({ present, name, json: JSON.stringify(rules) })
  }
  return { changes, write: (by) => profiles.takeOver(writes, by) }
}
