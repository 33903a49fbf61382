import { draftOf, isSame, rulesOf } from '../web/src/keeping/keeping-rules'
import type { Retention } from '../web/src/model'
import { isAsking, isNarrowed, NO_SEARCH, searchQuery } from '../web/src/search/search-filters'

describe('what a search asks for', () => {
  test.each([
    ['nothing', {}, 'limit=30'],
    ['words, without the space around them', { q: ' "zero day" ' }, 'limit=30&q=%22zero+day%22'],
    ['who and where', { from: '@mara', in: '-42' }, 'limit=30&from=%40mara&in=-42'],
    [
      'what it has, its language, and whether it is deleted',
      { has: 'photo' as const, lang: 'de' as const, deleted: 'only' as const },
      'limit=30&has=photo&lang=de&deleted=only',
    ],
  ])('%s', (_what, part, expected) => {
    expect(searchQuery({ ...NO_SEARCH, ...part }, null)).toBe(expected)
  })

  test('goes on after a page', () => {
    expect(searchQuery({ ...NO_SEARCH, q: 'a' }, '77')).toBe('limit=30&q=a&cursor=77')
  })

  test('is of whole days, the last one included, as days are here', () => {
    const query = new URLSearchParams(searchQuery({ ...NO_SEARCH, since: '2026-03-01', until: '2026-03-31' }, null))
    expect(query.get('since')).toBe(new Date(2026, 2, 1).toISOString())
    expect(query.get('until')).toBe(new Date(2026, 3, 1).toISOString())
  })

  test('is nothing while nothing is typed or chosen', () => {
    expect([isAsking(NO_SEARCH), isAsking({ ...NO_SEARCH, q: '  ' })]).toEqual([false, false])
    expect([isAsking({ ...NO_SEARCH, q: 'a' }), isNarrowed({ ...NO_SEARCH, q: 'a' })]).toEqual([true, false])
    expect([isAsking({ ...NO_SEARCH, deleted: 'only' }), isNarrowed({ ...NO_SEARCH, in: '5' })]).toEqual([true, true])
  })
})

describe('rules of retention', () => {
  const retention = {
    kinds: [
      { kind: 'private', max_age_days: null, max_messages: null },
      { kind: 'channel', max_age_days: 90, max_messages: 1000 },
    ],
    max_size_mb: null,
  } as unknown as Retention

  test('are typed as digits, or nothing for no limit', () => {
    const draft = draftOf(retention)
    expect(draft).toEqual({
      kinds: { private: { days: '', messages: '' }, channel: { days: '90', messages: '1000' } },
      sizeMb: '',
    })
    expect(rulesOf({ ...draft, sizeMb: '5000' })).toEqual({
      kinds: {
        private: { max_age_days: null, max_messages: null },
        channel: { max_age_days: 90, max_messages: 1000 },
      },
      max_size_mb: 5000,
    })
  })

  test('are the same whatever way a number is typed', () => {
    const draft = draftOf(retention)
    const retyped = { ...draft, kinds: { ...draft.kinds, channel: { days: '090', messages: '1000 ' } } }
    expect([isSame(draft, retyped), isSame(draft, { ...draft, sizeMb: '10' })]).toEqual([true, false])
  })
})
