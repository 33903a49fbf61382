import type { TlObject } from '../tl/codec'
import type { UpdateBox } from './update-box'

/**
 * Chats are named by marked ids, as clients do: a private chat is the user's id, a basic group -id, a channel of any kind
 * -(10^12 + id). Ids are plain numbers, access hashes BigInt.
 */
export interface User {
  id: number
  accessHash: bigint
  firstName: string
  lastName?: string
  username?: string
  usernames?: string[]
  phone?: string
  /** The account is no more: Telegram tells nothing of it but its id. */
  isDeleted?: boolean
  isBot: boolean
  about?: string
  photo?: Photo
}

export interface Photo {
  id: bigint
  /** The data centre that has its bytes. */
  dc: number
  date: number
  jpeg: Buffer
}

export interface Account {
  user: User
  authKey: Buffer
  homeDc: number
  password?: string
  passwordHint?: string
  box: UpdateBox
  qts: number
  seq: number
  lastMessageId: number
  messages: Map<number, StoredMessage>
  /** By marked id, each by rising message id, as a channel's history. */
  histories: Map<number, StoredMessage[]>
  deleted: StoredMessage[]
  /** By marked id; what is not in it is neither pinned nor archived. */
  dialogSettings: Map<number, DialogSettings>
  folders: Folder[]
}

export interface DialogSettings {
  isPinned: boolean
  /** 1 is the archive. */
  folderId: number
}

/** A folder of the chat list, which Telegram calls a dialog filter. Chats are marked ids. */
export interface Folder {
  id: number
  title: string
  emoticon?: string
  pinned: number[]
  include: number[]
  exclude: number[]
  /** Kinds that belong to it as a whole: contacts, non_contacts, groups, broadcasts, bots; and exclude_muted, _read, _archived. */
  flags: string[]
}

/** What basic groups and channels have in common beside their messages. */
interface Assembly {
  title: string
  date: number
  /** Accounts; they are pushed to. */
  members: Set<number>
  /** Everybody else who is in it. */
  others: Set<number>
  admins: Set<number>
  about?: string
  photo?: Photo
  slowmodeSeconds: number
  /** For those who are not admins. */
  isWritable: boolean
}

export interface BasicGroup extends Assembly {
  kind: 'group'
  id: number
  /** What it has become; nobody writes in it any more. */
  migratedTo?: Channel
}

export type ChannelKind = 'channel' | 'supergroup' | 'forum'

export interface Channel extends Assembly {
  kind: ChannelKind
  id: number
  accessHash: bigint
  username?: string
  /** Active collectible names. With them `username` may be empty (core.telegram.org/api/usernames). */
  usernames?: string[]
  topics: Topic[]
  box: UpdateBox
  lastMessageId: number
  messages: Map<number, StoredMessage>
  history: StoredMessage[]
  deleted: StoredMessage[]
}

export interface Topic {
  id: number
  title: string
}

export type Chat = BasicGroup | Channel

export interface StoredMessage {
  id: number
  chat: number
  from?: number
  isPost: boolean
  date: number
  text: string
  entities?: TlObject[]
  replyTo?: TlObject
  forward?: TlObject
  media?: TlObject
  action?: TlObject
  groupedId?: number
  postAuthor?: string
  isSilent: boolean
  mentionedAccounts: number[]
  /** How often its text was changed; what Telegram reports as an edit but is none does not count. */
  edits: number
  editDate?: number
  /** The edit date is that of a change which nobody is to see as an edit, such as a reaction. */
  isEditHidden?: boolean
  isPinned?: boolean
  isDeleted?: boolean
  views?: number
  forwards?: number
  replies?: TlObject
  reactions?: TlObject
  /** In place of what is made of the rest. */
  fields?: Record<string, unknown>
  wholeRichMessage?: TlObject
}

export interface TextEntity {
  type: 'mention' | 'mentionName' | 'textUrl' | 'url' | 'pre' | 'code' | 'bold' | 'italic' | 'hashtag'
  offset: number
  length: number
  url?: string
  language?: string
  userId?: number
}

export type MediaOptions =
  | { kind: 'photo' }
  | { kind: 'document'; fileName: string; mimeType: string; size: number }
  | { kind: 'poll'; question: string; answers: string[] }

export interface MessageOptions {
  /** Marked id. */
  chat: number
  /** Whose private chat it is; the first account if left out. */
  account?: number
  /** User id, or the marked id of a channel that speaks. Left out: the other side of a private chat, the channel itself. */
  from?: number
  text: string
  /** Reads `code`, ```pre```, **bold** and [text](url) in the text. */
  markup?: boolean
  entities?: TextEntity[]
  replyTo?: number
  topic?: number
  forward?: { from?: number; name?: string; date?: number; channelPost?: number }
  media?: MediaOptions
  /** Makes it the service message that says this message was pinned. */
  pins?: number
  /** Makes it a service message: a MessageAction as a TL object. */
  action?: TlObject
  groupedId?: number
  postAuthor?: string
  isSilent?: boolean
  /** Unix seconds. */
  date?: number
  /** Fields of the message as TL objects of the newest layer, in place of what is made of the rest: `media`, `rich_message` and the like. */
  fields?: Record<string, unknown>
  /** What messages.getRichMessage gives, where `fields` has a part of it. */
  wholeRichMessage?: TlObject
}

/** What happened to messages that were there already. */
export interface Change {
  /** Marked id, also where the update names no chat. */
  chat: number
  /** As the change left it, where the update carries the whole message. */
  message?: StoredMessage
  render(viewer: Account, pts: number, ptsCount: number): TlObject
}

/** One account's view of a new message. */
export interface Delivery {
  account: Account
  message: StoredMessage
  pts: number
  ptsCount: number
}

/** One account's view of a change; pts and count are 0 where its update has none. */
export interface ChangeDelivery {
  account: Account
  change: Change
  pts: number
  ptsCount: number
}
