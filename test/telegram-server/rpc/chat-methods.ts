import type { TlObject } from '../tl/codec'
import { Mentioned } from '../world/mentioned'
import type { Account, BasicGroup, Channel } from '../world/model'
import { markedChannel } from '../world/peers'
import { wholePhoto } from '../world/photos'
import { renderChat, renderKnownChannel } from '../world/rendering'
import type { World } from '../world/world'
import type { Method } from './dispatcher'
import { readAnyChannel, readPeer, readVisibleChannel } from './peer-input'

export function chatMethods(world: World): Record<string, Method> {
  return {
    'channels.getFullChannel': (query, { account }) =>
      fullChannel(world, account, readVisibleChannel(world, account, query['channel'] as TlObject)),
    'messages.getFullChat': (query, { account }) =>
      fullGroup(world, account, readGroup(world, account, query['chat_id'])),
    'channels.getChannels': (query, { account }) => ({
      _: 'messages.chats',
      chats: (query['id'] as TlObject[]).map((input) => renderKnownChannel(readAnyChannel(world, input), account)),
    }),
    'messages.getChats': (query, { account }) => ({
      _: 'messages.chats',
      chats: (query['id'] as bigint[]).map((id) => renderChat(readGroup(world, account, id), account)),
    }),
  }
}

function readGroup(world: World, account: Account, id: unknown): BasicGroup {
  return world.chatOf(readPeer(world, account, { _: 'inputPeerChat', chat_id: id })) as BasicGroup
}

function fullChannel(world: World, account: Account, channel: Channel): TlObject {
  const isAdmin = channel.admins.has(account.user.id)
  const full = {
    _: 'channelFull',
    can_view_participants: isAdmin || channel.kind !== 'channel',
    id: channel.id,
    about: channel.about ?? '',
    participants_count: renderChat(channel, account)['participants_count'],
    admins_count: isAdmin ? channel.admins.size : undefined,
    read_inbox_max_id: 0,
    read_outbox_max_id: 0,
    unread_count: 0,
    chat_photo: wholePhoto(channel.photo) ?? { _: 'photoEmpty', id: 0 },
    notify_settings: { _: 'peerNotifySettings' },
    bot_info: [],
    slowmode_seconds: channel.slowmodeSeconds || undefined,
    pts: channel.box.pts,
  }
  const mentioned = new Mentioned(world, account).add(markedChannel(channel.id))
  return { _: 'messages.chatFull', full_chat: full, ...mentioned.render() }
}

function fullGroup(world: World, account: Account, group: BasicGroup): TlObject {
  const ids = [...group.members, ...group.others]
  const participants = ids.map((id) => groupParticipant(group, id))
  const full = {
    _: 'chatFull',
    id: group.id,
    about: group.about ?? '',
    participants: { _: 'chatParticipants', chat_id: group.id, participants, version: 1 },
    chat_photo: wholePhoto(group.photo),
    notify_settings: { _: 'peerNotifySettings' },
  }
  const mentioned = new Mentioned(world, account).add(-group.id)
  for (const id of ids) mentioned.add(id)
  return { _: 'messages.chatFull', full_chat: full, ...mentioned.render() }
}

function groupParticipant({ admins, date }: BasicGroup, id: number): TlObject {
  const inviter = [...admins][0] ?? id
  const kind = admins.has(id) ? 'chatParticipantAdmin' : 'chatParticipant'
  return { _: kind, user_id: id, inviter_id: inviter, date }
}
