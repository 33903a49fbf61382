import type { ApiError } from '@tgsentinel/kernel/errors'
import type { ProfileDraft } from '../model'
import { deadRulesOf, requireLiveRules, requireLiveWords } from './dead-rules'

const refusalOf = async (check: () => Promise<void>) => {
  try {
    await check()
    return null
  } catch (error) {
    const { status, code, message, options } = error as ApiError
    return { status, code, message, ...options.wrong }
  }
}

describe('a rule that no message can meet', () => {
  it.each<[word: string, problem: RegExp, suggestion: RegExp]>([
    ['...', /no letter, digit or emoji/, /re:\/\\\.\\\.\\\.\//],
    ['#', /no letter, digit or emoji/, /re:\/#\//],
    ['\u0301', /no letter, digit or emoji/, /^name a word$/],
    ['\u200b', /no letter, digit or emoji/, /^name a word$/],
    ['data. breach', /A sentence ends within/, /write “data breach”.*NEAR\/5/],
    ['zero… day', /A sentence ends within/, /write “zero day”/],
    ['你好。世界', /A sentence ends within/, /write “你好 世界”/],
  ])('such as the word %j is refused with the reason and what to write instead', async (word, problem, suggestion) => {
    const draft: ProfileDraft = { name: 'Test', keywords: { risk: { words: ['leak', word] } } }
    const refusal = await refusalOf(() => requireLiveRules(draft))
    expect(refusal).toMatchObject({ status: 400, code: 'NEVER_MATCHES', field: 'keywords.risk.words.1' })
    expect(refusal?.message).toMatch(problem)
    expect(refusal?.suggestion).toMatch(suggestion)
    expect((await deadRulesOf(draft)).map(({ field }) => field)).toEqual(['keywords.risk.words.1'])
    const groups = [
      ['person', 'people'],
      ['leak', word],
    ]
    const ofGroups = await refusalOf(() => requireLiveWords(groups))
    expect(ofGroups).toMatchObject({ code: 'NEVER_MATCHES', field: 'groups.1.1' })
  })

  it.each([
    'c++',
    '.net',
    '🚀',
    '10%',
    '½',
    '①',
    'node.js',
    'St. Petersburg',
    'J. Smith',
    'wow!',
    'www.example.org/?q=1',
    '今日は',
  ])('is not %j', async (word) => {
    expect(await deadRulesOf({ keywords: { risk: { words: [word] } } })).toEqual([])
  })

  it('is a query that contradicts itself, a sample without words, and what an earlier version took', async () => {
    const queries = [{ query: 'leak' }, { query: 'leak -leak' }]
    expect(await refusalOf(() => requireLiveRules({ queries }))).toMatchObject({
      code: 'INVALID_QUERY',
      field: 'queries.1.query',
    })
    const interest = { positive_samples: ['a leak', '---'] }
    expect(await refusalOf(() => requireLiveRules({ interest }))).toMatchObject({
      field: 'interest.positive_samples.1',
    })
    const stored = { keywords: { risk: { words: ['#'] } }, queries, interest }
    expect((await deadRulesOf(stored)).map(({ field }) => field)).toEqual([
      'keywords.risk.words.0',
      'interest.positive_samples.1',
      'queries.1.query',
    ])
  })
})
