import type { Background } from './background'
import { featuresOf, type TextFeatures } from './features'

export interface Samples {
  positive: readonly string[]
  negative: readonly string[]
  positiveWeight: number
  negativeWeight: number
}

export interface Likeness {
  /** 0 to 1: how much more a text is like the positive samples than like the negative ones. */
  value: number
  /** Likeness to the nearest positive samples, and to the nearest negative ones: cosine, 0 to 1. */
  positive: number
  negative: number
  /** The nearest sample of the side that it is on. */
  nearest: string
}

/** So many of the nearest samples of a side count. */
const NEIGHBOURS = 3
/**
 * Where likeness to the samples is worth one half, and how fast it rises from there: between what unrelated messages reach and
 * what left-out samples reach, over the profiles of `test/relevance` that development looks at.
 */
const MIDDLE = 0.12
const STEEPNESS = 40
const NOTHING: Likeness = { value: 0, positive: 0, negative: 0, nearest: '' }

interface Posting {
  sample: number
  weight: number
}

/**
 * What is of interest, by examples: the nearest positive samples against the nearest negative ones, by the words and parts of
 * words that they share, the rarer the more. Text that has nothing to do with either is worth about nothing. Pure.
 */
export class Interest {
  private readonly postings = new Map<number, Posting[]>()
  private readonly texts: string[]
  private readonly positives: number
  private readonly sums: Float64Array

  constructor(
    private readonly samples: Samples,
    private readonly background: Background,
  ) {
    this.texts = [...samples.positive, ...samples.negative]
    this.positives = samples.positive.length
    this.sums = new Float64Array(this.texts.length)
    this.texts.forEach((text, sample) => this.post(featuresOf(text), sample))
  }

  measure(features: TextFeatures): Likeness {
    if (features.ids.length === 0 || this.texts.length === 0) return NOTHING
    this.sums.fill(0)
    const norm = this.add(features)
    if (norm === 0) return NOTHING
    const positive = this.nearestOf(0, this.positives, norm)
    const negative = this.nearestOf(this.positives, this.texts.length, norm)
    const margin = positive.mean * this.samples.positiveWeight - negative.mean * this.samples.negativeWeight
    const value = 1 / (1 + Math.exp(-STEEPNESS * (margin - MIDDLE)))
    const nearest = this.texts[margin >= 0 ? positive.sample : negative.sample] ?? ''
    return { value, positive: positive.mean, negative: negative.mean, nearest }
  }

  private post(features: TextFeatures, sample: number): void {
    const { ids } = features
    const weights = this.weigh(features)
    const norm = Math.hypot(...weights) || 1
    ids.forEach((id, at) => {
      const postings = this.postings.get(id) ?? []
      postings.push({ sample, weight: (weights[at] as number) / norm })
      this.postings.set(id, postings)
    })
  }

  private weigh({ ids, weights }: TextFeatures): number[] {
    return ids.map((id, at) => (weights[at] as number) * this.background.rarity(id))
  }

  /** Adds up what each sample has in common with the text; its norm. */
  private add(features: TextFeatures): number {
    let squares = 0
    const weights = this.weigh(features)
    for (let at = 0; at < weights.length; at++) {
      const weight = weights[at] as number
      squares += weight * weight
      for (const posting of this.postings.get(features.ids[at] as number) ?? [])
        this.sums[posting.sample] = (this.sums[posting.sample] as number) + weight * posting.weight
    }
    return Math.sqrt(squares)
  }

  /** Mean of the nearest, the nearest of all counting double. */
  private nearestOf(from: number, to: number, norm: number): { mean: number; sample: number } {
    const best: number[] = []
    for (let sample = from; sample < to; sample++) {
      const sum = this.sums[sample] as number
      const place = best.findIndex((other) => sum > (this.sums[other] as number))
      if (place >= 0) best.splice(place, 0, sample)
      else if (best.length < NEIGHBOURS) best.push(sample)
      if (best.length > NEIGHBOURS) best.pop()
    }
    const values = best.map((sample) => (this.sums[sample] as number) / norm)
    const total = values.reduce((sum, value) => sum + value, values[0] ?? 0)
    return { mean: values.length === 0 ? 0 : total / (values.length + 1), sample: best[0] ?? from }
  }
}
