import type { TlObject } from '../tl/codec'
import type { Account, Channel, Chat, StoredMessage, User } from './model'
import { isChannel, peerOf } from './peers'
import { chatPhoto, userPhoto } from './photos'

export const ADMIN_RIGHTS: TlObject = { _: 'chatAdminRights', post_messages: true, delete_messages: true, other: true }

/** What an account gets to see of the world, as TL objects of the newest layer. */

export function renderUser(user: User, viewer: Account): TlObject {
  return {
    _: 'user',
    self: user.id === viewer.user.id,
    bot: user.isBot,
    bot_info_version: user.isBot ? 1 : undefined,
    id: user.id,
    access_hash: user.accessHash,
    first_name: user.firstName,
    last_name: user.lastName,
    username: user.username,
    phone: user.id === viewer.user.id ? user.phone : undefined,
    photo: userPhoto(user.photo),
    status: user.isBot ? undefined : { _: 'userStatusRecently' },
  }
}

export function renderChat(chat: Chat, viewer: Account): TlObject {
  if (chat.kind !== 'group') return renderChannel(chat, viewer)
  return {
    _: 'chat',
    left: !chat.members.has(viewer.user.id),
    id: chat.id,
    title: chat.title,
    photo: chatPhoto(chat.photo),
    participants_count: chat.members.size + (chat.others.size || 1),
    admin_rights: chat.admins.has(viewer.user.id) ? ADMIN_RIGHTS : undefined,
    date: chat.date,
    version: 1,
  }
}

export function renderMessage(message: StoredMessage, viewer: Account): TlObject {
  const common = {
    out: message.from === viewer.user.id,
    mentioned: message.mentionedAccounts.includes(viewer.user.id),
    silent: message.isSilent,
    post: message.isPost,
    id: message.id,
    from_id: senderPeer(message),
    peer_id: peerOf(message.chat),
    reply_to: message.replyTo,
    date: message.date,
  }
  if (message.action) return { _: 'messageService', ...common, action: message.action }
  return {
    _: 'message',
    ...common,
    fwd_from: message.forward,
    message: message.text,
    media: message.media,
    entities: message.entities,
    views: message.isPost ? 1 : undefined,
    forwards: message.isPost ? 0 : undefined,
    post_author: message.postAuthor,
    grouped_id: message.groupedId,
  }
}

export function renderNewMessage(message: StoredMessage, viewer: Account, pts: number, ptsCount: number): TlObject {
  const name = isChannel(message.chat) ? 'updateNewChannelMessage' : 'updateNewMessage'
  return { _: name, message: renderMessage(message, viewer), pts, pts_count: ptsCount }
}

/** In a private chat what the other side says carries no sender: the peer is the sender. */
function senderPeer({ from, chat }: StoredMessage): TlObject | undefined {
  return from === undefined || from === chat ? undefined : peerOf(from)
}

function renderChannel(channel: Channel, { user }: Account): TlObject {
  const isBroadcast = channel.kind === 'channel'
  return {
    _: 'channel',
    broadcast: isBroadcast,
    megagroup: !isBroadcast,
    forum: channel.kind === 'forum',
    left: !channel.members.has(user.id),
    slowmode_enabled: channel.slowmodeSeconds > 0,
    admin_rights: channel.admins.has(user.id) ? ADMIN_RIGHTS : undefined,
    id: channel.id,
    access_hash: channel.accessHash,
    title: channel.title,
    username: channel.username,
    photo: chatPhoto(channel.photo),
    date: channel.date,
    // A channel of which nobody was named besides the accounts has a hundred people all the same.
    participants_count: channel.members.size + (channel.others.size || 100),
  }
}
