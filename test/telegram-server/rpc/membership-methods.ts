import type { Pusher } from '../pusher'
import type { TlObject } from '../tl/codec'
import type { Account, Channel } from '../world/model'
import { renderKnownChannel } from '../world/rendering'
import type { World } from '../world/world'
import type { Method } from './dispatcher'
import { readChannel, readVisibleChannel } from './peer-input'

/** Entering and leaving channels; the account's other sessions are told. */
export function membershipMethods(world: World, pusher: Pusher): Record<string, Method> {
  return {
    'channels.joinChannel'(query, { account, session }) {
      const channel = readVisibleChannel(world, account, query['channel'] as TlObject)
      channel.members.add(account.user.id)
      const changed = channelChanged(world, account, channel)
      pusher.sendToOthers(account, changed, session)
      return changed
    },
    'channels.leaveChannel'(query, { account, session }) {
      const channel = readChannel(world, account, query['channel'] as TlObject)
      channel.members.delete(account.user.id)
      const changed = channelChanged(world, account, channel)
      pusher.sendToOthers(account, changed, session)
      return changed
    },
  }
}

/** Says that something about the account's place in a channel is other than before: what, shows the channel itself. */
export function channelChanged(world: World, account: Account, channel: Channel): TlObject {
  return {
    _: 'updates',
    updates: [{ _: 'updateChannel', channel_id: channel.id }],
    users: [],
    chats: [renderKnownChannel(channel, account)],
    date: world.now(),
    seq: 0,
  }
}
