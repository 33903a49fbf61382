import { asProfile } from '../profiles/as-profile'
import { Scorer } from '../scoring/scoring'
import { STARTER } from '../starter-profile'
import { GALLERY } from './gallery'

const LISTS = [STARTER, ...GALLERY.map(({ profile }) => profile)].flatMap(({ name, keywords = {} }) =>
  Object.entries(keywords).map(([category, { words }]) => [`${name}: ${category}`, words] as const),
)

/** Pairs of which the second entry is found wherever the first is, by the forms that a profile finds. */
function coveredIn(words: readonly string[]): string[] {
  const place = { row: 1, chatId: -42, messageId: 1, topicId: null, senderId: 5, date: 0, flags: 0, replyToId: null }
  const who = { media: null, groupedId: null, chatKind: 'group' as const, chatUsername: null, senderUsername: null }
  const scorer = new Scorer([asProfile({ name: 'All', min_score: 0, keywords: { general: { words: [...words] } } })])
  return words.flatMap((text) => {
    scorer.score({ ...place, ...who, text })
    const others = scorer.wordsFound().filter(({ label }) => label !== text)
    return others.map(({ label }) => `${text} < ${label}`)
  })
}

it.each(LISTS)('%s has no entry that another one finds as well', (_name, words) => {
  expect(coveredIn(words)).toEqual([])
})
