import type { Intake } from '../intake'
import { CHANNEL_MARK, type Chat, type MarkedId, type User } from '../model'
import { isTl, tlList, tlNumber, tlText, type TlObject } from './tl'

/** Users and chats that came along; a user is a private chat, too. */
export function readPeers(users: TlObject[], chats: TlObject[]): Pick<Intake, 'users' | 'chats'> {
  const people = users.filter((user) => user.className === 'User')
  const known = chats.map(readChat).filter((chat) => chat !== null)
  return { users: people.map(readUser), chats: [...known, ...people.map(privateChatOf)] }
}

export function readUser(user: TlObject): User {
  return { id: number(user['id']), name: nameOf(user), ...namesOf(user), ...sparsenessOf(user) }
}

function privateChatOf(user: TlObject): Chat {
  return {
    id: number(user['id']),
    kind: user['bot'] === true ? 'bot' : 'private',
    title: nameOf(user),
    ...namesOf(user),
    ...sparsenessOf(user),
  }
}

function nameOf(user: TlObject): string {
  const name = [user['firstName'], user['lastName']].map(tlText).filter(Boolean).join(' ')
  return name || (user['deleted'] === true ? 'Deleted account' : `User ${number(user['id'])}`)
}

/** core.telegram.org/api/usernames: collectible names stand in `usernames`; all active ones name the peer, the first is shown. */
export function usernamesOf(peer: TlObject): readonly string[] {
  const active = tlList(peer['usernames']).filter((entry) => entry['active'] === true)
  const names = [tlText(peer['username']), ...active.map((entry) => tlText(entry['username']))]
  return [...new Set(names.filter(Boolean))]
}

function namesOf(peer: TlObject): Pick<User, 'username' | 'usernames'> {
  const usernames = usernamesOf(peer)
  return { username: usernames[0] ?? null, usernames }
}

/** core.telegram.org/api/min, and accounts and chats that are gone or closed: they say less than what is known of them already. */
function sparsenessOf(peer: TlObject): Pick<User, 'isSparse' | 'isDeleted'> {
  const isDeleted = peer['deleted'] === true
  const isSparse = isDeleted || peer['min'] === true || peer.className.endsWith('Forbidden')
  return { ...(isSparse && { isSparse }), ...(isDeleted && { isDeleted }) }
}

export function readChat(chat: TlObject): Chat | null {
  const title = titleOf(chat)
  switch (chat.className) {
    case 'Chat':
    case 'ChatForbidden':
      return { id: -number(chat['id']), kind: 'group', title, username: null, usernames: [], ...sparsenessOf(chat) }
    case 'Channel':
    case 'ChannelForbidden': {
      const isGroup = chat['megagroup'] === true || chat['gigagroup'] === true
      return {
        id: -CHANNEL_MARK - number(chat['id']),
        kind: isGroup ? 'supergroup' : 'channel',
        title,
        isForum: chat['forum'] === true,
        ...namesOf(chat),
        ...sparsenessOf(chat),
      }
    }
    default:
      return null
  }
}

/** Where a chat has no title, its name or its id stands for it. */
function titleOf(chat: TlObject): string {
  const [name] = usernamesOf(chat)
  return tlText(chat['title']).trim() || (name ? `@${name}` : `Chat ${number(chat['id'])}`)
}

export function markedPeer(peer: unknown): MarkedId | null {
  if (!isTl(peer)) return null
  if (peer['userId'] !== undefined) return number(peer['userId'])
  if (peer['chatId'] !== undefined) return -number(peer['chatId'])
  return peer['channelId'] === undefined ? null : -CHANNEL_MARK - number(peer['channelId'])
}

function number(value: unknown): number {
  return tlNumber(value) ?? 0
}
