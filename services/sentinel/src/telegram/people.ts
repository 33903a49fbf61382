import type { Intake } from '../intake'
import { CHANNEL_MARK, type MarkedId } from '../model'
import type { Caller, CallerOptions } from './caller'
import { inputChannelOf } from './peer'
import { readPeers } from './peers'
import { tlList, type TlObject } from './tl'

/** The people and chats that some messages of a chat name, from Telegram. At most 100 ids. @throws ApiError */
export async function readPeople(
  caller: Caller,
  chatId: MarkedId,
  messageIds: number[],
  options: CallerOptions,
): Promise<Pick<Intake, 'users' | 'chats'>> {
  const { Api } = await import('./gramjs')
  const id = messageIds.map((each) => new Api.InputMessageID({ id: each }))
  const isChannel = chatId < -CHANNEL_MARK
  const method = isChannel ? 'channels.getMessages' : 'messages.getMessages'
  const page = (await caller.call({ ...options, method }, async (connection, signal) => {
    if (!isChannel) return connection.call(new Api.messages.GetMessages({ id }), signal)
    const channel = await inputChannelOf(connection, chatId)
    return connection.call(new Api.channels.GetMessages({ channel, id }), signal)
  })) as unknown as TlObject
  return readPeers(tlList(page['users']), tlList(page['chats']))
}
