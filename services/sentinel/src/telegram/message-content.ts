import type { MessageCounts, MessageFacts, Poll } from '../model'
import { fileOf } from './conversion/file'
import { markedPeer } from './peers'
import { isTl, tlList, tlNumber, tlText, type TlObject } from './tl'

/** Where a message was forwarded from, its file and its poll, as far as it has them. Pure. */
export function factsOf(source: TlObject): Pick<MessageFacts, 'forward' | 'file' | 'poll'> {
  const forward = forwardOf(source['fwdFrom'])
  const media = isTl(source['media']) ? source['media'] : null
  const file = media && fileOf(media)
  const poll = media && pollOf(media)
  return { ...(forward && { forward }), ...(file && { file }), ...(poll && { poll }) }
}

function forwardOf(header: unknown): MessageFacts['forward'] | null {
  if (!isTl(header)) return null
  return {
    from: markedPeer(header['fromId']),
    name: tlText(header['fromName']) || null,
    messageId: tlNumber(header['channelPost']),
    date: tlNumber(header['date']) ?? 0,
  }
}

function pollOf(media: TlObject): Poll | null {
  const poll = media['poll']
  if (!isTl(poll)) return null
  const votes = votesOf(media['results'])
  return {
    id: String(poll['id']),
    question: tlText(poll['question']),
    answers: tlList(poll['answers']).map((answer) => {
      const option = optionOf(answer)
      return { text: tlText(answer['text']), voters: votes.get(option) ?? null, option }
    }),
    voters: isTl(media['results']) ? tlNumber(media['results']['totalVoters']) : null,
    isClosed: poll['closed'] === true,
  }
}

/** Votes by the answer's option, in hex: results come in any order (core.telegram.org/constructor/pollAnswerVoters). */
export function votesOf(results: unknown): Map<string, number> {
  const entries = isTl(results) ? tlList(results['results']) : []
  const counted = entries.filter(({ voters }) => tlNumber(voters) !== null)
  return new Map(counted.map((entry) => [optionOf(entry), tlNumber(entry['voters']) ?? 0]))
}

function optionOf({ option }: TlObject): string {
  return Buffer.isBuffer(option) ? option.toString('hex') : ''
}

/** Views, forwards, answers and reactions; null where Telegram says nothing of them. Pure. */
export function countsOf(source: TlObject): MessageCounts | null {
  const counts: MessageCounts = {
    views: tlNumber(source['views']),
    forwards: tlNumber(source['forwards']),
    replies: isTl(source['replies']) ? tlNumber(source['replies']['replies']) : null,
    reactions: reactionsOf(source['reactions']),
  }
  if (Object.values(counts).every((count) => count === null)) return null
  return isMin(source['reactions']) ? { ...counts, isMin: true } : counts
}

/** core.telegram.org/constructor/messageReactions, `min`: what is not told is not gone. */
export function isMin(reactions: unknown): boolean {
  return isTl(reactions) && reactions['min'] === true
}

/** By emoji, or by the id of a custom one; null where there is no word of them. */
export function reactionsOf(reactions: unknown): Record<string, number> | null {
  if (!isTl(reactions)) return null
  const entries = tlList(reactions['results']).map((result) => {
    const reaction = isTl(result['reaction']) ? result['reaction'] : undefined
    const name = tlText(reaction?.['emoticon']) || String(reaction?.['documentId'] ?? 'paid')
    return [name, tlNumber(result['count']) ?? 0] as const
  })
  return Object.fromEntries(entries)
}
