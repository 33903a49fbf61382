import { isoMoment } from '@tgsentinel/kernel/time'
import type { Profile, ProfileDraft } from '../model'
import { rulesOf } from './rules'

/** A draft as if it were stored and in force: what is tried must not need to be saved first. `id`: whose model judges. */
export function asProfile(draft: ProfileDraft, id = 1): Profile {
  const moment = isoMoment(0)
  const rules = rulesOf({ ...draft, enabled: true })
  return { id, revision: 1, name: draft.name.trim(), ...rules, created_at: moment, updated_at: moment }
}
