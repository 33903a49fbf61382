import { asProfile } from '../../services/sentinel/src/profiles/as-profile'
import { Preview } from '../../services/sentinel/src/scoring/preview'
import { Scorer, type Scorable } from '../../services/sentinel/src/scoring/scoring'
import type { Profile } from '../../services/sentinel/src/model'
import { dayOfTraffic } from '../telegram-server/day/day-of-traffic'
import { figure, type Figure } from './figure'

const SECONDS = 3
const WORDS =
  'urgent security outage vulnerability deadline срочно уязвимость релиз incident deploy release exploit breach patch meeting'.split(
    ' ',
  )

/** Messages per second of one core, over texts of the scripted day in five languages. */
export function benchScoring(): Figure[] {
  const messages = [1, 2, 3, 4, 5]
    .flatMap((seed) => dayOfTraffic(seed))
    .map((post, row) => scorable(post.text ?? '', row))
  return [
    figure(
      'scoring, 1 profile x 20 words',
      rateOf(new Scorer(profiles(1, 20)), messages),
      'messages/s',
      'higher',
      300_000,
    ),
    figure(
      'scoring, 20 profiles x 50 words',
      rateOf(new Scorer(profiles(20, 50)), messages),
      'messages/s',
      'higher',
      140_000,
    ),
    ...[10, 1000, 50_000].map((words) =>
      figure(
        `scoring, 5 profiles, ${words} words with forms`,
        rateOf(new Scorer(inflected(words)), messages),
        'messages/s',
        'higher',
        150_000,
      ),
    ),
    figure(
      'scoring, 5 profiles, 100 queries',
      rateOf(new Scorer(withQueries(100)), messages),
      'messages/s',
      'higher',
      100_000,
    ),
    figure('a preview over 10,000 messages, 200 words', previewMs(messages), 'ms', 'lower', 1000),
  ]
}

function previewMs(messages: readonly Scorable[]): number {
  const [profile] = profiles(1, 200)
  const startedAt = performance.now()
  const preview = new Preview(profile as Profile, [])
  for (let taken = 0; taken < 10_000; taken++) preview.take(messages[taken % messages.length] as Scorable)
  for (const _ of preview.words());
  return performance.now() - startedAt
}

/** So many words of letters alone, which all have forms, over five profiles. */
function inflected(count: number): Profile[] {
  return profiles(5, 0).map((profile, position) => {
    const words = Array.from({ length: count / 5 }, (_, index) => lettered(position, index))
    return { ...profile, keywords: { general: { words, weight: 1 } } }
  })
}

function withQueries(count: number): Profile[] {
  return profiles(5, 0).map((profile, position) => {
    const queries = Array.from({ length: count / 5 }, (_, index) => ({ query: queryOf(position, index), weight: 2 }))
    return { ...profile, queries }
  })
}

const SHAPES: ((a: string, b: string) => string)[] = [
  (a, b) => `${a} OR ${b}`,
  (a, b) => `"${a} ${b}" OR (${b} -${a})`,
  (a, b) => `${a} NEAR/5 ${b}`,
  (a) => `${a.slice(0, 5)}* has:link`,
  (a, b) => `(${a} OR =${b}) lang:ru`,
]

function queryOf(position: number, index: number): string {
  const shape = SHAPES[index % SHAPES.length] as (typeof SHAPES)[number]
  return shape(lettered(position, index), lettered(position, index + 3))
}

const SYLLABLES = 'ba co de fi gu la me no pa ri so tu va ze ка ло ми ну пе ра со ту'.split(' ')

/** Every third one occurs in the traffic, of a thousand words at most. */
function lettered(position: number, index: number): string {
  if (index % 3 === 0 && index < 1000) return WORDS[(position + index) % WORDS.length] as string
  const isLatin = index % 2 === 0
  const syllables = isLatin ? SYLLABLES.slice(0, 14) : SYLLABLES.slice(14)
  let word = ''
  for (let rest = index * 5 + position + 1; rest > 0; rest = Math.floor(rest / syllables.length)) {
    word += syllables[rest % syllables.length]
  }
  return word + (isLatin ? 'tions' : 'ность')
}

function rateOf(scorer: Scorer, messages: readonly Scorable[]): number {
  for (const message of messages) scorer.score(message)
  const startedAt = performance.now()
  let scored = 0
  while (performance.now() - startedAt < SECONDS * 1000) {
    for (const message of messages) scorer.score(message)
    scored += messages.length
  }
  return scored / ((performance.now() - startedAt) / 1000)
}

function profiles(count: number, words: number): Profile[] {
  return Array.from({ length: count }, (_, position) => {
    const list = Array.from({ length: words }, (_, index) => wordOf(position, index))
    const rules = { min_score: 2, keywords: { general: { words: list } }, detectors: { mention: 1, question: 0.5 } }
    return asProfile({ name: `Profile ${position}`, ...rules }, position + 1)
  })
}

/** A third of the words occur in the traffic, the others never do. */
function wordOf(position: number, index: number): string {
  return index % 3 === 0 ? (WORDS[(position + index) % WORDS.length] as string) : `word${position}x${index}`
}

function scorable(text: string, row: number): Scorable {
  const facts = {
    topicId: null,
    replyToId: null,
    media: null,
    groupedId: null,
    chatUsername: null,
    senderUsername: null,
  }
  return { ...facts, row, chatId: -42, messageId: row, senderId: 5, date: 0, text, flags: 0, chatKind: 'group' }
}
