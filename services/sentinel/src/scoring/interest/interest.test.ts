import { Background } from './background'
import { featuresOf } from './features'
import { Interest } from './interest'

const SAMPLES = {
  positive: ['Сдаётся двухкомнатная квартира у метро, без комиссии', 'Two-room flat to rent near the metro, no fee'],
  negative: ['Курсы риелторов: как сдать квартиру дорого'],
  positiveWeight: 1,
  negativeWeight: 1,
}

const likeness = (text: string, samples = SAMPLES) => new Interest(samples, new Background()).measure(featuresOf(text))

describe('interest by samples', () => {
  it.each([
    ['the sample itself', 'Сдаётся двухкомнатная квартира у метро, без комиссии'],
    ['other forms of its words', 'Сдают двухкомнатную квартиру рядом с метро, комиссии нет'],
    ['the other language', 'a flat to rent, two rooms, near metro'],
  ])('finds %s', (_what, text) => {
    expect(likeness(text).value).toBeGreaterThan(0.9)
  })

  it.each([
    ['unrelated text', 'С днём рождения, дорогая!'],
    ['function words alone', 'это и не то, что было у нас'],
    ['unrelated English', 'The release is postponed to Friday because of the tests'],
    ['nothing', ''],
    ['figures', '12 345 67'],
  ])('%s is worth about nothing', (_what, text) => {
    expect(likeness(text).value).toBeLessThan(0.02)
  })

  it('is less for what is nearer to a negative sample, and names it', () => {
    const { value, nearest } = likeness('Курсы риелторов, учим сдать квартиру')
    expect(value).toBeLessThan(0.05)
    expect(nearest).toBe(SAMPLES.negative[0])
  })

  it('counts a side as much as it is told to', () => {
    const text = 'Сдать квартиру: курсы у метро, двухкомнатная'
    const of = (negativeWeight: number) => likeness(text, { ...SAMPLES, negativeWeight }).value
    expect(of(0)).toBeGreaterThan(of(1))
    expect(of(1)).toBeGreaterThan(of(3))
  })

  it('is worth nothing without samples', () => {
    expect(likeness('квартира', { ...SAMPLES, positive: [], negative: [] }).value).toBe(0)
  })
})

describe('the background', () => {
  it('makes what is said everywhere tell little, and survives being stored', () => {
    const background = new Background()
    const metro = featuresOf('метро')
    const [stem = 0] = metro.ids
    const before = background.rarity(stem)
    for (let n = 0; n < 1000; n++) background.read(metro)
    expect(background.rarity(stem)).toBeLessThan(before / 4)
    const kept = new Background(background.bytes, background.messages)
    expect([kept.messages, kept.rarity(stem)]).toEqual([1000, background.rarity(stem)])
  })

  it('that was counted for other features is none', () => {
    expect(new Background(new Uint8Array(10), 500).messages).toBe(0)
  })
})
