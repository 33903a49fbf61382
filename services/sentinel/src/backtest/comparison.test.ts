import type { Profile } from '../model'
import { asProfile } from '../profiles/as-profile'
import type { StoredMessage } from '../store/messages'
import { Comparison } from './comparison'

const NOON = 1_800_000_000
const DAY_S = 86_400

function profile(words: string[], part: Partial<Profile> = {}): Profile {
  return { ...asProfile({ name: 'Tried', keywords: { general: { words, weight: 1 } } }), ...part }
}

function message(text: string, part: Partial<StoredMessage> = {}): StoredMessage {
  const peers = {
    chatKind: 'channel',
    chatUsername: null,
    senderUsername: null,
    senderId: null,
    topicId: null,
  } as const
  const facts = {
    flags: 0,
    replyToId: null,
    media: null,
    groupedId: null,
    date: NOON,
    chatId: -100,
    messageId: 1,
    row: 1,
  }
  return { ...peers, ...facts, text, ...part }
}

function compared(next: Profile, now: Profile | null, messages: StoredMessage[]): Comparison {
  const comparison = new Comparison(next, now, [])
  for (const each of messages) comparison.take(each)
  return comparison
}

describe('comparison of two versions of a profile', () => {
  it('says what would come and what would go', () => {
    const messages = ['a leak', 'a breach', 'a leak and a breach', 'nothing'].map((text, row) =>
      message(text, { row, messageId: row }),
    )
    const found = compared(profile(['leak']), profile(['breach']), messages)
    expect(found).toMatchObject({ alerts: 2, alertsNow: 2, added: 1, removed: 1 })
    expect(found.addedExamples.map(({ message: { text } }) => text)).toEqual(['a leak'])
    expect(found.removedExamples.map(({ message: { text } }) => text)).toEqual(['a breach'])
    expect(found.addedExamples[0]?.reasons).toMatchObject([{ label: 'leak' }])
  })

  it('counts alone where there is nothing to compare with', () => {
    const found = compared(profile(['leak']), null, [message('a leak'), message('nothing')])
    expect(found).toMatchObject({ alerts: 1, alertsNow: 0, added: 1, removed: 0 })
  })

  it('counts an album once, for each version by itself', () => {
    const album = { groupedId: '7' }
    const found = compared(profile(['leak']), profile(['leak', 'breach']), [
      message('a leak', album),
      message('a leak once more', album),
      message('a breach', album),
    ])
    expect(found).toMatchObject({ alerts: 1, alertsNow: 1, added: 0, removed: 0 })
  })

  it('tries a profile that is off', () => {
    expect(compared(profile(['leak'], { enabled: false }), null, [message('a leak')]).alerts).toBe(1)
  })

  it('counts by days, in UTC', () => {
    const days = [0, 1, 1].map((day, row) => message('a leak', { date: NOON + day * DAY_S, row, messageId: row }))
    const found = compared(profile(['leak']), profile(['leak'], { min_score: 9 }), days)
    expect([...found.days.values()]).toEqual([
      { alerts: 1, alertsNow: 0 },
      { alerts: 2, alertsNow: 0 },
    ])
  })

  it('keeps a few examples, the newest', () => {
    const many = Array.from({ length: 50 }, (_, index) => message(`leak ${index}`, { row: index, messageId: index }))
    const found = compared(profile(['leak']), null, many)
    expect([found.added, found.addedExamples.length, found.addedExamples.at(-1)?.message.row]).toEqual([50, 20, 49])
  })

  const STORY = 'a leak at the payment gateway since nine in the morning, cards are declined in all shops of the city'
  const told = (row: number, part: Partial<StoredMessage> = {}) => message(STORY, { row, messageId: row, ...part })

  it('counts a story once, as alerts do, unless each is wanted, it is told again days later, or somebody writes to me', () => {
    const again = [told(1), told(2, { chatId: -101 })]
    expect(compared(profile(['leak']), null, again).alerts).toBe(1)
    expect(compared(profile(['leak'], { one_per_story: false }), null, again).alerts).toBe(2)
    expect(compared(profile(['leak']), null, [told(1), told(2, { date: NOON + 4 * DAY_S })]).alerts).toBe(2)
    expect(compared(profile(['leak']), null, [told(1), told(2, { chatKind: 'private' })]).alerts).toBe(2)
  })

  it('knows stories of shortly before the period, which do not count themselves', () => {
    const comparison = new Comparison(profile(['leak']), null, [])
    comparison.take(told(1, { date: NOON - DAY_S }), true)
    comparison.take(told(2), false)
    expect([comparison.alerts, comparison.firstDate]).toEqual([0, NOON])
  })
})
