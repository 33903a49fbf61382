import { canonicalUrl, fingerprintOf } from './fingerprint'
import { likenessOf, overlapOf } from './likeness'
import { bandsOf } from './min-hash'

const same = (one: string, other: string) => likenessOf(fingerprintOf(one), fingerprintOf(other))
const STORY = 'The city closes the bridge for cars until spring, buses go by the ring road'

describe('one story', () => {
  it.each([
    ['as it is', STORY, 1],
    ['with a word more', `${STORY} again`, 1],
    ['in capitals', STORY.toUpperCase(), 1],
  ])('%s', (_what, text, least) => {
    expect(same(STORY, text)).toBeGreaterThanOrEqual(least - 0.05)
  })

  it.each([
    ['other numbers', `${STORY}, says 17 of them`, `${STORY}, says 18 of them`],
    ['other names', `${STORY}, says Mayor Lind`, `${STORY}, says Mayor Berg`],
    ['too short', 'Good morning all', 'Good morning all'],
    ['nothing', '', ''],
    ['other words', STORY, 'Nobody has seen the ferry since the storm of yesterday evening'],
  ])('is not told where there are %s', (_what, one, other) => {
    expect(same(one, other)).toBeNull()
  })

  it('has room for what only one of them adds', () => {
    expect(same(STORY, `${STORY}, 17 lines in all, says Mayor Lind`)).toBeGreaterThan(0.9)
  })
})

describe('addresses', () => {
  it.each([
    ['https://www.example.org/a/?utm_source=x&id=7#top', 'example.org/a?id=7'],
    ['http://m.example.org/a', 'example.org/a'],
    ['t.me/news/12', 't.me/news/12'],
    ['https://example.org/a?b=2&a=1)', 'example.org/a?a=1&b=2'],
    ['https://example.org/', null],
    ['https://', null],
  ])('%s is %s', (text, canonical) => {
    expect(canonicalUrl(text)).toBe(canonical)
  })
})

describe('candidates', () => {
  const keysInCommon = (one: string, other: string) => {
    const keys = new Set(bandsOf(fingerprintOf(one).shingles))
    return bandsOf(fingerprintOf(other).shingles).filter((key) => keys.has(key)).length
  }

  it('share keys where texts have much in common, and hardly else', () => {
    expect(keysInCommon(STORY, `${STORY} again, they say`)).toBeGreaterThan(3)
    expect(keysInCommon(STORY, 'Nobody has seen the ferry since the storm of yesterday evening')).toBe(0)
    expect(bandsOf(new Int32Array())).toEqual([])
  })

  it('have the overlap of sets', () => {
    const of = (...values: number[]) => Int32Array.from(values)
    expect(overlapOf(of(1, 2, 3, 4), of(3, 4, 5))).toEqual({ jaccard: 2 / 5, containment: 2 / 3 })
    expect(overlapOf(of(), of(1))).toEqual({ jaccard: 0, containment: 0 })
  })
})
