import { likenessOf, MIDDLE, nearestOf, type Likeness, type Samples } from './samples'

/** Texts as a sentence model sees them: unit vectors of one length. */
export interface Vectors {
  /** Undefined where the text was not read, or not lately. */
  of(text: string): Float32Array | undefined
  /** Texts that have to do with nothing in particular, which show how alike a model finds what is not alike. */
  readonly references: readonly string[]
}

type Scale = (cosine: number) => number

/** So many standard deviations beyond unrelated texts likeness is worth one half. */
const DEVIATIONS = 3
/** Cosine: unrelated texts are taken to differ by this much at least. */
const LEAST_DEVIATION = 0.02

/**
 * Likeness to samples by their meaning. Models differ in how alike they find texts that have nothing in common, so that cosines are
 * measured from there, for each side of the samples: unrelated texts come to about 0, `MIDDLE` is three deviations beyond. Pure.
 */
export class MeaningInterest {
  private readonly similarities: Float64Array
  private readonly scales: { positive: Scale; negative: Scale }

  private constructor(
    private readonly samples: Samples,
    private readonly vectors: readonly Float32Array[],
    references: readonly Float32Array[],
  ) {
    this.similarities = new Float64Array(vectors.length)
    const positives = samples.positive.length
    const positive = this.scaleOf(references, 0, positives)
    this.scales = { positive, negative: this.scaleOf(references, positives, vectors.length) }
  }

  /** Null while a sample was not read. */
  static of(samples: Samples, vectors: Vectors): MeaningInterest | null {
    const read = (texts: readonly string[]) => texts.flatMap((text) => vectors.of(text) ?? [])
    const texts = [...samples.positive, ...samples.negative]
    const [ofSamples, references] = [read(texts), read(vectors.references)]
    if (ofSamples.length < texts.length || references.length < vectors.references.length) return null
    return new MeaningInterest(samples, ofSamples, references)
  }

  measure(vector: Float32Array): Likeness {
    return likenessOf(this.cosines(vector), this.samples, this.scales)
  }

  private scaleOf(references: readonly Float32Array[], from: number, to: number): Scale {
    const found = references.map((reference) => nearestOf(this.cosines(reference), from, to).mean)
    const origin = mean(found)
    const deviation = Math.sqrt(mean(found.map((each) => (each - origin) ** 2)))
    const unit = (DEVIATIONS * Math.max(LEAST_DEVIATION, deviation)) / MIDDLE
    return (cosine) => Math.min(1, Math.max(0, (cosine - origin) / unit))
  }

  private cosines(vector: Float32Array): Float64Array {
    this.vectors.forEach((sample, at) => {
      let sum = 0
      for (let axis = 0; axis < sample.length; axis++) sum += (sample[axis] as number) * (vector[axis] ?? 0)
      this.similarities[at] = sum
    })
    return this.similarities
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}
