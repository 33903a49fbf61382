import type { MessageCounts, MessageFacts, Poll } from '../model'
import { markedPeer } from './peers'
import { isTl, tlList, tlNumber, tlText, type TlObject } from './tl'

/** Where a message was forwarded from, its file and its poll; null where it has none of them. Pure. */
export function factsOf(source: TlObject): MessageFacts | null {
  const forward = forwardOf(source['fwdFrom'])
  const media = isTl(source['media']) ? source['media'] : null
  const file = media && fileOf(media)
  const poll = media && pollOf(media)
  if (!forward && !file && !poll) return null
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

function fileOf(media: TlObject): MessageFacts['file'] | null {
  const document = media['document']
  if (!isTl(document) || document.className !== 'Document') return null
  const attributes = tlList(document['attributes'])
  const first = (name: string) => attributes.map((attribute) => attribute[name]).find((value) => value != null)
  return {
    name: tlText(first('fileName')) || null,
    mimeType: tlText(document['mimeType']) || null,
    sizeBytes: tlNumber(document['size']),
    durationS: tlNumber(first('duration')),
  }
}

function pollOf(media: TlObject): Poll | null {
  const poll = media['poll']
  if (!isTl(poll)) return null
  const voters = votersOf(media['results'])
  return {
    id: String(poll['id']),
    question: tlText(poll['question']),
    answers: tlList(poll['answers']).map((answer, index) => ({
      text: tlText(answer['text']),
      voters: voters.get(index) ?? null,
    })),
    voters: isTl(media['results']) ? tlNumber(media['results']['totalVoters']) : null,
    isClosed: poll['closed'] === true,
  }
}

/** Votes by the place of the answer: Telegram gives them in the order of the answers. */
export function votersOf(results: unknown): Map<number, number> {
  const entries = isTl(results) ? tlList(results['results']) : []
  return new Map(entries.map((entry, index) => [index, tlNumber(entry['voters']) ?? 0]))
}

/** Views, forwards, answers and reactions; null where Telegram says nothing of them. Pure. */
export function countsOf(source: TlObject): MessageCounts | null {
  const counts: MessageCounts = {
    views: tlNumber(source['views']),
    forwards: tlNumber(source['forwards']),
    replies: isTl(source['replies']) ? tlNumber(source['replies']['replies']) : null,
    reactions: reactionsOf(source['reactions']),
  }
  return Object.values(counts).every((count) => count === null) ? null : counts
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
