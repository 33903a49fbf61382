import document from '../../../../../openapi/generated/sentinel.json'
import Ajv2020 from 'ajv/dist/2020'
import { parseContent } from './content'
import { profilesOf, readProfiles, type ReadProfile } from './profile-imports'

const ajv = new Ajv2020({ strict: false, validateSchema: false })
ajv.addSchema({ $id: 'contract', components: document.components })
const isDraft = ajv.compile({ $ref: 'contract#/components/schemas/ProfileDraft' })

/** Reads a file; every draft in it has to be one that createProfile takes. */
async function read(content: unknown, taken: string[] = []): Promise<ReadProfile[]> {
  const parsed = await parseContent(typeof content === 'string' ? content : JSON.stringify(content))
  const profiles = readProfiles(profilesOf(parsed), taken)
  for (const { draft } of profiles) if (draft && !isDraft(draft)) throw new Error(ajv.errorsText(isDraft.errors))
  return profiles
}

/** A profile of the original as its page saves it (redoracle/TGSentinel, demo/Alerts). */
const ORIGINAL = `
1001:
  id: 1001
  name: Brand & Reputation Monitor
  description: Monitors what customers say.
  enabled: true
  min_score: 3.5
  keywords: [feedback, review, Review]
  critical_keywords: [crisis]
  urgency_keywords: [complaint, crisis]
  financial_keywords: [bonus]
  project_keywords: [milestone]
  technical_keywords: [API]
  security_keywords: []
  detect_codes: false
  detect_polls: true
  prioritize_pinned: true
  prioritize_admin: true
  scoring_weights: { urgency: 1.8, keywords: 1.0 }
  vip_senders: [5550123]
  excluded_users: [777]
  channels: [-1001234567890]
  users: [42]
  reaction_threshold: 10
  reply_threshold: 0
  positive_samples: [It broke again]
  threshold: 0.4
  tags: [brand]
  webhooks: []
  digest: { schedules: [{ schedule: hourly, top_n: 5 }, { schedule: weekly, weekly_day: 4, weekly_hour: 18 }, fortnightly], min_score: 2, mode: dm }
  colour: red
`

describe('a profile of the original', () => {
  it('is taken over with what is known here, and the rest is said', async () => {
    const [profile] = await read(ORIGINAL)
    expect(profile?.draft).toMatchObject({
      name: 'Brand & Reputation Monitor',
      description: 'Monitors what customers say.',
      min_score: 3.5,
      keywords: {
        general: { words: ['feedback', 'Review', 'API'], weight: 1 },
        urgency: { words: ['crisis', 'complaint'], weight: 1.8 },
        opportunity: { words: ['bonus'], weight: 0.6 },
        importance: { words: ['milestone'], weight: 0.9 },
      },
      detectors: { poll: 1, pinned: 1.2, admin: 1 },
      thresholds: { reactions: 10, weight: 0.5 },
      vip_senders: ['5550123'],
      excluded_senders: ['777'],
      scope: { chats: ['-1001234567890', '42'] },
      interest: { positive_samples: ['It broke again'], threshold: 0.4 },
    })
    expect(profile?.report.not_understood.map(({ path }) => path)).toEqual([
      'tags',
      'digest.schedules.2',
      'digest.target',
      'colour',
    ])
    expect(profile?.digests).toEqual([
      { schedule: { kind: 'hourly', at: '00:00' }, top_n: 5, min_score: 2 },
      { schedule: { kind: 'weekly', at: '18:00', weekday: 'friday' }, min_score: 2 },
    ])
    expect(profile?.report.understood).toEqual(
      expect.arrayContaining(['name', 'keywords', 'users', 'scoring_weights', 'digest']),
    )
  })

  it('of examples alone is one, too', async () => {
    const samples = { positive_samples: ['a b'], negative_samples: ['c d'], positive_weight: 1, negative_weight: 11 }
    const [profile] = await read({
      3004: { name: 'AI', ...samples, feedback_positive_samples: ['e', { text: 'a b' }, 7] },
    })
    expect(profile?.draft?.interest).toEqual({
      positive_samples: ['a b', 'e'],
      negative_samples: ['c d'],
      positive_weight: 1,
    })
    expect(profile?.report.not_understood.map(({ path }) => path)).toEqual([
      'negative_weight',
      'feedback_positive_samples.2',
    ])
  })

  it('of reactions, answers and edits is read with what is wrong in it', async () => {
    const own = { thresholds: { reactions: 5, replies: 2.5, weight: 3, stars: 1 }, tell_changes: { edits: true, deletions: 'no', pins: true } } // prettier-ignore
    const [profile] = await read({ one: { name: 'Talk of the town', keywords: ['alpha'], ...own } })
    expect(profile?.draft).toMatchObject({ thresholds: { reactions: 5, weight: 3 }, tell_changes: { edits: true } })
    expect(profile?.report.not_understood.map(({ path }) => path)).toEqual([
      'thresholds.replies',
      'thresholds.stars',
      'tell_changes.deletions',
      'tell_changes.pins',
    ])
  })

  it('of nothing that is known here cannot be used, and says why', async () => {
    const [profile] = await read({ 3004: { name: 'AI', pending_positive_samples: ['a'], require_forwarded: true } })
    expect(profile?.draft).toBeNull()
    expect(profile?.report).toMatchObject({ name: 'AI', understood: [] })
    expect(profile?.report.not_understood).toHaveLength(2)
  })
})

describe('shapes of files', () => {
  const record = { name: 'One', keywords: ['alpha'] }
  const SHAPES: Record<string, unknown> = {
    'a list': [record],
    'by id': { 1001: record },
    'one alone': record,
    'under `profiles`': { profiles: [record] },
    'under `profiles`, by id': { profiles: { a: record } },
    'with the envelope of an answer': { status: 'ok', data: { profiles: [record] }, error: null },
    'with an envelope, by id': { status: 'ok', data: { 1001: record } },
    'as YAML': 'profiles:\n  - name: One\n    keywords: [alpha]\n',
    'as YAML with an anchor': 'base: &words [alpha]\none:\n  name: One\n  keywords: *words\n',
    'as YAML with a merge key': 'one: &one\n  name: One\n  <<: { keywords: [alpha] }\n',
    'words with weights': [{ name: 'One', keywords: { alpha: 0.8 } }],
    'words in a field of their own': [{ name: 'One', general_keywords: { keywords: ['alpha'], weight: 0.8 } }],
    'a category without its ending': [{ name: 'One', general: ['alpha'] }],
  }

  it.each(Object.entries(SHAPES))('%s are read', async (_what, content) => {
    expect(await read(content)).toMatchObject([
      { draft: { name: 'One', keywords: { general: { words: ['alpha'], weight: 0.8 } } } },
    ])
  })

  it('of our own give back every rule', async () => {
    const profile = {
      ...{ id: 3, revision: 9, name: 'Ours', description: 'x', enabled: true, min_score: 0, word_forms: false },
      keywords: { risk: { words: ['fire'] }, action: { words: ['go'], weight: 0 } },
      queries: [{ query: 'alpha beta', weight: 2 }],
      ...{ detectors: { link: 0.5, private: 1 }, vip_senders: ['@mara'], vip_weight: 0, excluded_senders: ['5'] },
      scope: { chats: ['@a'], exclude_chats: ['-1001'], kinds: ['channel'] },
      ...{ include_own: true, created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' },
    }
    const { id: _id, revision: _revision, enabled: _on, created_at: _then, updated_at: _now, ...rules } = profile
    const [taken] = await read({ profiles: [profile] })
    expect(taken?.draft).toEqual(rules)
    expect(taken?.report.not_understood).toEqual([])
  })
})

describe('what a file gets wrong', () => {
  it('in its names is mended: each is one of its own', async () => {
    const named = (name: unknown) => ({ name, keywords: ['a'] })
    const names = await read([named('A'), named('A'), named('x'.repeat(120)), named(7), named(' ')], ['A', 'A (3)'])
    expect(names.map(({ draft }) => draft?.name)).toEqual([
      'A (2)',
      'A (4)',
      'x'.repeat(100),
      'Imported',
      'Imported (2)',
    ])
  })

  it('in one field leaves the others', async () => {
    const [profile] = await read({
      ...{
        name: 'A',
        keywords: ['ok', '', 'x'.repeat(101), 5, null, 'nul\0'],
        min_score: -1,
        vip_senders: ['@ok', 'no way'],
      },
      ...{ detectors: { link: 1, magic: 1, code: 'x' }, scope: { kinds: ['channel', 'room'] }, queries: ['ok', 5] },
    })
    expect(profile?.draft).toMatchObject({
      keywords: { general: { words: ['ok', '5'] } },
      ...{ vip_senders: ['@ok'], detectors: { link: 1 }, scope: { kinds: ['channel'] }, queries: [{ query: 'ok' }] },
    })
    expect(profile?.report.not_understood.map(({ path }) => path).sort()).toEqual([
      ...['detectors.code', 'detectors.magic', 'keywords.1', 'keywords.2', 'keywords.4', 'keywords.5'],
      ...['min_score', 'queries.1', 'scope.kinds', 'vip_senders.1'],
    ])
  })

  it('that can never match is left out with the reason, and leaves the others', async () => {
    const samples = { positive_samples: ['a leak', '...'] }
    const queries = ['leak', 'leak -leak']
    const [profile] = await read({ name: 'A', keywords: ['ok', '#', 'data. breach', '🚀', 'c++'], queries, ...samples })
    expect(profile?.draft).toMatchObject({
      keywords: { general: { words: ['ok', '🚀', 'c++'] } },
      queries: [{ query: 'leak' }],
      interest: { positive_samples: ['a leak'] },
    })
    expect(profile?.report.not_understood).toEqual([
      { path: 'keywords.1', problem: expect.stringMatching(/“#” can never match.*name a word/) },
      { path: 'keywords.2', problem: expect.stringMatching(/sentence ends.*“data breach”/) },
      { path: 'queries.1', problem: expect.stringMatching(/contradicts itself/) },
      { path: 'positive_samples.1', problem: expect.stringMatching(/no letter/) },
    ])
  })

  const bomb = [
    'a: &a [x, x, x, x, x, x, x, x, x]',
    ...'bcdefghij'.split('').map((name, index) => {
      const before = 'abcdefghij'[index]
      return `${name}: &${name} [${Array(9).fill(`*${before}`).join(', ')}]`
    }),
  ].join('\n')
  const REFUSED: [what: string, content: string, message: RegExp][] = [
    ['no syntax', '{"profiles": [\n  {"name": ]}', /line 2, column \d+/],
    ['a tab in YAML', 'a:\n\t- b: c\n  d', /line \d+, column \d+/],
    ['a tag of its own', 'a: !!python/object:os.system {name: x}', /line 1/],
    ['aliases that multiply', bomb, /refers to itself|no profile/],
    ['arrays ten thousand deep', '['.repeat(10_000), /./],
    ['a text', 'hello', /no profile/],
    ['nothing', 'null', /no profile/],
    ['an empty list', '[]', /no profile/],
    ['something else', '{"a": {"b": 1}}', /no profile/],
    ['a prototype', '{"__proto__": {"a": 1}, "constructor": {"b": 2}}', /no profile/],
    ['several documents', 'name: a\n---\nname: b\n', /line/],
  ]

  it.each(REFUSED)('as a whole (%s) is refused in a sentence', async (_what, content, message) => {
    const wanted = { status: 400, code: 'INVALID_IMPORT', message: expect.stringMatching(message) }
    await expect(read(content)).rejects.toThrow(expect.objectContaining(wanted))
  })
})
