/** Messages that are wanted and messages that are not, and how much likeness to each counts. */
export interface Samples {
  positive: readonly string[]
  negative: readonly string[]
  positiveWeight: number
  negativeWeight: number
}

export interface Likeness {
  /** 0 to 1: how much more a text is like the positive samples than like the negative ones. */
  value: number
  /** Likeness to the nearest positive samples, and to the nearest negative ones: 0 to 1. */
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
export const MIDDLE = 0.12
const STEEPNESS = 40

export const UNLIKE: Likeness = { value: 0, positive: 0, negative: 0, nearest: '' }

/**
 * The nearest positive samples against the nearest negative ones. Pure.
 * @param similarities to each sample: the positive ones first
 * @param scales for each side, to 0 to 1
 */
export function likenessOf(
  similarities: Float64Array,
  samples: Samples,
  scales = { positive: asIs, negative: asIs },
): Likeness {
  const positives = samples.positive.length
  const positive = scaled(nearestOf(similarities, 0, positives), scales.positive)
  const negative = scaled(nearestOf(similarities, positives, similarities.length), scales.negative)
  const margin = positive.mean * samples.positiveWeight - negative.mean * samples.negativeWeight
  const value = 1 / (1 + Math.exp(-STEEPNESS * (margin - MIDDLE)))
  const nearest = margin >= 0 ? samples.positive[positive.at] : samples.negative[negative.at - positives]
  return { value, positive: positive.mean, negative: negative.mean, nearest: nearest ?? '' }
}

function asIs(similarity: number): number {
  return similarity
}

function scaled({ mean, at }: Nearest, scale: (similarity: number) => number): Nearest {
  return { mean: scale(mean), at }
}

export interface Nearest {
  mean: number
  at: number
}

/** Mean of the nearest, the nearest of all counting double. */
export function nearestOf(similarities: Float64Array, from: number, to: number): Nearest {
  const best: number[] = []
  for (let sample = from; sample < to; sample++) {
    const similarity = similarities[sample] as number
    const place = best.findIndex((other) => similarity > (similarities[other] as number))
    if (place >= 0) best.splice(place, 0, sample)
    else if (best.length < NEIGHBOURS) best.push(sample)
    if (best.length > NEIGHBOURS) best.pop()
  }
  const values = best.map((sample) => similarities[sample] as number)
  const total = values.reduce((sum, value) => sum + value, values[0] ?? 0)
  return { mean: values.length === 0 ? 0 : total / (values.length + 1), at: best[0] ?? from }
}
