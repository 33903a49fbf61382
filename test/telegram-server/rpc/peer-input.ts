import type { TlObject } from '../tl/codec'
import type { Account, Channel, User } from '../world/model'
import { markedChannel } from '../world/peers'
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
      return markedChannel(readChannel(world, account, peer).id)
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

export function readChannel(world: World, account: Account, input: TlObject): Channel {
  const channel = world.channels.get(Number(input['channel_id']))
  if (!channel || channel.accessHash !== input['access_hash']) throw new RpcError(400, 'CHANNEL_INVALID')
  if (!channel.members.has(account.user.id)) throw new RpcError(400, 'CHANNEL_PRIVATE')
  return channel
}

function readGroup(world: World, account: Account, id: number): number {
  const group = world.groups.get(id)
  if (!group?.members.has(account.user.id)) throw new RpcError(400, 'CHAT_ID_INVALID')
  return -id
}
