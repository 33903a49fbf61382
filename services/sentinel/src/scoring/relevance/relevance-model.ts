import type { Reason } from '../../model'
import { FEATURES, stemsIn } from '../interest/features'
import { GENERAL, type GeneralEvidence } from './evidence'
import { probability, type Sparse, type Weights } from './logistic'

/** What a profile learned, in force. */
export interface RelevanceModel {
  version: number
  weights: Weights
  /** Least relevance of an alert, 0 to 1. */
  threshold: number
}

/** Of messages that are not quite relevant enough so many in a thousand are shown, to learn from what is said of them. */
const EXPLORED_PER_MILLE = 15
/** Not quite: at least this share of the threshold. */
const NEAR = 1 / 3
const MAX_WORDS = 3
const MAX_GENERAL = 2
/** What adds less to the log odds is not worth telling. */
const WORTH_TELLING = 0.1

const SAID: Record<GeneralEvidence, string> = {
  bias: 'how often anything is wanted',
  rules: 'its rules',
  many_rules: 'several of its rules',
  like_positive: 'like the samples that are wanted',
  like_negative: 'like the samples that are not wanted',
  likeness: 'likeness to the samples',
  promotion: 'reads like an advertisement',
  negated_rule: 'a rule beside a negation',
  promoted_rule: 'a rule within an advertisement',
  question: 'asks something',
  particulars: 'names particulars',
  brevity: 'its length',
  names: 'names somebody or something',
}

export interface Judgement {
  relevance: number
  verdict: 'alert' | 'explore' | 'none'
}

/** @param chance the same for the same message and profile, evenly spread over 0 to 999 */
export function judge({ weights, threshold }: RelevanceModel, evidence: Sparse, chance: number): Judgement {
  const relevance = probability(evidence, weights)
  if (relevance >= threshold) return { relevance, verdict: 'alert' }
  const isExplored = relevance >= threshold * NEAR && chance < EXPLORED_PER_MILLE
  return { relevance, verdict: isExplored ? 'explore' : 'none' }
}

/** What moved the judgement most, in log odds: words of the text where they stand, and general evidence. At least one. */
export function explain(text: string, { ids, values }: Sparse, weights: Weights): Reason[] {
  const worth = new Map(ids.map((id, at) => [id, (weights.get(id) ?? 0) * (values[at] as number)]))
  const general = GENERAL.slice(1).map((name, at) => ({ label: SAID[name], weight: worth.get(FEATURES + 1 + at) ?? 0 }))
  const words = wordsOf(text, worth)
  const told = [...strongest(words, MAX_WORDS), ...strongest(general, MAX_GENERAL)]
  if (told.length === 0) return [{ kind: 'learned', label: SAID.bias, weight: rounded(worth.get(FEATURES) ?? 0) }]
  return told.map((reason) => ({ kind: 'learned', ...reason, weight: rounded(reason.weight) }))
}

function wordsOf(text: string, worth: ReadonlyMap<number, number>) {
  const words = new Map<number, { label: string; weight: number; matches: NonNullable<Reason['matches']> }>()
  for (const { id, word, offset, length } of stemsIn(text)) {
    const known = words.get(id) ?? { label: word, weight: worth.get(id) ?? 0, matches: [] }
    known.matches.push({ offset, length })
    words.set(id, known)
  }
  return [...words.values()]
}

function strongest<T extends { weight: number }>(told: T[], most: number): T[] {
  const telling = told.filter(({ weight }) => Math.abs(weight) >= WORTH_TELLING)
  return telling.sort((one, other) => Math.abs(other.weight) - Math.abs(one.weight)).slice(0, most)
}

function rounded(weight: number): number {
  return Math.round(weight * 100) / 100
}
