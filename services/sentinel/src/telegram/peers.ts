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
  return { id: number(user['id']), name: nameOf(user), username: usernameOf(user) }
}

function privateChatOf(user: TlObject): Chat {
  return {
    id: number(user['id']),
    kind: user['bot'] === true ? 'bot' : 'private',
    title: nameOf(user),
    username: usernameOf(user),
  }
}

function nameOf(user: TlObject): string {
  const name = [user['firstName'], user['lastName']].map(tlText).filter(Boolean).join(' ')
  return name || (user['deleted'] === true ? 'Deleted account' : `User ${number(user['id'])}`)
}

/** core.telegram.org/api/usernames: collectible names stand in `usernames`; the active first one counts. */
function usernameOf(peer: TlObject): string | null {
  const active = tlList(peer['usernames']).find((entry) => entry['active'] === true)
  return tlText(peer['username']) || tlText(active?.['username']) || null
}

export function readChat(chat: TlObject): Chat | null {
  const title = tlText(chat['title'])
  switch (chat.className) {
    case 'Chat':
    case 'ChatForbidden':
      return { id: -number(chat['id']), kind: 'group', title, username: null }
    case 'Channel':
    case 'ChannelForbidden': {
      const isGroup = chat['megagroup'] === true || chat['gigagroup'] === true
      return {
        id: -CHANNEL_MARK - number(chat['id']),
        kind: isGroup ? 'supergroup' : 'channel',
        title,
        username: usernameOf(chat),
      }
    }
    default:
      return null
  }
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
