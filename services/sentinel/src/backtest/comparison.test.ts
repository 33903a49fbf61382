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
    const messages = [message('a leak'), message('a breach'), message('a leak and a breach'), message('nothing')]
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
    const days = [0, 1, 1].map((day) => message('a leak', { date: NOON + day * DAY_S }))
    const found = compared(profile(['leak']), profile(['leak'], { min_score: 9 }), days)
    expect([...found.days.values()]).toEqual([
      { alerts: 1, alertsNow: 0 },
      { alerts: 2, alertsNow: 0 },
    ])
  })

  it('keeps a few examples, the first that it is given', () => {
    const many = Array.from({ length: 50 }, (_, index) => message(`leak ${index}`))
    const found = compared(profile(['leak']), null, many)
    expect([found.added, found.addedExamples.length]).toEqual([50, 20])
  })
})
