import type { TlObject } from '../tl/codec'
import { Mentioned } from '../world/mentioned'
import type { Account } from '../world/model'
import { markedChannel, peerOf } from '../world/peers'
import { wholePhoto } from '../world/photos'
import { renderUser } from '../world/rendering'
import type { World } from '../world/world'
import type { Method } from './dispatcher'
import { readUser } from './peer-input'
import { RpcError } from './rpc-error'

const USERNAME = /^[a-z]\w{3,31}$/i

export function peopleMethods(world: World): Record<string, Method> {
  return {
    'users.getUsers': (query, { account }) =>
      (query['id'] as TlObject[]).map((input) => renderUser(readUser(world, account, input), account)),
    'users.getFullUser': (query, { account }) => fullUser(world, account, query['id'] as TlObject),
    'contacts.resolveUsername': (query, { account }) => resolve(world, account, query['username'] as string),
    'contacts.getContacts': () => ({ _: 'contacts.contacts', contacts: [], saved_count: 0, users: [] }),
  }
}

function fullUser(world: World, account: Account, input: TlObject): TlObject {
  const user = readUser(world, account, input)
  const full = {
    _: 'userFull',
    id: user.id,
    about: user.about,
    settings: { _: 'peerSettings' },
    profile_photo: wholePhoto(user.photo),
    notify_settings: { _: 'peerNotifySettings' },
    bot_info: user.isBot ? { _: 'botInfo', user_id: user.id, description: user.about } : undefined,
    common_chats_count: 0,
  }
  return { _: 'users.userFull', full_user: full, chats: [], users: [renderUser(user, account)] }
}

function resolve(world: World, account: Account, username: string): TlObject {
  if (!USERNAME.test(username)) throw new RpcError(400, 'USERNAME_INVALID')
  const bearsIt = (one: { username?: string }) => one.username?.toLowerCase() === username.toLowerCase()
  const user = [...world.users.values()].find(bearsIt)
  const channel = [...world.channels.values()].find(bearsIt)
  const marked = user?.id ?? (channel && markedChannel(channel.id))
  if (marked === undefined) throw new RpcError(400, 'USERNAME_NOT_OCCUPIED')
  return { _: 'contacts.resolvedPeer', peer: peerOf(marked), ...new Mentioned(world, account).add(marked).render() }
}
