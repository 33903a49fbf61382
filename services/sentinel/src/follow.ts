import { ApiError } from '@tgsentinel/kernel/errors'
import type { Logger } from '@tgsentinel/kernel/log'
import { backoffMs, MINUTE, SECOND, sleep } from '@tgsentinel/kernel/time'
import type { Chats } from './chats'
import type { Ingestion } from './ingestion'
import { CHANNEL_MARK, failure, MessageFlag, type MarkedId } from './model'
import type { HistoryPage } from './telegram/history'
import type { TelegramReader } from './telegram/reader'
import type { TelegramSender } from './telegram/sender'
import { TelegramError } from './telegram/telegram-error'
import type { WatchList } from './watch'

export interface FollowOptions {
  reader: Pick<TelegramReader, 'self' | 'history' | 'resolve'>
  sender: Pick<TelegramSender, 'join'>
  chats: Pick<Chats, 'resolve' | 'list' | 'refreshSoon'>
  watch: WatchList
  ingestion: Pick<Ingestion, 'accept' | 'drain'>
  /** How many messages were ever stored. */
  storedMessages: () => number
  log: Logger
}

export interface Followed {
  chatId: MarkedId
  /** False where the account was in the chat before. */
  isJoined: boolean
  /** What becomes of its recent history; null where too many chats wait to be read. */
  reading: Promise<Reading> | null
}

/** How the reading of a chat's recent history ended. */
export interface Reading {
  /** Messages that Telegram gave, and those of them that were not stored before. */
  read: number
  added: number
  /** A sentence where it broke off. */
  problem: string | null
}

interface Job {
  chatId: MarkedId
  accountId: MarkedId
  reading: Reading
  finish: (reading: Reading) => void
}

/** How far back the history of a chat is read when it is added. */
export const RECENT_MESSAGES = 500
const PAGE = 100
const MAX_WAITING = 50
const PAGE_ATTEMPTS = 5
/** NOT_SIGNED_IN: for a moment, while a new session of the account takes the place of the old one. */
const PASSING = ['TELEGRAM_UNREACHABLE', 'TELEGRAM_TIMEOUT', 'QUEUE_FULL', 'NOT_SIGNED_IN']
/** Whoever adds a chat waits for the answer: a longer wait is told instead. */
const INTERACTIVE_MS = 10 * SECOND
const REQUESTED = 'Telegram has asked the admins of this chat to let you in. Add it again when they have.'

/**
 * Follows a channel on the owner's word: joins it where need be, watches it, and reads its recent history, one chat after another, in
 * memory only: what a restart cuts off is not taken up again. Who adds a chat waits for the page under way at most: no
 * further one is asked for before the chat is added.
 */
export class Follow {
  private readonly waiting: Job[] = []
  private running: Job | null = null
  private readonly closing = new AbortController()
  private adding = 0
  private onIdle: () => void = () => undefined

  constructor(private readonly options: FollowOptions) {}

  /** The chat that is being read, how much of it, and how many wait. */
  get progress(): { chatId: MarkedId | null; read: number; waiting: number } {
    return {
      chatId: this.running?.chatId ?? null,
      read: this.running?.reading.read ?? 0,
      waiting: this.waiting.length,
    }
  }

  /**
   * Follows a chat by its @username, its t.me link or its marked id.
   * @throws ApiError with a sentence: no such name, private, too many channels, not signed in, flood wait
   */
  async add(text: string, signal: AbortSignal): Promise<Followed> {
    const name = readChatName(text)
    const { self } = this.options.reader
    if (!self) throw failure('NOT_SIGNED_IN', 'Nobody is signed in to Telegram. Sign in first.')
    this.adding += 1
    try {
      const { chatId, isJoined } = await this.enter(name, { signal, timeoutMs: INTERACTIVE_MS })
      this.options.watch.add(chatId)
      this.options.chats.refreshSoon()
      return { chatId, isJoined, reading: this.enqueue(chatId, self.id) }
    } finally {
      this.adding -= 1
      if (this.adding === 0) this.onIdle()
    }
  }

  /** Idempotent. */
  close(): void {
    this.closing.abort()
    this.onIdle()
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

  private enqueue(chatId: MarkedId, accountId: MarkedId): Promise<Reading> | null {
    if (this.waiting.length >= MAX_WAITING) return null
    return new Promise((finish) => {
      this.waiting.push({ chatId, accountId, reading: { read: 0, added: 0, problem: null }, finish })
      if (!this.running) void this.work()
    })
  }

  private async work(): Promise<void> {
    for (let job = this.waiting.shift(); job; job = this.waiting.shift()) {
      this.running = job
      job.reading.problem = await this.read(job)
      this.options.log.info({ chat_id: job.chatId, ...job.reading }, 'the history of a followed chat was read')
      job.finish(job.reading)
    }
    this.running = null
  }

  /** Null, or why it ended before its end. */
  private async read({ chatId, accountId, reading }: Job): Promise<string | null> {
    try {
      for (let before: number | null | undefined; before !== null && reading.read < RECENT_MESSAGES;) {
        const page = await this.nextPage(chatId, accountId, before)
        reading.added += this.store(accountId, page)
        reading.read += page.messages.length
        before = page.nextBefore
      }
      return null
    } catch (error) {
      if (this.closing.signal.aborted) return 'The sentinel is stopping.'
      if (!(error instanceof ApiError)) this.options.log.error({ err: error, chat_id: chatId }, 'a history broke off')
      return error instanceof ApiError ? error.message : 'Something went wrong; the log says what.'
    }
  }

  private async nextPage(chatId: MarkedId, accountId: MarkedId, before: number | undefined): Promise<HistoryPage> {
    for (let attempt = 1; ;) {
      await this.idle()
      this.closing.signal.throwIfAborted()
      if ((this.options.reader.self?.id ?? accountId) !== accountId)
        throw failure('CONFLICT', 'Another account is signed in by now.')
      try {
        const options = { priority: 'background' as const, signal: this.closing.signal, timeoutMs: MINUTE }
        return await this.options.reader.history(chatId, { limit: PAGE, before }, options)
      } catch (error) {
        await this.waitAfter(error, attempt)
        if (!isFlood(error)) attempt += 1
      }
    }
  }

  /** Lets a flood wait pass, and a failure of the network. @throws what waiting does not mend */
  private async waitAfter(error: unknown, attempt: number): Promise<void> {
    if (!(error instanceof ApiError)) throw error
    const isPassing = PASSING.includes(error.code)
    if (!isFlood(error) && (!isPassing || attempt >= PAGE_ATTEMPTS)) throw error
    const waitMs = isFlood(error)
      ? (error.options.retryAfterS ?? 1) * SECOND
      : backoffMs(attempt, SECOND, MINUTE, Math.random())
    await sleep(waitMs, this.closing.signal)
  }

  private async idle(): Promise<void> {
    while (this.adding > 0 && !this.closing.signal.aborted)
      await new Promise<void>((resolve) => (this.onIdle = resolve))
  }

  /** Oldest first, as they were posted. How many were not stored before. */
  private store(accountId: MarkedId, { messages, peers }: HistoryPage): number {
    const { ingestion, storedMessages } = this.options
    const backfilled = messages.map((message) => ({ ...message, flags: message.flags | MessageFlag.backfilled }))
    ingestion.drain()
    const before = storedMessages()
    ingestion.accept(accountId, { ...peers, messages: backfilled.reverse(), cursors: [] })
    ingestion.drain()
    return storedMessages() - before
  }
}

function isFlood(error: unknown): error is ApiError {
  return error instanceof ApiError && error.code === 'FLOOD_WAIT'
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
