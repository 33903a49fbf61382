import { asProfile } from '../profiles/as-profile'
import { Background } from '../scoring/interest/background'
import { probability } from '../scoring/relevance/logistic'
import { PRIOR } from '../scoring/relevance/prior'
import type { StoredMessage } from '../store/messages'
import { curveOf, EvidenceReader, examplesOf, learn, thresholdFor } from './training'

const turn = async () => undefined

function message(text: string, changes: Partial<StoredMessage> = {}): StoredMessage {
  return {
    ...{ row: 1, chatId: -42, messageId: 1, topicId: null, senderId: 5, date: 0, text, flags: 0, replyToId: null },
    ...{ media: null, groupedId: null, chatKind: 'group', chatUsername: null, senderUsername: null },
    ...changes,
  }
}

describe('thresholds', () => {
  const relevances = [0.95, 0.9, 0.8, 0.7, 0.6, 0.55, 0.3, 0.2, 0.1]
  it.each([
    ['of none asked for is even odds', null, 1, 0.5],
    ['let so many a day through', 2, 1, 0.9],
    ['go down when more are wanted', 5, 1, 0.6],
    ['count the days', 1, 3, 0.8],
    ['never make up the number with unlikely ones', 8, 1, 0.5],
    ['let one through where less than one a day is wanted', 0.1, 1, 0.95],
    ['stay where there is no history', 3, 1, 0.5],
  ])('%s', (what, perDay, days, expected) => {
    expect(thresholdFor(perDay, what.includes('no history') ? [] : relevances, days)).toBe(expected)
  })
})

describe('learning', () => {
  const profile = asProfile({ name: 'Flats', keywords: { general: { words: ['flat'] } }, scope: { chats: ['-42'] } })
  const reader = new EvidenceReader(profile, [], { background: new Background() })
  const labels = Array.from({ length: 24 }, (_, at) =>
    at % 2 === 0
      ? { relevant: true, message: message(`Flat ${at} to rent near the harbour`) }
      : { relevant: false, message: message(`Flat tyre number ${at}, who can help me`) },
  )

  it('tells the senses of a word apart by what was said of them', async () => {
    const weights = await learn(examplesOf(labels, reader), turn)
    const relevance = (text: string) => probability(reader.read(message(text)) ?? { ids: [], values: [] }, weights)
    expect(relevance('A flat to rent in the harbour')).toBeGreaterThan(0.5)
    expect(relevance('Another flat tyre, please help')).toBeLessThan(0.4)
    expect(await learn(examplesOf(labels, reader), turn)).toEqual(weights)
  })

  it('begins with what is known of any profile', async () => {
    expect(await learn([], turn)).toBe(PRIOR)
  })

  it('leaves out what the profile does not listen to', () => {
    const elsewhere = { relevant: true, message: message('Flat to rent', { chatId: -43 }) }
    expect(examplesOf([elsewhere], reader)).toEqual([])
  })

  it('shows how much more labels bring, once there are enough of both kinds', async () => {
    const curve = await curveOf(examplesOf(labels, reader), turn)
    expect(curve.map((point) => point.labels)).toEqual([0, 10, 18])
    expect(curve.at(-1)?.average_precision).toBeGreaterThan(0.9)
    expect(await curveOf(examplesOf(labels.slice(0, 8), reader), turn)).toEqual([])
    const wanted = labels.map((label) => ({ ...label, relevant: true }))
    expect(await curveOf(examplesOf(wanted, reader), turn)).toEqual([])
  })
})
