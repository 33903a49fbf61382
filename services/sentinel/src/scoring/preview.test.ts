import { asProfile } from '../profiles/as-profile'
import type { Profile } from '../model'
import type { StoredMessage } from '../store/messages'
import { Preview } from './preview'

const PROFILE: Profile = {
  ...asProfile({
    name: 'Test',
    min_score: 2,
    keywords: { security: { words: ['leak', 'rce'], weight: 1 }, risk: { words: ['data breach'], weight: 2 } },
    queries: [{ query: 'leak -test', weight: 1 }],
  }),
  enabled: false,
}

function messages(...texts: string[]): StoredMessage[] {
  return texts.map((text, row) => ({
    row,
    chatId: -42,
    messageId: row,
    topicId: null,
    senderId: 5,
    date: 0,
    text,
    flags: 0,
    replyToId: null,
    media: null,
    groupedId: null,
    chatKind: 'group',
    chatUsername: null,
    senderUsername: null,
  }))
}

function previewOf(profile: Profile, dictionary: string[][], texts: StoredMessage[]) {
  const preview = new Preview(profile, dictionary)
  for (const message of texts) preview.take(message)
  const { scanned, matched, examples } = preview
  return { scanned, matched, examples, words: [...preview.words()] }
}

describe('a preview', () => {
  it('tells what would have been found, as what, and what looks like it', () => {
    const texts = ['A leak!', 'Leaks in tests, leaked', 'leakage', 'the source', 'source of two data breaches', 'hello']
    const { scanned, matched, examples, words } = previewOf(PROFILE, [], messages(...texts))
    expect({ scanned, matched, rows: examples.map(({ message }) => message.row) }).toEqual({
      scanned: 6,
      matched: 2,
      rows: [0, 4],
    })
    expect(words).toEqual([
      { word: 'leak', found: 2, also_matches: ['leaks', 'leaked'], does_not_match: ['leakage'] },
      { word: 'rce', found: 0, also_matches: [], does_not_match: ['source'] },
      { word: 'data breach', found: 1, also_matches: ['data breaches'], does_not_match: [] },
      { word: 'leak -test', found: 1, also_matches: [], does_not_match: [] },
    ])
  })

  it('knows the dictionary, and words that match only as they are', () => {
    const exact = { ...PROFILE, word_forms: false }
    expect(previewOf(exact, [], messages('leaks'))).toMatchObject({
      matched: 0,
      words: [{ does_not_match: ['leaks'] }, {}, {}, {}],
    })
    const [leak] = previewOf(PROFILE, [['leak', 'spill']], messages('many spills')).words
    expect(leak).toEqual({ word: 'leak', found: 1, also_matches: ['spills'], does_not_match: [] })
  })

  it('goes through 10,000 messages in well under a second', () => {
    const vocabulary = Array.from({ length: 20_000 }, (_, index) => `w${index.toString(36)}leak`)
    const texts = Array.from({ length: 10_000 }, (_, row) =>
      Array.from({ length: 12 }, (_, at) => vocabulary[(row * 7 + at * 131) % vocabulary.length]).join(' '),
    )
    const words = Array.from({ length: 200 }, (_, index) => `keyword${index}`)
    const profile = { ...PROFILE, keywords: { security: { words: [...words, 'leak'] } } }
    const before = process.cpuUsage()
    previewOf(profile, [], messages(...texts))
    // Processor time: whatever else the machine does is none of it.
    const took = process.cpuUsage(before).user / 1000
    expect(took).toBeLessThan(1500)
  })
})
