import type { TlObject } from '../tl/codec'
import type { Account, BasicGroup, Channel, Chat, StoredMessage, User } from './model'
import { isChannel, peerOf } from './peers'
import { chatPhoto, userPhoto } from './photos'

export const ADMIN_RIGHTS: TlObject = { _: 'chatAdminRights', post_messages: true, delete_messages: true, other: true }

/** What an account gets to see of the world, as TL objects of the newest layer. */

export function renderUser(user: User, viewer: Account): TlObject {
  if (user.isDeleted) return { _: 'user', deleted: true, id: user.id, access_hash: user.accessHash }
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
    usernames: renderUsernames(user.usernames),
    phone: user.id === viewer.user.id ? user.phone : undefined,
    photo: userPhoto(user.photo),
    status: user.isBot ? undefined : { _: 'userStatusRecently' },
  }
}

/** The first one and every second active: one that is held but not in use follows at the end. */
function renderUsernames(names: string[] | undefined): TlObject[] | undefined {
  const username = (name: string, active: boolean): TlObject => ({ _: 'username', active, username: name })
  return names && [...names.map((name) => username(name, true)), username('not_in_use', false)]
}

/** Of somebody whom the viewer meets in a channel only: the access hash is good for nothing (core.telegram.org/api/min). */
export function renderMinUser(user: User, viewer: Account): TlObject {
  return { ...renderUser(user, viewer), min: true, access_hash: BigInt.asIntN(64, ~user.accessHash) }
}

export function renderChat(chat: Chat, viewer: Account): TlObject {
  return chat.kind === 'group' ? renderGroup(chat, viewer) : renderChannel(chat, viewer)
}

/** A closed channel that the viewer is not in shows its name only. */
export function renderKnownChannel(channel: Channel, viewer: Account): TlObject {
  const isVisible = channel.members.has(viewer.user.id) || channel.username !== undefined
  if (isVisible) return renderChannel(channel, viewer)
  const { id, accessHash, title, kind } = channel
  const isBroadcast = kind === 'channel'
  const common = { id, access_hash: accessHash, title }
  return { _: 'channelForbidden', broadcast: isBroadcast, megagroup: !isBroadcast, ...common }
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
    reactions: message.reactions,
  }
  if (message.action) return { _: 'messageService', ...common, action: message.action, ...message.fields }
  return {
    _: 'message',
    ...common,
    fwd_from: message.forward,
    message: message.text,
    media: message.media,
    entities: message.entities,
    ...renderCounts(message),
    pinned: message.isPinned,
    edit_hide: message.isEditHidden,
    edit_date: message.editDate,
    post_author: message.postAuthor,
    grouped_id: message.groupedId,
    ...message.fields,
  }
}

export function renderNewMessage(message: StoredMessage, viewer: Account, pts: number, ptsCount: number): TlObject {
  const name = isChannel(message.chat) ? 'updateNewChannelMessage' : 'updateNewMessage'
  return { _: name, message: renderMessage(message, viewer), pts, pts_count: ptsCount }
}

export function renderEdit(message: StoredMessage, viewer: Account, pts: number, ptsCount: number): TlObject {
  const name = isChannel(message.chat) ? 'updateEditChannelMessage' : 'updateEditMessage'
  return { _: name, message: renderMessage(message, viewer), pts, pts_count: ptsCount }
}

/** Views and forwards share a flag: there are both or none. */
function renderCounts({ isPost, views, forwards, replies }: StoredMessage) {
  const isCounted = isPost || views !== undefined || forwards !== undefined
  return isCounted ? { views: views ?? 1, forwards: forwards ?? 0, replies } : { replies }
}

function inputChannelOf({ id, accessHash }: Channel): TlObject {
  return { _: 'inputChannel', channel_id: id, access_hash: accessHash }
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
    usernames: renderUsernames(channel.usernames),
    photo: chatPhoto(channel.photo),
    date: channel.date,
    // A channel of which nobody was named besides the accounts has a hundred people all the same.
    participants_count: channel.members.size + (channel.others.size || 100),
  }
}

function renderGroup(group: BasicGroup, viewer: Account): TlObject {
  return {
    _: 'chat',
    left: !group.members.has(viewer.user.id),
    deactivated: group.migratedTo !== undefined,
    migrated_to: group.migratedTo && inputChannelOf(group.migratedTo),
    id: group.id,
    title: group.title,
    photo: chatPhoto(group.photo),
    participants_count: group.members.size + (group.others.size || 1),
    admin_rights: group.admins.has(viewer.user.id) ? ADMIN_RIGHTS : undefined,
    date: group.date,
    version: 1,
  }
}
