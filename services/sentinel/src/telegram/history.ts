import type { Change, Intake } from '../intake'
import type { MarkedId, Message } from '../model'
import type { Caller, CallerOptions } from './caller'
import { readPeers } from './peers'
import type { Self } from './message'
import { inputPeerOf } from './peer'
import { tlList, tlNumber, type TlObject } from './tl'
import { readMessages } from './updates/update'

export interface HistoryPage {
  /** Newest first. */
  messages: Message[]
  /** Of all that the page holds, those without content included. */
  ids: number[]
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
  const page = (await caller.call({ ...options, method: 'messages.getHistory' }, async (connection, signal) => {
    const peer = await inputPeerOf(connection, chatId)
    const range = { offsetId: before, offsetDate: 0, addOffset: 0, limit, maxId: 0, minId: after }
    return connection.call(new Api.messages.GetHistory({ peer, ...range, hash: helpers.returnBigInt(0) }), signal)
  })) as unknown as TlObject
  const sources = tlList(page['messages'])
  const ids = sources.map((source) => tlNumber(source['id']) ?? 0)
  const last = ids.at(-1) ?? null
  const nextBefore = sources.length < limit || last === null || last <= 1 ? null : last
  return {
    ...readMessages(sources, self),
    ids,
    peers: readPeers(tlList(page['users']), tlList(page['chats'])),
    nextBefore,
  }
}
