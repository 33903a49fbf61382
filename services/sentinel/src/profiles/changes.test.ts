import type { ProfileDraft, RuleChange } from '../model'
import { changesBetween } from './changes'
import { rulesOf } from './rules'

const ENTRIES = 500

const NAMED: ProfileDraft = {
  name: 'Security',
  keywords: { security: { words: ['exploit', 'leak'], weight: 2 } },
  queries: [{ query: 'a AND b', weight: 1 }],
  vip_senders: ['@mara'],
}

function changes(change: Partial<ProfileDraft>): RuleChange[] {
  const next = { ...NAMED, ...change }
  return changesBetween({ name: NAMED.name, rules: rulesOf(NAMED) }, { name: next.name, rules: rulesOf(next) })
}

const TABLE: [what: string, change: Partial<ProfileDraft>, wanted: RuleChange[]][] = [
  ['nothing', {}, []],
  ['the name', { name: 'Leaks' }, [{ path: 'name', before: 'Security', after: 'Leaks' }]],
  ['a switch', { enabled: false }, [{ path: 'enabled', before: true, after: false }]],
  ['a number', { min_score: 2.5 }, [{ path: 'min_score', before: 1, after: 2.5 }]],
  [
    'words: what went and what came',
    { keywords: { security: { words: ['leak', 'breach'], weight: 2 } } },
    [{ path: 'keywords.security.words', before: ['exploit'], after: ['breach'] }],
  ],
  [
    'the weight of words',
    { keywords: { security: { words: ['exploit', 'leak'], weight: 3 } } },
    [{ path: 'keywords.security.weight', before: 2, after: 3 }],
  ],
  [
    'the order of words: nothing went and nothing came',
    { keywords: { security: { words: ['leak', 'exploit'], weight: 2 } } },
    [{ path: 'keywords.security.words', before: [], after: [] }],
  ],
  [
    'a category that came and one that went',
    { keywords: { risk: { words: ['fire'] } } },
    [
      { path: 'keywords.security.words', before: ['exploit', 'leak'], after: [] },
      { path: 'keywords.security.weight', before: 2, after: null },
      { path: 'keywords.risk.words', before: [], after: ['fire'] },
    ],
  ],
  [
    'the weight of a query: it went, and came again',
    { queries: [{ query: 'a AND b', weight: 2 }] },
    [{ path: 'queries', before: [{ query: 'a AND b', weight: 1 }], after: [{ query: 'a AND b', weight: 2 }] }],
  ],
  ['the fields of a query in another order', { queries: [{ weight: 1, query: 'a AND b' }] }, []],
  ['a detector that was set', { detectors: { link: 1 } }, [{ path: 'detectors.link', before: null, after: 1 }]],
  ['a list that was cleared', { vip_senders: [] }, [{ path: 'vip_senders', before: ['@mara'], after: [] }]],
  ['a scope', { scope: { chats: ['@news'] } }, [{ path: 'scope.chats', before: [], after: ['@news'] }]],
]

describe('changes between two revisions', () => {
  it.each(TABLE)('tell %s', (_what, change, wanted) => {
    expect(changes(change)).toEqual(wanted)
  })

  it('read each entry of a long list a few times, not once for each of the others', () => {
    let reads = 0
    const entry = (query: string) => ({
      get query() {
        reads++
        return query
      },
    })
    const rulesWith = (name: string) => ({
      ...rulesOf(NAMED),
      queries: Array.from({ length: ENTRIES }, (_, index) => entry(`${name} ${index}`)),
    })
    const [change] = changesBetween({ name: 'a', rules: rulesWith('old') }, { name: 'a', rules: rulesWith('new') })
    expect(change).toMatchObject({ path: 'queries', before: { length: ENTRIES }, after: { length: ENTRIES } })
    expect(reads / (2 * ENTRIES)).toBeLessThan(10)
  })
})
