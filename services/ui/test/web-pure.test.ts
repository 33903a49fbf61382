import { withAlerts, withChange } from '../web/src/alert-set'
import { fits, NO_FILTERS, queryOf } from '../web/src/filters'
import { highlight } from '../web/src/highlight'
import { sampleAlert } from './fake-sentinel'

describe('highlight', () => {
  const marked = (text: string, spans: { offset: number; length: number }[]) =>
    highlight(text, spans)
      .map(({ text: piece, isMatch }) => (isMatch ? `[${piece}]` : piece))
      .join('')

  test.each([
    ['nothing', [], 'an urgent word'],
    ['one', [{ offset: 3, length: 6 }], 'an [urgent] word'],
    [
      'two in any order',
      [
        { offset: 10, length: 4 },
        { offset: 0, length: 2 },
      ],
      '[an] urgent [word]',
    ],
    [
      'overlapping ones',
      [
        { offset: 3, length: 6 },
        { offset: 5, length: 6 },
      ],
      'an [urgent w]ord',
    ],
    [
      'one within another',
      [
        { offset: 3, length: 6 },
        { offset: 4, length: 2 },
      ],
      'an [urgent] word',
    ],
    [
      'one beyond the end',
      [
        { offset: 10, length: 99 },
        { offset: 200, length: 1 },
      ],
      'an urgent [word]',
    ],
  ])('marks %s', (_name, spans, expected) => {
    expect(marked('an urgent word', spans)).toBe(expected)
  })

  test('counts in UTF-16 code units, as the sentinel does', () => {
    expect(marked('🙏🙏 now', [{ offset: 5, length: 3 }])).toBe('🙏🙏 [now]')
  })
})

describe('the filters', () => {
  test('judge what arrives by itself as the sentinel does', () => {
    const alert = sampleAlert(1)
    expect(fits(alert, NO_FILTERS)).toBe(true)
    expect(fits(alert, { ...NO_FILTERS, q: ' ZERO day ' })).toBe(true)
    expect(fits(alert, { ...NO_FILTERS, q: 'nothing' })).toBe(false)
    expect(fits(alert, { ...NO_FILTERS, minScore: 5.5 })).toBe(false)
    expect(fits(alert, { ...NO_FILTERS, profile: 2 })).toBe(false)
    expect(fits(alert, { ...NO_FILTERS, shown: 'starred' })).toBe(false)
    expect(fits({ ...alert, read: true }, { ...NO_FILTERS, shown: 'unread' })).toBe(false)
    expect(fits({ ...alert, dismissed: true }, NO_FILTERS)).toBe(false)
    expect(fits({ ...alert, dismissed: true }, { ...NO_FILTERS, shown: 'dismissed' })).toBe(true)
  })

  test('become the query of the contract', () => {
    expect(queryOf(NO_FILTERS, null)).toBe('limit=30')
    expect(queryOf({ shown: 'unread', q: ' a b ', minScore: 2, profile: 3 }, 'c')).toBe(
      'limit=30&state=unread&q=a+b&min_score=2&profile=3&cursor=c',
    )
  })
})

test('alerts are shown newest first, each once', () => {
  const [one, two, three] = [sampleAlert(1), sampleAlert(2), sampleAlert(3)]
  expect(withAlerts([two], [three, one, { ...two, read: true }]).map(({ id, read }) => [id, read])).toEqual([
    [3, false],
    [2, true],
    [1, false],
  ])
  expect(withChange([two, one], 1, { starred: true }).map(({ starred }) => starred)).toEqual([false, true])
})
