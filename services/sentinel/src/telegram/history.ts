import type { Change, Intake } from '../intake'
import type { MarkedId, Message } from '../model'
import type { Caller, CallerOptions } from './caller'
import { readPeers } from './peers'
import type { Self } from './message'
import { inputPeerOf } from './peer'
import { tlList, tlNumber, type TlObject } from './tl'
import { toFailure } from './telegram-failure'
import { isUnreadable, UnreadablePart } from './tolerant/unreadable'
import { readMessages, type Unreadable } from './updates/update'

export interface HistoryPage {
  /** Newest first. */
  messages: Message[]
  /** Of all that the page holds, those without content and those that cannot be read included. */
  ids: number[]
  unreadable: Unreadable[]
  /** What service messages tell of the chat. */
  changes: Change[]
  peers: Pick<Intake, 'users' | 'chats'>
  /** Only messages below this id are on the next page; null at the end. */
  nextBefore: number | null
}

export interface HistoryQuery {
  limit: number
  /** Only messages with a smaller id. */
  before?: number | undefined
  /** Only messages with a greater id. */
  after?: number | undefined
}

/** One page of a chat's history, from Telegram. @throws ApiError */
export async function readHistory(
  caller: Caller,
  chatId: MarkedId,
  { limit, before = 0, after = 0 }: HistoryQuery,
  self: Self,
  options: CallerOptions,
): Promise<HistoryPage> {
  const { Api, helpers } = await import('./gramjs')
  const ask = (limit: number, skipped = 0) =>
    caller.call({ ...options, method: 'messages.getHistory' }, async (connection, signal) => {
      const peer = await inputPeerOf(connection, chatId)
      const range = { offsetId: before, offsetDate: 0, addOffset: skipped, limit, maxId: 0, minId: after }
      return connection.call(new Api.messages.GetHistory({ peer, ...range, hash: helpers.returnBigInt(0) }), signal)
    })
  const { answer, limit: asked, skipped } = await inPieces(ask, limit)
  const page = answer as unknown as TlObject
  const lost = Array.from({ length: skipped }, () => new UnreadablePart(null, null, null) as unknown as TlObject)
  const sources = named(chatId, [...lost, ...tlList(page['messages'])], { before, after })
  const ids = sources.map((source) => idOf(source) ?? 0)
  const last = ids.at(-1) ?? null
  const isShort = sources.length < asked && asked === limit
  const nextBefore = isShort || last === null || last <= 1 ? null : last
  return {
    ...readMessages(sources, self),
    ids,
    peers: readPeers(tlList(page['users']), tlList(page['chats'])),
    nextBefore,
  }
}

/** So many messages in a row are passed over, each of which makes an answer unreadable. */
const MAX_SKIPPED = 20

/**
 * An answer of which nothing can be read, not even around what is unknown, is asked for in smaller pieces. Where a single message cannot
 * be had, the next one is asked for: `skipped` messages stand before the answer then.
 * @throws ApiError UNREADABLE where too many in a row cannot be had
 */
async function inPieces<T>(
  ask: (limit: number, skipped: number) => Promise<T>,
  first: number,
): Promise<{ answer: T; limit: number; skipped: number }> {
  let skipped = 0
  for (let limit = first; ;) {
    try {
      return { answer: await ask(limit, skipped), limit, skipped }
    } catch (error) {
      if (toFailure(error).code !== 'UNREADABLE' || skipped === MAX_SKIPPED) throw error
    }
    if (limit > 1) limit = Math.floor(limit / 2)
    else skipped += 1
  }
}

/** A message of which not even the id could be read is known by those around it: the page is in the order of ids, newest first. */
function named(
  chatId: MarkedId,
  sources: TlObject[],
  { before, after }: { before: number; after: number },
): TlObject[] {
  const ids = sources.map((source) => idOf(source))
  return sources.map((source, index) => {
    if (!isUnreadable(source) || source.header?.messageId != null) return source
    const messageId = betweenOthers(ids, index, { before, after })
    const header = { senderId: null, date: tlNumber(sources[index + 1]?.['date']), ...source.header, chatId, messageId }
    return new UnreadablePart(source.constructorId, header, source.channelId) as unknown as TlObject
  })
}

function idOf(source: TlObject): number | null {
  return isUnreadable(source) ? (source.header?.messageId ?? null) : tlNumber(source['id'])
}

/** Where ids have no holes it is exact. */
function betweenOthers(ids: (number | null)[], index: number, { before, after }: { before: number; after: number }) {
  const next = ids.findIndex((id, at) => at > index && id !== null)
  if (next >= 0) return (ids[next] as number) + next - index
  const last = ids.findLastIndex((id, at) => at < index && id !== null)
  const above =
    last >= 0 ? (ids[last] as number) - (index - last) : before > 0 ? before - 1 - index : after + ids.length - index
  return Math.max(1, above)
}
