import { asProfile } from '../profiles/as-profile'
import type { Profile } from '../model'
import { Scorer } from './scoring'

function counted(text: string, keywords: Profile['keywords']): Record<string, string[]> {
  const message = {
    ...{ row: 1, chatId: -42, messageId: 7, topicId: null, senderId: 5, date: 0, text, flags: 0, replyToId: null },
    ...{ media: null, groupedId: null, chatKind: 'group' as const, chatUsername: null, senderUsername: null },
  }
  const [match] = new Scorer([asProfile({ name: 'Test', min_score: 0, keywords })]).score(message)
  const reasons = match?.reasons ?? []
  expect(match?.score ?? 0).toBe(reasons.reduce((sum, { weight }) => sum + weight, 0))
  const spans = ({ matches = [] }: (typeof reasons)[number]) =>
    matches.map(({ offset, length }) => text.slice(offset, offset + length))
  return Object.fromEntries(reasons.map((reason) => [`${reason.category} ${reason.label}`, spans(reason)]))
}

describe('a place in the text counts for one entry of a category', () => {
  it.each<[text: string, words: string[], found: Record<string, string[]>]>([
    ['срочная новость', ['срочная', 'срочный'], { 'general срочная': ['срочная'] }],
    ['срочная и срочный', ['срочная', 'срочный'], { 'general срочная': ['срочная', 'срочный'] }],
    ['vulnerabilities', ['vulnerability', 'vulnerabilities'], { 'general vulnerabilities': ['vulnerabilities'] }],
    ['a data loss', ['data', 'loss', 'data loss'], { 'general data loss': ['data loss'] }],
    ['data loss, data', ['data', 'data loss'], { 'general data loss': ['data loss'], 'general data': ['data'] }],
    ['leak and breach', ['leak', 'breach'], { 'general leak': ['leak'], 'general breach': ['breach'] }],
    ['C++ and C', ['c', 'c++'], { 'general c++': ['C++'], 'general c': ['C'] }],
    ['nothing', ['leak'], {}],
  ])('%s: %j', (text, words, found) => {
    expect(counted(text, { general: { words } })).toEqual(found)
  })

  it('and for one of each category', () => {
    const keywords = { urgency: { words: ['urgent'], weight: 2 }, action: { words: ['urgent', 'urgent call'] } }
    expect(counted('an urgent call', keywords)).toEqual({
      'urgency urgent': ['urgent'],
      'action urgent call': ['urgent call'],
    })
  })

  it('also where more entries are found than are chosen among', () => {
    const words = Array.from({ length: 300 }, (_, index) => [`w${index}`, `W${index}`]).flat()
    const found = counted(words.slice(0, 600).join(' '), { general: { words } })
    expect(Object.keys(found)).toHaveLength(300)
  })
})
