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
  ]
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
  return Array.from({ length: count }, (_, position) => ({
    id: position + 1,
    name: `Profile ${position}`,
    enabled: true,
    min_score: 2,
    keywords: { general: { words: Array.from({ length: words }, (_, index) => wordOf(position, index)), weight: 1 } },
    detectors: { mention: 1, question: 0.5 },
    vip_senders: [],
    vip_weight: 5,
    excluded_senders: [],
    scope: {},
    include_own: false,
    created_at: '',
    updated_at: '',
  }))
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
