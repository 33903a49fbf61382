import { isoMoment } from '@tgsentinel/kernel/time'
import type { Profile, ProfileDraft } from '../model'
import { rulesOf } from './rules'

/** A draft as if it were stored and in force: what is tried must not need to be saved first. */
export function asProfile(draft: ProfileDraft): Profile {
  const moment = isoMoment(0)
  const rules = rulesOf({ ...draft, enabled: true })
  return { id: 1, revision: 1, name: draft.name.trim(), ...rules, created_at: moment, updated_at: moment }
}
