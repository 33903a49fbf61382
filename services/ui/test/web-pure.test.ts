import {
  arrived,
  changed,
  isOverfull,
  keptCount,
  LIVE_MAX,
  loadBegun,
  loaded,
  loadFailed,
  NO_ALERTS,
  withAlerts,
  withChange,
  type AlertSet,
} from '../web/src/alert-set'
import { awayBy } from '../web/src/away'
import { fits, isFiltered, NO_FILTERS, queryOf } from '../web/src/filters'
import { highlight } from '../web/src/highlight'
import { lateSuccess, type UploadState } from '../web/src/upload-state'
import { ADA, freshStatus, sampleAlert } from './fake-sentinel'

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
    expect(queryOf(NO_FILTERS, null, 100)).toBe('limit=100')
  })

  test('leave something out by what they say, not by which object they are', () => {
    expect(isFiltered({ ...NO_FILTERS })).toBe(false)
    expect(isFiltered({ ...NO_FILTERS, q: '  ' })).toBe(false)
    expect(isFiltered({ ...NO_FILTERS, minScore: 2.5 })).toBe(true)
  })
})

test('alerts are shown newest first, each once', () => {
  const [one, two, three] = [sampleAlert(1), sampleAlert(2), sampleAlert(3)]
  expect(withAlerts([two], [three, one, { ...two, read: true }]).map(({ id, read }) => [id, read])).toEqual([
    [3, false],
    [2, true],
    [1, false],
  ])
  expect(withChange([two, one], { id: 1, starred: true }).map(({ starred }) => starred)).toEqual([false, true])
})

describe('the set of alerts', () => {
  const page = (...ids: number[]) => ({ alerts: ids.map((id) => sampleAlert(id)), next_cursor: String(ids.at(-1)) })
  const idsOf = ({ alerts }: AlertSet) => alerts.map(({ id }) => id)

  test('adds what became of a message, once, and of many the newest ten', () => {
    const change = (id: number) => ({
      ...{ id, kind: 'edited' as const, at: '2026-11-21T08:00:00.000Z', after_s: id, before: 'a', after: 'b' },
      ...{ removed: [], added: [] },
    })
    const waiting = changed(loadBegun(loaded(NO_ALERTS, page(2, 1), true)), { id: 2, change: change(1) })
    const late = { ...page(2, 1), alerts: [sampleAlert(2, { changes: [change(1)] }), sampleAlert(1)] }
    expect(loaded(waiting, late, true).alerts.map(({ changes }) => changes.length)).toEqual([1, 0])
    const many = Array.from({ length: 12 }, (_, index) => change(index + 1))
    const after = many.reduce((set, each) => changed(set, { id: 1, change: each }), loaded(NO_ALERTS, page(1), true))
    expect(after.alerts[0]?.changes.map(({ id }) => id)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
  })

  test('keeps what was heard while its page was on the way', () => {
    const waiting = arrived(loadBegun(loaded(NO_ALERTS, page(2, 1), true)), sampleAlert(3))
    expect(idsOf(waiting)).toEqual([3, 2, 1])
    expect(idsOf(loaded(waiting, page(2, 1), true))).toEqual([3, 2, 1])
    const marked = changed(waiting, { id: 2, read: true })
    expect(loaded(marked, page(2, 1), true).alerts.map(({ read }) => read)).toEqual([false, true, false])
  })

  test('forgets for a first page what was there before the question', () => {
    const old = loaded(NO_ALERTS, page(9, 8), true)
    expect(idsOf(loaded(loadBegun(old), page(2, 1), true))).toEqual([2, 1])
    const more = loaded(loadBegun(loaded(NO_ALERTS, page(4, 3), true)), page(2, 1), false)
    expect([idsOf(more), more.nextCursor]).toEqual([[4, 3, 2, 1], '1'])
  })

  test('asks to be cut when much came in by itself, and never while it is asked for', () => {
    let set = loaded(NO_ALERTS, page(2, 1), true)
    for (let id = 3; id < 3 + LIVE_MAX; id++) set = arrived(set, sampleAlert(id))
    expect([isOverfull(set), keptCount(set)]).toEqual([true, LIVE_MAX])
    expect(isOverfull(loadBegun(set))).toBe(false)
    expect(isOverfull(loadFailed(loadBegun(set)))).toBe(false)
    const cut = loaded(loadBegun(set), page(102, 101, 100), true)
    expect([idsOf(cut), isOverfull(cut), cut.nextCursor]).toEqual([[102, 101, 100], false, '100'])
  })

  test('keeps as many rows as its owner paged to', () => {
    const ids = Array.from({ length: 300 }, (_, index) => 300 - index)
    let set = loaded(NO_ALERTS, page(...ids), true)
    for (let id = 301; id <= 300 + LIVE_MAX; id++) set = arrived(set, sampleAlert(id))
    expect(keptCount(set)).toBe(300)
  })
})

describe('a late upload', () => {
  const upload: UploadState = {
    id: 'a',
    format: 'telethon',
    fileName: 'my.session',
    sentShare: 1,
    done: 2,
    message: '',
    code: 'NOT_AUTHORIZED_IN_TIME',
    generation: 2,
    result: 'failed',
  }
  const status = { ...freshStatus(), authorized: true, session_generation: 2, user_info: ADA }

  test('is done once the account is authorized with its own generation', () => {
    expect(lateSuccess(upload, status)).toEqual({ redirect: '', generation: 2, user_info: ADA })
  })

  test('that waited for a Telegram application is done once that is there', () => {
    expect(lateSuccess({ ...upload, code: 'NEEDS_APP' }, status)).toBeDefined()
  })

  test.each<[string, Partial<UploadState>, object]>([
    ['another import', {}, { session_generation: 3 }],
    ['the account before it', {}, { session_generation: 1 }],
    ['an account that is not authorized', {}, { authorized: false }],
    ['an upload whose import nobody told of', { generation: undefined }, {}],
    ['an upload that failed otherwise', { code: 'SESSION_REJECTED' }, {}],
    ['an upload that is still under way', { result: 'running' }, {}],
  ])('takes no credit for %s', (_what, part, change) => {
    expect(lateSuccess({ ...upload, ...part }, { ...status, ...change })).toBeUndefined()
  })
})

test.each([
  ['UI_UNREACHABLE', 'ui'],
  ['SENTINEL_TIMEOUT', 'sentinel'],
  ['SENTINEL_UNREACHABLE', 'sentinel'],
  ['UNAUTHORIZED', 'nobody'],
])('a question that fails with %s says that %s is away', (code, away) => {
  expect(awayBy(code)).toBe(away)
})
