import type { DataCentres } from '../data-centres'
import { AuthKey, type AuthKeys } from '../mtproto/auth-keys'
import type { Pusher } from '../pusher'
import { channelChanged } from '../rpc/membership-methods'
import { sessionFileOf, writeSessionFile } from '../session-file'
import type { Account } from '../world/model'
import type { World } from '../world/world'
import { burst } from './burst'
import type { AccountInfo, Control } from './control'
import { postedMessages } from './posted-messages'

type WorldControl = Pick<
  Control,
  | 'createAccount'
  | 'account'
  | 'createUser'
  | 'createGroup'
  | 'createSupergroup'
  | 'createForum'
  | 'createChannel'
  | 'setMember'
  | 'postMessage'
  | 'pushEnvelope'
  | 'burst'
  | 'writeSessionFile'
>

export function worldControl(world: World, authKeys: AuthKeys, pusher: Pusher, centres: DataCentres): WorldControl {
  return {
    async createAccount(options) {
      if (options.homeDc !== undefined) centres.portOf(options.homeDc)
      const account = world.createAccount(options)
      provision(authKeys, account)
      return accountInfo(account)
    },
    account: async ({ id } = {}) => accountInfo(world.accountOf(id)),
    createUser: async (options) => ({ id: world.createUser(options).id }),
    createGroup: async (options) => ({ chat: world.createGroup(options) }),
    createSupergroup: async (options) => ({ chat: world.createChannel('supergroup', options) }),
    createForum: async (options) => ({ chat: world.createChannel('forum', options) }),
    createChannel: async (options) => ({ chat: world.createChannel('channel', options) }),
    async setMember({ chat, account: id, member, push = 'updates' }) {
      const place = world.chatOf(chat)
      const account = world.accountOf(id)
      if (place.members.has(account.user.id) === member) return
      if (member) place.members.add(account.user.id)
      else place.members.delete(account.user.id)
      if (push !== 'none' && place.kind !== 'group') pusher.announce(account, channelChanged(world, account, place))
    },
    async postMessage({ push = 'updates', withSeq = false, ...options }) {
      const deliveries = world.post(options)
      pusher.push(deliveries, push, { withSeq })
      return postedMessages(deliveries)
    },
    pushEnvelope: async ({ account, envelope }) => pusher.send(world.accountOf(account), envelope),
    burst: (options) => burst(world, pusher, options),
    writeSessionFile: async (options) =>
      writeSessionFile(
        options.path,
        sessionFileOf(world, (dc) => centres.portOf(dc), options),
      ),
  }
}

export function provision(authKeys: AuthKeys, { user, authKey, homeDc }: Account): void {
  const key = new AuthKey(authKey, authKey.readBigInt64LE(0), homeDc)
  key.signIn(user.id)
  authKeys.add(key)
}

function accountInfo({ user, authKey, homeDc }: Account): AccountInfo {
  const { id, firstName, username, phone = '' } = user
  const names = { firstName, ...(username === undefined ? {} : { username }) }
  return { id, phone, ...names, homeDc, authKey: authKey.toString('hex') }
}
