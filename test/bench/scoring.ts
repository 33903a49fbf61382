import { asProfile } from '../../services/sentinel/src/profiles/as-profile'
import { Preview } from '../../services/sentinel/src/scoring/preview'
import { Scorer, type Scorable } from '../../services/sentinel/src/scoring/scoring'
import type { Profile } from '../../services/sentinel/src/model'
import { dayOfTraffic } from '../telegram-server/day/day-of-traffic'
import { distinctTexts } from './distinct-texts'
import { figure, type Figure } from './figure'

const SECONDS = 3
const WORDS =
  'urgent security outage vulnerability deadline срочно уязвимость релиз incident deploy release exploit breach patch meeting'.split(
    ' ',
  )

const TEXTS = 100_000

/** A row of the table: what is measured, the profiles, and the messages a second that are to be reached. */
type Row = readonly [name: string, profiles: () => Profile[], target?: number]

const SHORT: readonly Row[] = [
  ['1 profile x 20 words', () => profiles(1, 20), 300_000],
  ['20 profiles x 50 words', () => profiles(20, 50), 140_000],
  ...[10, 1000, 50_000].map((words): Row => [`5 profiles, ${words} words with forms`, () => inflected(words), 150_000]),
  ['5 profiles, 100 queries', () => withQueries(100), 100_000],
]

const DISTINCT: readonly Row[] = [
  ['1 profile x 20 words', () => profiles(1, 20), 90_000],
  ['20 profiles x 50 words', () => profiles(20, 50), 95_000],
  ...[10, 1000, 50_000].map((words): Row => [`5 profiles, ${words} words with forms`, () => inflected(words)]),
  ['5 profiles, 100 queries', () => withQueries(100)],
]

/**
 * Messages per second of one core: over distinct texts, as life has them, and over the short texts of the scripted day, which repeat.
 * BENCH_ROWS: only rows whose name has this.
 */
export function benchScoring(): Figure[] {
  const short = [1, 2, 3, 4, 5].flatMap((seed) => dayOfTraffic(seed)).map((post, row) => scorable(post.text ?? '', row))
  const distinct = () => distinctTexts(TEXTS, WORDS).map(scorable)
  const preview = 'a preview over 10,000 messages, 200 words'
  return [
    ...ratesOf('scoring', DISTINCT, distinct),
    ...ratesOf('short texts, scoring', SHORT, () => short),
    ...(isAsked(preview) ? [figure(preview, previewMs(short), 'ms', 'lower', 1000)] : []),
  ]
}

function ratesOf(what: string, rows: readonly Row[], messages: () => Scorable[]): Figure[] {
  const asked = rows.map(([name, ...rest]) => [`${what}, ${name}`, ...rest] as const).filter(([name]) => isAsked(name))
  const read = asked.length > 0 ? messages() : []
  return asked.map(([name, made, target]) =>
    figure(name, rateOf(new Scorer(made()), read), 'messages/s', 'higher', target),
  )
}

function isAsked(name: string): boolean {
  return name.includes(process.env['BENCH_ROWS'] ?? '')
}

function previewMs(messages: readonly Scorable[]): number {
  const [profile] = profiles(1, 200)
  const startedAt = performance.now()
  const preview = new Preview(profile as Profile, [])
  for (let taken = 0; taken < 10_000; taken++) preview.take(messages[taken % messages.length] as Scorable)
  for (const _ of preview.judge(() => true));
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

/** Of one shape, as rows of SQLite are: spread objects have one each, which no row has. */
function scorable(text: string, row: number): Scorable {
  return {
    row,
    chatId: -42,
    messageId: row,
    senderId: 5,
    date: 0,
    text,
    flags: 0,
    chatKind: 'group',
    topicId: null,
    replyToId: null,
    media: null,
    groupedId: null,
    chatUsername: null,
    senderUsername: null,
  }
}
