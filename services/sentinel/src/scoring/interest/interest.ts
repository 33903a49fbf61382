import type { Background } from './background'
import { featuresOf, type TextFeatures } from './features'
import { likenessOf, UNLIKE, type Likeness, type Samples } from './samples'

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
  private readonly similarities: Float64Array

  constructor(
    private readonly samples: Samples,
    private readonly background: Background,
  ) {
    const texts = [...samples.positive, ...samples.negative]
    this.similarities = new Float64Array(texts.length)
    texts.forEach((text, sample) => this.post(featuresOf(text), sample))
  }

  measure(features: TextFeatures): Likeness {
    if (features.ids.length === 0 || this.similarities.length === 0) return UNLIKE
    this.similarities.fill(0)
    const norm = this.add(features)
    if (norm === 0) return UNLIKE
    for (let at = 0; at < this.similarities.length; at++)
      this.similarities[at] = (this.similarities[at] as number) / norm
    return likenessOf(this.similarities, this.samples)
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
        this.similarities[posting.sample] = (this.similarities[posting.sample] as number) + weight * posting.weight
    }
    return Math.sqrt(squares)
  }
}
