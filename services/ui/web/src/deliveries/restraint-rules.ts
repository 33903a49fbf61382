import { call } from '../api'
import type { Restraint, RestraintDraft } from '../model'

/** The rules with a part of them changed. */
export async function saveRules(rules: Restraint, part: Partial<RestraintDraft>): Promise<void> {
  const { quiet_hours, urgent, caps, snoozes, paused, revision } = rules
  await call('PUT', 'restraint', { quiet_hours, urgent, caps, snoozes, paused, ...part }, { revision })
}
