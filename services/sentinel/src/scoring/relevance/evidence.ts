import type { MarkedId } from '../../model'
import { FEATURES, featureId, type TextFeatures } from '../interest/features'
import type { Background } from '../interest/background'
import type { Likeness } from '../interest/samples'
import type { Cues } from './cues'
import type { Sparse } from './logistic'

/** What is known of a message before anybody judged it. */
export interface Facts {
  text: TextFeatures
  cues: Cues
  likeness: Likeness
  /** Score by the profile's rules, over its `min_score`. */
  ruleScore: number
  /** Rules that were hit, such as `keyword уязвимость`. */
  rules: readonly string[]
  chatId: MarkedId
  senderId: MarkedId | null
}

/** Another number makes what was learned be learned anew. */
export const EVIDENCE_VERSION = 2

/** Evidence that means the same in every profile: known from the first day on. */
export const GENERAL = [
  'bias',
  'rules',
  'many_rules',
  'like_positive',
  'like_negative',
  'likeness',
  'promotion',
  'negated_rule',
  'promoted_rule',
  'question',
  'particulars',
  'brevity',
  'names',
] as const

export type GeneralEvidence = (typeof GENERAL)[number]

const WORDS = 1
const RULE = 0.7
const PLACE = 0.6

export function generalId(name: GeneralEvidence): number {
  return FEATURES + GENERAL.indexOf(name)
}

/** A message as evidence for or against: general facts, its rules, its chat and sender, its words. Pure. */
export function evidenceOf(facts: Facts, background: Background): Sparse {
  const ids: number[] = []
  const values: number[] = []
  const add = (id: number, value: number) => {
    if (value === 0) return
    ids.push(id)
    values.push(value)
  }
  for (const [name, value] of Object.entries(generalOf(facts))) add(generalId(name as GeneralEvidence), value)
  for (const rule of facts.rules) add(featureId(`rule ${rule}`), RULE)
  add(featureId(`chat ${facts.chatId}`), PLACE)
  if (facts.senderId !== null) add(featureId(`sender ${facts.senderId}`), PLACE)
  addWords(facts.text, background, add)
  return { ids, values }
}

function generalOf({ cues, likeness, ruleScore, rules }: Facts): Record<GeneralEvidence, number> {
  const isHit = Number(rules.length > 0)
  return {
    bias: 1,
    rules: isHit * Math.min(2, ruleScore),
    many_rules: Math.min(3, Math.max(0, rules.length - 1)),
    like_positive: likeness.positive * 5,
    like_negative: likeness.negative * 5,
    likeness: likeness.value,
    promotion: cues.promotion,
    negated_rule: cues.negation * isHit,
    promoted_rule: cues.promotion * isHit,
    question: cues.question,
    particulars: cues.particulars,
    brevity: cues.brevity,
    names: cues.names,
  }
}

function addWords({ ids, weights }: TextFeatures, background: Background, add: (id: number, value: number) => void) {
  const values = ids.map((id, at) => (weights[at] as number) * background.rarity(id))
  const norm = Math.hypot(...values) || 1
  ids.forEach((id, at) => add(id, (WORDS * (values[at] as number)) / norm))
}
