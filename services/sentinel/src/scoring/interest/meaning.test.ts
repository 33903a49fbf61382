import { MeaningInterest, type Vectors } from './meaning'

const SAMPLES = { positive: ['wanted', 'wanted too'], negative: ['not wanted'], positiveWeight: 1, negativeWeight: 1 }

/** Unit vectors: how near a text is to what is wanted, to what is not, and to everything else. */
function vector(wanted: number, unwanted: number): Float32Array {
  return Float32Array.of(wanted, unwanted, Math.sqrt(Math.max(0, 1 - wanted ** 2 - unwanted ** 2)))
}

const KNOWN: Record<string, Float32Array> = {
  wanted: vector(1, 0),
  'wanted too': vector(0.9, 0),
  'not wanted': vector(0, 1),
}

/** @param common how alike the model finds any two texts */
function interest(common: number, known = KNOWN) {
  const spread = [-0.02, 0, 0.02].map((off) => vector(common + off, common))
  const references = spread.map((_, at) => `reference ${at}`)
  const of = (text: string) => known[text] ?? spread[references.indexOf(text)]
  return MeaningInterest.of(SAMPLES, { of, references } satisfies Vectors)
}

describe('interest by meaning', () => {
  it.each([0.05, 0.3, 0.65])('is measured from what the model finds of unrelated texts: cosines about %s', (common) => {
    const measured = (wanted: number, unwanted = common) => interest(common)?.measure(vector(wanted, unwanted)).value
    expect(measured(common)).toBeLessThan(0.02)
    expect(measured(common + 0.02)).toBeLessThan(0.2)
    expect(measured(common + 0.2)).toBeGreaterThan(0.9)
  })

  it('is less for what is nearer to a negative sample, and names the nearest', () => {
    expect(interest(0.1)?.measure(vector(0.5, 0.8))).toMatchObject({ nearest: 'not wanted' })
    expect(interest(0.1)?.measure(vector(0.5, 0.8)).value).toBeLessThan(0.05)
    expect(interest(0.1)?.measure(vector(1, 0)).nearest).toBe('wanted')
  })

  it('is none while a sample was not read', () => {
    expect(interest(0.1, { wanted: vector(1, 0) })).toBeNull()
  })
})
