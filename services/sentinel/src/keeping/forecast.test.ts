import { DAY } from '@tgsentinel/kernel/time'
import type { ChatKind, RetentionRules } from '../model'
import { forecastOf } from './forecast'
import type { Holdings } from './holdings'

const NOW = 1_800_000_000_000

function holdings(change: Partial<Holdings> = {}): Holdings {
  const volume = (chatId: number, kind: ChatKind, messages: number, bytes: number) => ({
    chatId,
    kind,
    messages,
    bytes,
  })
  return {
    volumes: [
      volume(1, 'private', 100, 10_000),
      volume(-1, 'channel', 300, 30_000),
      volume(-2, 'channel', 600, 60_000),
    ],
    usedBytes: 20_000_000,
    recent: new Map([
      [-1, 14],
      [-2, 28],
    ]),
    recentDays: 7,
    ever: new Map([
      [1, 100],
      [-1, 400],
      [-2, 600],
    ]),
    older: new Map([
      [
        30,
        new Map([
          [1, 60],
          [-1, 150],
          [-2, 70],
        ]),
      ],
    ]),
    ...change,
  }
}

const rules = (change: RetentionRules['kinds'] = {}, maxSizeMb: number | null = null): RetentionRules => ({
  kinds: change,
  max_size_mb: maxSizeMb,
})

const kindOf = (kind: ChatKind, given: RetentionRules, change: Partial<Holdings> = {}) =>
  forecastOf(given, holdings(change), NOW).kinds.find((entry) => entry.kind === kind)

describe('a forecast', () => {
  it('shares the bytes of the database out among the kinds of chats', () => {
    const { kinds, to_sweep: toSweep, full_at: fullAt } = forecastOf(rules(), holdings(), NOW)
    expect(kinds.map(({ kind, chats, messages, bytes }) => [kind, chats, messages, bytes])).toEqual([
      ['private', 1, 100, 2_000_000],
      ['bot', 0, 0, 0],
      ['group', 0, 0, 0],
      ['supergroup', 0, 0, 0],
      ['channel', 2, 900, 18_000_000],
    ])
    expect([toSweep, fullAt]).toEqual([0, null])
  })

  it.each<[what: string, days: number | null, most: number | null, toSweep: number]>([
    ['without a rule nothing', null, null, 0],
    ['by age what is old, less what is gone already', 30, null, 50 + 70],
    ['by number what is more in each chat', null, 250, 50 + 350],
    ['by both the greater part in each chat', 30, 290, 50 + 310],
    ['no more than there is', 30, 1, 299 + 599],
  ])('says what a sweep takes of a kind: %s', (_what, days, most, toSweep) => {
    const rule = { max_age_days: days, max_messages: most }
    expect(kindOf('channel', rules({ channel: rule }))?.to_sweep).toBe(toSweep)
    expect(kindOf('private', rules({ channel: rule }))?.to_sweep).toBe(0)
  })

  it('counts what goes by size on top of what goes by the other rules', () => {
    expect(forecastOf(rules({}, 15), holdings(), NOW).to_sweep).toBe(250)
    const byNumber = { channel: { max_age_days: null, max_messages: 500 } }
    expect(forecastOf(rules(byNumber, 15), holdings(), NOW).to_sweep).toBe(250)
    expect(forecastOf(rules(byNumber, 19), holdings(), NOW).to_sweep).toBe(100)
  })

  it('says how much is added a day, and when the greatest size is reached', () => {
    expect(kindOf('channel', rules())?.messages_per_day).toBe(6)
    const { bytes_per_day: perDay, full_at: fullAt } = forecastOf(rules({}, 21), holdings(), NOW)
    expect(perDay).toBe(120_000)
    expect(Date.parse(fullAt ?? '')).toBeCloseTo(NOW + (1_000_000 / 120_000) * DAY, -2)
    expect(forecastOf(rules({}, 20), holdings(), NOW).full_at).toBe(new Date(NOW).toISOString())
    expect(forecastOf(rules({}, 21), holdings({ recent: new Map() }), NOW).full_at).toBeNull()
  })

  it('divides by what is stored, and foretells nothing by some hours', () => {
    const young = holdings({ recentDays: 0.25 })
    expect(kindOf('channel', rules(), { recentDays: 0.25 })?.messages_per_day).toBe(168)
    expect(forecastOf(rules({}, 21), young, NOW)).toMatchObject({ measured_days: 0.25, full_at: null })
    expect(forecastOf(rules({}, 20), young, NOW).full_at).toBe(new Date(NOW).toISOString())
  })

  it('of an empty database is empty', () => {
    const nothing = holdings({ volumes: [], usedBytes: 100_000, ever: new Map(), older: new Map() })
    expect(forecastOf(rules({}, 10), nothing, NOW)).toMatchObject({ bytes_per_day: 0, to_sweep: 0, full_at: null })
  })
})
