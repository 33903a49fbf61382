import type { Change, Intake } from '../intake'
import { CHANNEL_MARK, type MarkedId, type Message } from '../model'
import type { Caller, CallerOptions } from './caller'
import type { Self } from './message'
import { inputChannelOf, inputPeerOf } from './peer'
import { readPeers } from './peers'
import { requestOf } from './request'
import { tlList, type TlObject } from './tl'
import { isUnreadable, UnreadablePart } from './tolerant/unreadable'
import { readMessages, type Unreadable } from './updates/update'

/** Messages of one chat as Telegram gives them when they are named. */
export interface NamedMessages {
  messages: Message[]
  unreadable: Unreadable[]
  changes: Change[]
  peers: Pick<Intake, 'users' | 'chats'>
}

/** Messages by their ids, at most a hundred. Those that are no more are left out. @throws ApiError */
export async function readMessagesById(
  caller: Caller,
  chatId: MarkedId,
  ids: readonly number[],
  self: Self,
  options: CallerOptions,
): Promise<NamedMessages> {
  const { Api } = await import('./gramjs')
  const id = ids.map((each) => new Api.InputMessageID({ id: each }))
  const isChannel = chatId < -CHANNEL_MARK
  const method = isChannel ? 'channels.getMessages' : 'messages.getMessages'
  const answer = await caller.call({ ...options, method }, async (connection, signal) => {
    if (!isChannel) return connection.call(new Api.messages.GetMessages({ id }), signal)
    const channel = await inputChannelOf(connection, chatId)
    return connection.call(new Api.channels.GetMessages({ channel, id }), signal)
  })
  return messagesIn(answer as unknown as TlObject, chatId, ids, self)
}

/** The whole of a rich message of which only a part came. @throws ApiError */
export async function readRichMessage(
  caller: Caller,
  chatId: MarkedId,
  messageId: number,
  self: Self,
  options: CallerOptions,
): Promise<NamedMessages> {
  const answer = await caller.call({ ...options, method: 'messages.getRichMessage' }, async (connection, signal) => {
    const peer = await inputPeerOf(connection, chatId)
    return connection.call(await requestOf('messages.GetRichMessage', { peer, id: messageId }), signal)
  })
  return messagesIn(answer as TlObject, chatId, [messageId], self)
}

/** What cannot be read stands in the place of the id that was asked for. */
function messagesIn(answer: TlObject, chatId: MarkedId, ids: readonly number[], self: Self): NamedMessages {
  const sources = tlList(answer['messages']).map((source, index) => {
    if (!isUnreadable(source)) return source
    const header = { senderId: null, date: null, ...source.header, chatId, messageId: ids[index] ?? null }
    return new UnreadablePart(source.constructorId, header, source.channelId) as unknown as TlObject
  })
  return { ...readMessages(sources, self), peers: readPeers(tlList(answer['users']), tlList(answer['chats'])) }
}
