import type { ProfileDraft } from '../model'
import { NO_INTEREST, NO_LEARNING, NO_THRESHOLDS, TELLS_NO_CHANGES, type ProfileRules } from '../store/profile-rules'

/** What a draft says, and the defaults for what it does not. */
export function rulesOf(draft: ProfileDraft): ProfileRules {
  return {
    description: draft.description ?? '',
    enabled: draft.enabled ?? true,
    min_score: draft.min_score ?? 1,
    keywords: draft.keywords ?? {},
    word_forms: draft.word_forms ?? true,
    queries: draft.queries ?? [],
    detectors: draft.detectors ?? {},
    vip_senders: draft.vip_senders ?? [],
    vip_weight: draft.vip_weight ?? 5,
    excluded_senders: draft.excluded_senders ?? [],
    scope: draft.scope ?? {},
    include_own: draft.include_own ?? false,
    interest: { ...NO_INTEREST, ...draft.interest },
    one_per_story: draft.one_per_story ?? true,
    learning: { ...NO_LEARNING, ...draft.learning },
    thresholds: { ...NO_THRESHOLDS, ...draft.thresholds },
    tell_changes: { ...TELLS_NO_CHANGES, ...draft.tell_changes },
  }
}
