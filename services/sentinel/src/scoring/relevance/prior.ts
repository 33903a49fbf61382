import { FEATURES } from '../interest/features'
import { generalId, type GeneralEvidence } from './evidence'
import type { Weights } from './logistic'

/**
 * What general evidence is worth before a profile has learned anything: fitted by this very regression to the four profiles of
 * `test/relevance` that development looks at; the others are for measuring alone.
 */
const WORTH: Record<GeneralEvidence, number> = {
  bias: -2.47,
  rules: 0.6,
  many_rules: -0.97,
  like_positive: 3.3,
  like_negative: -1.1,
  likeness: -0.22,
  promotion: -2.25,
  negated_rule: -0.75,
  promoted_rule: -3.08,
  question: -0.4,
  particulars: 2.32,
  brevity: -3.59,
}

export const PRIOR: Weights = new Map(
  Object.entries(WORTH).map(([name, worth]) => [generalId(name as GeneralEvidence), worth]),
)

/** What holds for every profile moves slowly; what is said of these words, this chat, this sender counts at once. */
export function priorStrength(id: number): number {
  return id >= FEATURES ? 10 : 2
}
