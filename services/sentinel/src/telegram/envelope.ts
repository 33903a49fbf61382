import {
  CHANNEL_MARK,
  MessageFlag,
  type Chat,
  type Cursor,
  type Intake,
  type MarkedId,
  type Message,
  type User,
} from '../model'
import { isTl, tlList, tlNumber, tlText } from './tl'

/** Any object of Telegram's schema as GramJS gives it; only its fields are read, so that plain objects serve the tests. */
export type TlObject = { readonly className: string } & Record<string, unknown>

/** Who reads: mentions and the sender of short messages depend on it. */
export interface Self {
  id: MarkedId
  username: string | null
}

/** What a pushed envelope brings, or null where it is none (the tap also sees the results of calls). Pure. */
export function readEnvelope(envelope: unknown, self: Self): Intake | null {
  if (!isTl(envelope)) return null
  switch (envelope.className) {
    case 'Updates':
    case 'UpdatesCombined':
      return readUpdates(envelope, self)
    case 'UpdateShort':
      return readInner([envelope['update'] as TlObject], [], [], self, { date: number(envelope['date']) })
    case 'UpdateShortMessage':
    case 'UpdateShortChatMessage':
      return readShortMessage(envelope, self)
    default:
      return null
  }
}

function readUpdates(envelope: TlObject, self: Self): Intake {
  const account = { date: number(envelope['date']), seq: number(envelope['seq']) }
  return readInner(tlList(envelope['updates']), tlList(envelope['users']), tlList(envelope['chats']), self, account)
}

function readInner(
  updates: TlObject[],
  users: TlObject[],
  chats: TlObject[],
  self: Self,
  account: { date: number; seq?: number },
): Intake {
  const messages: Message[] = []
  const cursors = new Map<number, Cursor>()
  for (const update of updates) {
    const source = isNewMessage(update) ? (update['message'] as TlObject) : null
    const message = source && readMessage(source, self)
    if (message) messages.push(message)
    const box = boxOf(update, message)
    if (box !== null) raise(cursors, box, number(update['pts']))
  }
  if (account.date > 0) Object.assign(raise(cursors, 0, 0), { date: account.date, seq: account.seq ?? 0 })
  return { ...readPeers(users, chats), messages, cursors: [...cursors.values()] }
}

/** Users and chats that came along; a user is a private chat, too. */
export function readPeers(users: TlObject[], chats: TlObject[]): Pick<Intake, 'users' | 'chats'> {
  const people = users.filter((user) => user.className === 'User')
  const known = chats.map(readChat).filter((chat) => chat !== null)
  return { users: people.map(readUser), chats: [...known, ...people.map(privateChatOf)] }
}

function isNewMessage(update: TlObject): boolean {
  return update.className === 'UpdateNewMessage' || update.className === 'UpdateNewChannelMessage'
}

/** The box that an update's pts belongs to: a channel's own, or 0, the account's. Null where it has none. */
function boxOf(update: TlObject, message: Message | null): number | null {
  if (typeof update['pts'] !== 'number' || update['pts'] === 0) return null
  if (update['channelId'] !== undefined) return number(update['channelId'])
  const isChannel = update.className.includes('Channel')
  if (!isChannel) return 0
  const chatId = message?.chatId ?? markedPeer((update['message'] as TlObject | undefined)?.['peerId'])
  return chatId !== null && chatId < -CHANNEL_MARK ? -chatId - CHANNEL_MARK : null
}

function raise(cursors: Map<number, Cursor>, box: number, pts: number): Cursor {
  const cursor = cursors.get(box) ?? { box, pts: 0, qts: 0, date: 0, seq: 0 }
  cursor.pts = Math.max(cursor.pts, pts)
  cursors.set(box, cursor)
  return cursor
}

/** core.telegram.org/api/updates: a message without its envelope; the peer of an outgoing private one is the receiver. */
function readShortMessage(envelope: TlObject, self: Self): Intake {
  const isPrivate = envelope.className === 'UpdateShortMessage'
  const isOutgoing = envelope['out'] === true
  const other = number(envelope[isPrivate ? 'userId' : 'fromId'])
  const message = messageOf(envelope, self, {
    chatId: isPrivate ? other : -number(envelope['chatId']),
    senderId: isOutgoing ? self.id : other,
    text: tlText(envelope['message']),
  })
  const cursor = { box: 0, pts: number(envelope['pts']), qts: 0, date: number(envelope['date']), seq: 0 }
  return { users: [], chats: [], messages: [message], cursors: [cursor] }
}

/** A message as it is stored, or null for one that has no content (messageEmpty). */
export function readMessage(source: TlObject, self: Self): Message | null {
  const chatId = markedPeer(source['peerId'])
  if (chatId === null || source.className === 'MessageEmpty') return null
  const isPrivate = chatId > 0
  const silentSender = isPrivate ? (source['out'] === true ? self.id : chatId) : null
  const senderId = markedPeer(source['fromId']) ?? silentSender
  return messageOf(source, self, { chatId, senderId, text: textOf(source) })
}

function messageOf(
  source: TlObject,
  self: Self,
  known: { chatId: MarkedId; senderId: MarkedId | null; text: string },
): Message {
  const media = mediaOf(source)
  const reply = source['replyTo'] as TlObject | undefined
  return {
    ...known,
    messageId: number(source['id']),
    topicId: topicOf(reply),
    date: number(source['date']),
    flags: flagsOf(source, self, known.text, media),
    replyToId: replyOf(reply),
    media,
    groupedId: source['groupedId'] == null ? null : String(source['groupedId']),
  }
}

/** core.telegram.org/api/forum: in a topic every message points at the topic; it is an answer only where it also has a top id. */
function topicOf(reply: TlObject | undefined): number | null {
  if (reply?.['forumTopic'] !== true) return null
  return number(reply['replyToTopId']) || number(reply['replyToMsgId']) || null
}

function replyOf(reply: TlObject | undefined): number | null {
  if (!reply || (reply['forumTopic'] === true && !reply['replyToTopId'])) return null
  return number(reply['replyToMsgId']) || null
}

function flagsOf(source: TlObject, self: Self, content: string, media: string | null): number {
  const entities = tlList(source['entities'])
  const has = (...kinds: string[]) => entities.some((entity) => kinds.includes(entity.className))
  const action = source.className === 'MessageService' ? (source['action'] as TlObject | undefined) : undefined
  const facts: Record<keyof typeof MessageFlag, boolean> = {
    outgoing: source['out'] === true,
    mentioned: source['mentioned'] === true,
    namesMe: entities.some((entity) => namesSelf(entity, content, self)),
    link: has('MessageEntityUrl', 'MessageEntityTextUrl') || hasWebPage(source),
    code: has('MessageEntityCode', 'MessageEntityPre'),
    forwarded: Boolean(source['fwdFrom']),
    pinned: action?.className === 'MessageActionPinMessage',
    media: media !== null && action === undefined,
    post: source['post'] === true,
    // Who was answered is known only where the answered message is stored: ingestion tells.
    replyToMe: false,
    backfilled: false,
  }
  return Object.entries(facts).reduce(
    (sum, [name, holds]) => (holds ? sum | MessageFlag[name as keyof typeof MessageFlag] : sum),
    0,
  )
}

function namesSelf(entity: TlObject, content: string, self: Self): boolean {
  if (entity.className === 'MessageEntityMentionName') return number(entity['userId']) === self.id
  if (entity.className !== 'MessageEntityMention' || !self.username) return false
  const offset = number(entity['offset'])
  return content.slice(offset, offset + number(entity['length'])).toLowerCase() === `@${self.username.toLowerCase()}`
}

function hasWebPage(source: TlObject): boolean {
  return (source['media'] as TlObject | undefined)?.className === 'MessageMediaWebPage'
}

const NOT_MEDIA = new Set(['MessageMediaEmpty', 'MessageMediaWebPage', 'MessageMediaUnsupported'])

/** `photo`, `document`, `poll` and so on by Telegram's own names; a service message's action as `service:pin_message`. */
function mediaOf(source: TlObject): string | null {
  if (source.className === 'MessageService') {
    return `service:${snake((source['action'] as TlObject | undefined)?.className.replace('MessageAction', '') ?? 'Unknown')}`
  }
  const media = source['media'] as TlObject | undefined
  return !media || NOT_MEDIA.has(media.className) ? null : snake(media.className.replace('MessageMedia', ''))
}

function snake(name: string): string {
  return name.replace(/(?<=.)[A-Z]/g, (letter) => `_${letter}`).toLowerCase()
}

/** A poll's text is its question and answers, so that it is found and scored like any other. */
function textOf(source: TlObject): string {
  const own = tlText(source['message'])
  const poll = (source['media'] as TlObject | undefined)?.['poll'] as TlObject | undefined
  if (!poll) return own
  const lines = [poll, ...tlList(poll['answers'])].map((part) => tlText(part['question'] ?? part['text']))
  return [own, ...lines].filter(Boolean).join('\n')
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
