import { ApiError } from '@tgsentinel/kernel/errors'
import { SECOND } from '@tgsentinel/kernel/time'
import type { Backfills, Reading } from './backfills/backfills'
import type { Chats } from './chats'
import { RECENT_MESSAGES } from './intake'
import { CHANNEL_MARK, failure, type MarkedId } from './model'
import type { TelegramReader } from './telegram/reader'
import type { TelegramSender } from './telegram/sender'
import { TelegramError } from './telegram/telegram-error'
import type { WatchList } from './watch'

export interface FollowOptions {
  reader: Pick<TelegramReader, 'self' | 'resolve'>
  sender: Pick<TelegramSender, 'join'>
  chats: Pick<Chats, 'resolve' | 'list' | 'refreshSoon'>
  watch: WatchList
  backfills: Pick<Backfills, 'ask' | 'ended' | 'hold' | 'progress'>
}

export interface Followed {
  chatId: MarkedId
  /** False where the account was in the chat before. */
  isJoined: boolean
  /** What becomes of its recent history; null where too many chats wait to be read. */
  reading: Promise<Reading> | null
}

/** Whoever adds a chat waits for the answer: a longer wait is told instead. */
const INTERACTIVE_MS = 10 * SECOND
const REQUESTED = 'Telegram has asked the admins of this chat to let you in. Add it again when they have.'

/**
 * Follows a channel on the owner's word: joins it where need be, watches it, and has its recent history read. Who adds a chat
 * waits for the page under way at most: no further one is asked for before the chat is added.
 */
export class Follow {
  constructor(private readonly options: FollowOptions) {}

  /** The chat that is being read, how much of it, and how many wait. */
  get progress(): Backfills['progress'] {
    return this.options.backfills.progress
  }

  /**
   * Follows a chat by its @username, its t.me link or its marked id.
   * @throws ApiError with a sentence: no such name, private, too many channels, not signed in, flood wait
   */
  async add(text: string, signal: AbortSignal): Promise<Followed> {
    const name = readChatName(text)
    if (!this.options.reader.self) throw failure('NOT_SIGNED_IN', 'Nobody is signed in to Telegram. Sign in first.')
    const release = this.options.backfills.hold()
    try {
      const { chatId, isJoined } = await this.enter(name, { signal, timeoutMs: INTERACTIVE_MS })
      this.options.watch.add(chatId)
      this.options.chats.refreshSoon()
      return { chatId, isJoined, reading: this.enqueue(chatId) }
    } finally {
      release()
    }
  }

  private async enter(name: string, options: { signal: AbortSignal; timeoutMs: number }) {
    const chatId = await this.options.chats.resolve(name, options)
    if (chatId > 0) throw failure('INVALID_REQUEST', `${name} is a person or a bot, not a channel or a group.`)
    if (this.isListed(chatId)) return { chatId, isJoined: false }
    // A basic group is entered by invitation alone.
    if (chatId > -CHANNEL_MARK) throw failure('NOT_FOUND', 'Your account is in no group of this id.')
    return this.join(chatId, name, options)
  }

  private isListed(chatId: MarkedId): boolean {
    const id = String(chatId)
    for (let after = 0; ;) {
      const page = this.options.chats.list({ kind: undefined, folder: undefined, q: undefined, after, limit: 500 })
      if (page.chats.some((chat) => chat.id === id)) return true
      if (page.next_cursor === null) return false
      after = Number(page.next_cursor)
    }
  }

  private async join(chatId: MarkedId, name: string, options: { signal: AbortSignal; timeoutMs: number }) {
    try {
      await this.options.sender.join(chatId, options)
      return { chatId, isJoined: true }
    } catch (error) {
      const type = error instanceof ApiError && error.cause instanceof TelegramError ? error.cause.type : null
      if (type === 'USER_ALREADY_PARTICIPANT') return { chatId, isJoined: false }
      if (type === 'INVITE_REQUEST_SENT') throw failure('CHAT_CLOSED', REQUESTED, error)
      if (type !== 'PEER_UNKNOWN' || !name.startsWith('@')) throw error
      // The name is known from another session, whose file had the access hash.
      const found = await this.options.reader.resolve(name, options)
      await this.options.sender.join(found.chatId, options)
      return { chatId: found.chatId, isJoined: true }
    }
  }

  private enqueue(chatId: MarkedId): Promise<Reading> | null {
    const { backfills } = this.options
    const backfill = backfills.ask(chatId, 'joined', RECENT_MESSAGES)
    return backfill && backfills.ended(backfill.id)
  }
}

const USERNAME = /^[a-z]\w{2,31}$/i
const LINK = /^(?:https?:\/\/)?(?:www\.)?(?:t|telegram)\.me\/(.+)$/i

/**
 * `@name`, `name`, a t.me link to a chat or one of its messages, or a marked id, as `@name` or the id.
 * @throws ApiError INVALID_REQUEST
 */
export function readChatName(text: string): string {
  const trimmed = text.trim()
  const [head = '', second = ''] = (LINK.exec(trimmed)?.[1] ?? '').split(/[/?#]/)
  if (head.startsWith('+') || head.toLowerCase() === 'joinchat')
    throw failure(
      'INVALID_REQUEST',
      'This is an invitation. Join with it in a Telegram app, then add the chat here by its id.',
    )
  if (head === 'c' && /^\d{1,13}$/.test(second)) return String(-CHANNEL_MARK - Number(second))
  const name = head ? (head === 's' ? second : head) : trimmed.replace(/^@/, '')
  if (USERNAME.test(name)) return `@${name}`
  if (/^-\d{1,16}$/.test(trimmed)) return trimmed
  throw failure('INVALID_REQUEST', 'Name the chat as @name, by a t.me link, or by its id, such as -1001234567890.')
}
