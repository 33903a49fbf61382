import type { Chat, MarkedId, Message, MessageCounts, Poll, User, UnreadableMessage } from './model'

/** What became of messages and chats that were there before. */
export type Change =
  | { type: 'edited'; message: Message }
  /** An edit that cannot be read. */
  | { type: 'garbled'; message: UnreadableMessage }
  /** `chatId` null: some private chat or basic group, which share one count of ids. */
  | { type: 'deleted'; chatId: MarkedId | null; messageIds: number[] }
  | { type: 'pinned'; chatId: MarkedId; messageIds: number[]; isPinned: boolean }
  | { type: 'counted'; chatId: MarkedId; messageId: number; counts: Partial<MessageCounts> }
  | { type: 'polled'; poll: Pick<Poll, 'id' | 'isClosed' | 'voters'>; votes: Map<string, number> }
  | { type: 'migrated'; fromChatId: MarkedId; toChatId: MarkedId }
  | { type: 'admin'; chatId: MarkedId; userId: MarkedId; isAdmin: boolean }
  | { type: 'topic'; chatId: MarkedId; topicId: number; title: string }
  /** A page of history, newest and oldest id included: what is stored in between and is not in `messageIds` is gone. */
  | { type: 'reconciled'; chatId: MarkedId; from: number; to: number; messageIds: number[] }

/** Where a box of updates stands: `box` 0 is the account's own, else an unmarked channel id. */
export interface Cursor {
  box: number
  pts: number
  qts: number
  date: number
  seq: number
  /** Telegram's own count went back: the only way in which a cursor does. */
  isReset?: boolean
}

/** By what a chat is known to be complete up to its newest message. */
export type ConfirmedBy = 'push' | 'poll' | 'catch_up'

/** Complete up to now. `chatId` null: all private chats and basic groups, which share one box of updates. */
export interface Confirmation {
  chatId: MarkedId | null
  by: ConfirmedBy
  atMs: number
}

export type GapReason = 'too_long' | 'closed' | 'state_lost' | 'not_read' | 'not_watched' | 'unreadable'

/** What a chat is missing, or may be: messages beyond `afterId` and below `beforeId`. */
export interface NewGap {
  /** Null: all private chats and basic groups. */
  chatId: MarkedId | null
  afterId: number | null
  beforeId: number | null
  reason: GapReason
  /** A sentence. */
  detail: string
}

/** A chat that was heard of. */
export interface Opening {
  chatId: MarkedId
  /** What is not known yet begins after it; null: where it begins, its messages say. */
  topMessageId: number | null
  /** The account was read before, and did not have it. */
  isNew: boolean
}

/** How far back the history of a chat is read when it is new. */
export const RECENT_MESSAGES = 500

/** What one or more envelopes from Telegram bring; stored in one transaction, messages before changes. */
export interface Intake {
  users: User[]
  chats: Chat[]
  messages: Message[]
  cursors: Cursor[]
  changes?: Change[]
  /** New ones that were seen, and cannot be read. */
  unreadable?: UnreadableMessage[]
  confirmations?: Confirmation[]
  gaps?: NewGap[]
  /** Chats of the list and their newest messages: what is not known yet begins there. */
  openings?: Opening[]
  /** Chats in which messages were posted that nobody watches: what comes after does not follow without a hole. */
  skipped?: MarkedId[]
  /** Monotonic milliseconds: when history was asked for. What is learnt of its messages after that is newer. */
  askedAtMs?: number
  /** Chats of which nothing may be read any more, with the reason; null: it may be read again. */
  closures?: { chatId: MarkedId; reason: string | null }[]
}

/** To be spread, with what there is. */
export const NO_INTAKE: Intake = { users: [], chats: [], messages: [], cursors: [] }
