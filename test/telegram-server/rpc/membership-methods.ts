import type { Pusher } from '../pusher'
import type { TlObject } from '../tl/codec'
import type { Account, Channel } from '../world/model'
import { renderChat } from '../world/rendering'
import type { World } from '../world/world'
import type { Method } from './dispatcher'
import { readChannel, readVisibleChannel } from './peer-input'

/** Entering and leaving channels; the account's other sessions are told. */
export function membershipMethods(world: World, pusher: Pusher): Record<string, Method> {
  const changed = (account: Account, channel: Channel): TlObject => ({
    _: 'updates',
    updates: [{ _: 'updateChannel', channel_id: channel.id }],
    users: [],
    chats: [renderChat(channel, account)],
    date: world.now(),
    seq: 0,
  })
  return {
    'channels.joinChannel'(query, { account, session }) {
      const channel = readVisibleChannel(world, account, query['channel'] as TlObject)
      channel.members.add(account.user.id)
      pusher.sendToOthers(account, changed(account, channel), session)
      return changed(account, channel)
    },
    'channels.leaveChannel'(query, { account, session }) {
      const channel = readChannel(world, account, query['channel'] as TlObject)
      channel.members.delete(account.user.id)
      pusher.sendToOthers(account, changed(account, channel), session)
      return changed(account, channel)
    },
  }
}
