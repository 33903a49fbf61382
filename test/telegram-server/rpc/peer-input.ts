import type { TlObject } from '../tl/codec'
import type { Account, Channel, User } from '../world/model'
import { isChannel, markedChannel } from '../world/peers'
import type { World } from '../world/world'
import { RpcError } from './rpc-error'

/** Marked id of an InputPeer; a wrong access hash is refused as Telegram refuses it. */
export function readPeer(world: World, account: Account, peer: TlObject): number {
  switch (peer._) {
    case 'inputPeerSelf':
      return account.user.id
    case 'inputPeerUser':
      return readUser(world, account, peer).id
    case 'inputPeerChat':
      return readGroup(world, account, Number(peer['chat_id']))
    case 'inputPeerChannel':
      return markedChannel(readVisibleChannel(world, account, peer).id)
    default:
      throw new RpcError(400, 'PEER_ID_INVALID')
  }
}

export function readUser(world: World, account: Account, input: TlObject): User {
  if (input._ === 'inputUserSelf') return account.user
  const user = world.users.get(Number(input['user_id']))
  if (!user || user.accessHash !== input['access_hash']) throw new RpcError(400, 'USER_ID_INVALID')
  return user
}

/** A channel that the account is in. */
export function readChannel(world: World, account: Account, input: TlObject): Channel {
  const channel = readAnyChannel(world, input)
  if (!channel.members.has(account.user.id)) throw new RpcError(400, 'CHANNEL_PRIVATE')
  return channel
}

/** A channel that the account is in, or that anybody may read. */
export function readVisibleChannel(world: World, account: Account, input: TlObject): Channel {
  const channel = readAnyChannel(world, input)
  return channel.username === undefined ? readChannel(world, account, input) : channel
}

export function readAnyChannel(world: World, input: TlObject): Channel {
  const channel = world.channels.get(Number(input['channel_id']))
  if (!channel || channel.accessHash !== input['access_hash']) throw new RpcError(400, 'CHANNEL_INVALID')
  return channel
}

export function inputPeerOf(world: World, marked: number): TlObject {
  if (isChannel(marked)) {
    const { id, accessHash } = world.channelOf(marked)
    return { _: 'inputPeerChannel', channel_id: id, access_hash: accessHash }
  }
  if (marked < 0) return { _: 'inputPeerChat', chat_id: -marked }
  return { _: 'inputPeerUser', user_id: marked, access_hash: world.users.get(marked)?.accessHash ?? 0n }
}

function readGroup(world: World, account: Account, id: number): number {
  const group = world.groups.get(id)
  if (!group?.members.has(account.user.id)) throw new RpcError(400, 'CHAT_ID_INVALID')
  return -id
}
