import type { Api } from './gramjs'
import type { Connection } from './connection'
import type { Caller, CallerOptions } from './caller'
import type { Intake } from '../intake'
import { CHANNEL_MARK, type MarkedId } from '../model'
import { markedPeer, readPeers } from './peers'
import type { TlObject } from './tl'
import { TelegramError } from './telegram-error'

export type InputPeer = Api.InputPeerUser | Api.InputPeerChat | Api.InputPeerChannel | Api.InputPeerSelf

/**
 * A chat as Telegram has to be told of it: with the access hash that the session file knows.
 * @throws TelegramError PEER_UNKNOWN where it knows none
 */
export async function inputPeerOf(connection: Connection, chatId: MarkedId): Promise<InputPeer> {
  const { Api, helpers } = await import('./gramjs')
  const peer =
    chatId > 0
      ? new Api.PeerUser({ userId: helpers.returnBigInt(chatId) })
      : chatId < -CHANNEL_MARK
        ? new Api.PeerChannel({ channelId: helpers.returnBigInt(-chatId - CHANNEL_MARK) })
        : new Api.PeerChat({ chatId: helpers.returnBigInt(-chatId) })
  const input = connection.inputPeer(peer)
  if (input instanceof Api.InputPeerEmpty) throw new TelegramError('PEER_UNKNOWN', 0)
  return input as InputPeer
}

/** The same as a channel, for calls that take nothing else. @throws TelegramError CHAT_ID_INVALID where it is none */
export async function inputChannelOf(connection: Connection, chatId: MarkedId): Promise<Api.InputChannel> {
  const { Api } = await import('./gramjs')
  const peer = await inputPeerOf(connection, chatId)
  if (!(peer instanceof Api.InputPeerChannel)) throw new TelegramError('CHAT_ID_INVALID', 400)
  return new Api.InputChannel({ channelId: peer.channelId, accessHash: peer.accessHash })
}

/** Who has a username: the marked id, and what came along with it. @throws ApiError */
export async function resolveUsername(
  caller: Caller,
  username: string,
  options: CallerOptions,
): Promise<{ chatId: MarkedId } & Pick<Intake, 'users' | 'chats'>> {
  const { Api } = await import('./gramjs')
  const request = new Api.contacts.ResolveUsername({ username: username.replace(/^@/, '') })
  const found = await caller.call({ ...options, method: 'contacts.resolveUsername' }, (connection, signal) =>
    connection.call(request, signal),
  )
  const { users, chats } = found as unknown as { users: TlObject[]; chats: TlObject[] }
  return { chatId: markedPeer(found.peer) ?? 0, ...readPeers(users, chats) }
}
