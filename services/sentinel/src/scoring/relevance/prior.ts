import { FEATURES } from '../interest/features'
import { generalId, type GeneralEvidence } from './evidence'
import type { Weights } from './logistic'

/**
 * What general evidence is worth before a profile has learned anything: fitted by this very regression to the four profiles of
 * `test/relevance` that development looks at; the others are for measuring alone.
 */
const WORTH: Record<GeneralEvidence, number> = {
  bias: -2.67,
  rules: 0.39,
  many_rules: -0.77,
  like_positive: 2.32,
  like_negative: -0.81,
  likeness: 0.34,
  promotion: -2.49,
  negated_rule: -0.95,
  promoted_rule: -2.6,
  question: -0.34,
  particulars: 1.97,
  brevity: -2.67,
  names: 2.58,
}

export const PRIOR: Weights = new Map(
  Object.entries(WORTH).map(([name, worth]) => [generalId(name as GeneralEvidence), worth]),
)

/** What holds for every profile moves slowly; how often anything is wanted, and what is said of these words, this chat, counts at once. */
export function priorStrength(id: number): number {
  if (id === generalId('bias')) return 1
  return id >= FEATURES ? 30 : 3
}
