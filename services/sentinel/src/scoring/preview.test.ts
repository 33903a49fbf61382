import { asProfile } from '../profiles/as-profile'
import type { Profile } from '../model'
import type { StoredMessage } from '../store/messages'
import { Preview } from './preview'
import { MAX_COMPARISONS, Vocabulary } from './vocabulary'

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
  // The newest is given first.
  for (const message of [...texts].reverse()) preview.take(message)
  const seen = new Set<string>()
  for (const _ of preview.judge(({ text }) => seen.size < seen.add(text).size));
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
      rows: [4, 0],
    })
    expect(words).toEqual([
      { word: 'leak', found: 2, also_matches: ['leaks', 'leaked'], does_not_match: ['leakage'], never_matches: null },
      { word: 'rce', found: 0, also_matches: [], does_not_match: ['source'], never_matches: null },
      { word: 'data breach', found: 1, also_matches: ['data breaches'], does_not_match: [], never_matches: null },
      { word: 'leak -test', found: 1, also_matches: [], does_not_match: [], never_matches: null },
    ])
  })

  it('knows the dictionary, and words that match only as they are', () => {
    const exact = { ...PROFILE, word_forms: false }
    expect(previewOf(exact, [], messages('leaks'))).toMatchObject({
      matched: 0,
      words: [{ does_not_match: ['leaks'] }, {}, {}, {}],
    })
    const [leak] = previewOf(PROFILE, [['leak', 'spill']], messages('many spills')).words
    expect(leak).toEqual({ word: 'leak', found: 1, also_matches: ['spills'], does_not_match: [], never_matches: null })
  })

  it('looks through so many words and no more, however many a profile has', () => {
    const vocabulary = new Vocabulary()
    const distinct = 20_000
    vocabulary.read(Array.from({ length: distinct }, (_, index) => `w${index.toString(36)}leak`).join(' '))
    const looks = Array.from({ length: 200 }, (_, index) => [...vocabulary.like(`keyword${index}`)])
    expect(looks.flat()).toEqual([])
    expect(vocabulary.comparisons).toBe(MAX_COMPARISONS)
    expect([...vocabulary.like('leak')]).toEqual([])
  })
})
