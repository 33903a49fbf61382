import type { LearningView, Profile } from '../model'
import type { Knowledge } from '../scoring/compiled-profile'
import { fit, probability, type Example, type Sparse, type Weights } from '../scoring/relevance/logistic'
import { PRIOR, priorStrength } from '../scoring/relevance/prior'
import { averagePrecision } from '../scoring/relevance/ranking'
import { Scorer, type Scorable, type Wants } from '../scoring/scoring'
import type { LabelledMessage } from '../store/labels'

const FOLDS = 4
/** Below it a curve is chance. */
const LEAST_FOR_CURVE = 12
const MOST_FOR_CURVE = 300
const STEPS = [0, 10, 20, 50, 100, 200]
const EVEN_ODDS = 0.5

/** Reads messages as evidence, as the profile's rules and samples see them. */
export class EvidenceReader {
  private readonly scorer: Scorer

  constructor(profile: Profile, dictionary: readonly string[][], knowledge: Knowledge) {
    this.scorer = new Scorer([{ ...profile, enabled: true }], dictionary, knowledge)
  }

  /** What has to be known of a message that is read. */
  get wants(): Wants {
    return this.scorer.wants
  }

  /** Null where the profile does not listen. */
  read(message: Scorable): Sparse | null {
    return this.scorer.evidence(message)
  }
}

/** Labels as examples; those of messages that the profile no longer listens to are left out. */
export function examplesOf(labels: readonly LabelledMessage[], reader: EvidenceReader): Example[] {
  return labels.flatMap(({ message, relevant }) => {
    const features = reader.read(message)
    return features ? [{ features, relevant, weight: 1 }] : []
  })
}

/** What makes room for everything else while there is much to compute. */
export type Turn = () => Promise<unknown>

/** The same examples in the same order give the same weights. */
export async function learn(examples: readonly Example[], turn: Turn): Promise<Weights> {
  return examples.length === 0 ? PRIOR : fit(examples, PRIOR, priorStrength, turn)
}

/** How well the first so many examples rank the others: average precision, mean of four folds. */
export async function curveOf(all: readonly Example[], turn: Turn): Promise<LearningView['curve']> {
  const examples = all.slice(-MOST_FOR_CURVE)
  if (examples.length < LEAST_FOR_CURVE || examples.every(({ relevant }) => relevant)) return []
  const most = Math.floor((examples.length * (FOLDS - 1)) / FOLDS)
  const curve: LearningView['curve'] = []
  for (const labels of [...STEPS.filter((step) => step < most), most]) {
    const mean = await meanPrecision(examples, labels, turn)
    if (mean !== null) curve.push({ labels, average_precision: Math.round(mean * 1000) / 1000 })
  }
  return curve
}

async function meanPrecision(examples: readonly Example[], labels: number, turn: Turn): Promise<number | null> {
  const precisions: number[] = []
  for (let fold = 0; fold < FOLDS; fold++) {
    const rest = examples.filter((_, at) => at % FOLDS === fold)
    if (!rest.some(({ relevant }) => relevant)) continue
    const weights = await learn(examples.filter((_, at) => at % FOLDS !== fold).slice(0, labels), turn)
    const ranked = rest.map(({ features, relevant }) => ({ score: probability(features, weights), relevant }))
    precisions.push(averagePrecision(ranked))
  }
  return precisions.length === 0 ? null : precisions.reduce((sum, each) => sum + each, 0) / precisions.length
}

/**
 * Least relevance of an alert, so that over the days of a history about so many a day would have come; but where fewer are more
 * likely wanted than not, no unlikely ones make up the number. Pure.
 * @param relevances of the messages of those days
 * @param days how long that was, more than 0
 */
export function thresholdFor(perDay: number | null, relevances: readonly number[], days: number): number {
  if (perDay === null) return EVEN_ODDS
  const wanted = Math.max(1, Math.round(perDay * days))
  const best = [...relevances].sort((one, other) => other - one)
  return Math.max(EVEN_ODDS, best[wanted - 1] ?? 0)
}
