import { canonicalUrl, fingerprintOf } from './fingerprint'
import { Fingerprints } from './fingerprints'
import { likenessOf, overlapOf } from './likeness'
import { MemoryStoryIndex } from './memory-story-index'
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

describe('fingerprints that are kept', () => {
  it('are those of their texts, however many came in between', () => {
    const fingerprints = new Fingerprints(300)
    for (let index = 0; index < 20; index++) {
      const other = `${STORY} number ${index}`
      expect(fingerprints.of(other)).toEqual(fingerprintOf(other))
      expect(fingerprints.of(STORY)).toEqual(fingerprintOf(STORY))
      expect(fingerprints.keysOf(STORY)).toEqual(bandsOf(fingerprintOf(STORY).shingles))
    }
  })

  it('are read once', () => {
    const fingerprints = new Fingerprints()
    expect(fingerprints.of(STORY)).toBe(fingerprints.of(STORY))
  })
})

describe('stories of a trial', () => {
  it('are found by their keys, the newest first, until they are too old', () => {
    const index = new MemoryStoryIndex(() => null)
    index.open(1, 10, [1, 2, 2], 100, 'first')
    index.open(1, 12, [2, 3], 200, 'second')
    const found = (sinceMs = 0) => index.candidates(1, [1, 2, 3], sinceMs).map(({ alertId, text }) => [alertId, text])
    const second = [12, 'second']
    expect(found()).toEqual([second, [10, 'first']])
    expect(found(150)).toEqual([second])
    index.forget(150)
    expect(found()).toEqual([second])
    index.forget(300)
    expect(found()).toEqual([])
  })
})
