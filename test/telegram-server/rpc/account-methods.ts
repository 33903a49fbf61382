import type { TlObject } from '../tl/codec'
import { renderUser } from '../world/rendering'
import type { Account } from '../world/model'
import type { World } from '../world/world'
import type { Method } from './dispatcher'
import { readUser } from './peer-input'

export function accountMethods(world: World): Record<string, Method> {
  return {
    'users.getUsers': (query, { account }) =>
      (query['id'] as TlObject[]).map((input) => renderUser(readUser(world, account, input), account)),
    'users.getFullUser': (query, { account }) => fullUser(world, account, query['id'] as TlObject),
    'account.updateStatus': () => true,
    'auth.logOut': (_query, { session }) => {
      session.key.signOut()
      return { _: 'auth.loggedOut' }
    },
  }
}

function fullUser(world: World, account: Account, input: TlObject): TlObject {
  const user = readUser(world, account, input)
  const settings = { _: 'peerSettings' }
  const full = { _: 'userFull', id: user.id, about: user.about, settings, common_chats_count: 0 }
  return {
    _: 'users.userFull',
    full_user: { ...full, notify_settings: { _: 'peerNotifySettings' } },
    chats: [],
    users: [renderUser(user, account)],
  }
}
