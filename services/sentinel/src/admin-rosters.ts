import { ApiError } from '@tgsentinel/kernel/errors'
import type { Logger } from '@tgsentinel/kernel/log'
import { DAY, HOUR, MINUTE, SECOND } from '@tgsentinel/kernel/time'
import type { MarkedId } from './model'
import type { Profiles } from './profiles'
import type { Store } from './store/store'
import type { TelegramReader } from './telegram/reader'
import type { WatchList } from './watch'

/** One group at a time, with a pause before the next: twelve calls a minute at the most. */
const PAUSE_MS = 5 * SECOND
const READ_EVERY_MS = 12 * HOUR
/** A group that does not say who its admins are. */
const REFUSED_MS = DAY
/** A group that is not answered for: the others come first. */
const UNANSWERED_MS = 10 * MINUTE
const CALL_MS = MINUTE
const UNANSWERED = ['TELEGRAM_UNREACHABLE', 'TELEGRAM_TIMEOUT']
/** Of the account or of the network, not of the group: it is asked again soon. */
const PASSING = [...UNANSWERED, 'FLOOD_WAIT', 'QUEUE_FULL', 'NOT_SIGNED_IN', 'SESSION_ENDED', 'UNAVAILABLE']

export interface AdminRostersOptions {
  reader: Pick<TelegramReader, 'self' | 'admins'>
  store: Store
  profiles: Pick<Profiles, 'scorer'>
  watch: Pick<WatchList, 'isWatched'>
  log: Logger
  now: () => number
  pauseMs?: number
}

/**
 * Knows who the admins of groups are, so that scoring need not ask: of watched groups that an enabled profile with the detector `admin`
 * listens to, and of no others. Reads one after the other in the background; what was read stays in force until it is read anew,
 * whatever Telegram or the network does meanwhile.
 */
export class AdminRosters {
  private readonly closing = new AbortController()
  private timer: NodeJS.Timeout | undefined

  constructor(private readonly options: AdminRostersOptions) {}

  start(): void {
    this.lookIn(this.options.pauseMs ?? PAUSE_MS)
  }

  /** Idempotent. */
  close(): void {
    this.closing.abort()
    clearTimeout(this.timer)
  }

  private lookIn(delayMs: number): void {
    if (!this.closing.signal.aborted) this.timer = setTimeout(() => void this.takeTurn(), delayMs).unref()
  }

  /** It never rejects. */
  private async takeTurn(): Promise<void> {
    const { pauseMs = PAUSE_MS, log } = this.options
    try {
      const chatId = this.nextChat()
      if (chatId !== undefined) await this.read(chatId)
      this.lookIn(pauseMs)
    } catch (error) {
      if (!this.closing.signal.aborted) log.info({ err: error }, 'admins of groups are read later')
      const retryAfterS = error instanceof ApiError ? error.options.retryAfterS : undefined
      this.lookIn(retryAfterS === undefined ? MINUTE : Math.min(HOUR, retryAfterS * SECOND + pauseMs))
    }
  }

  /** The group that is due the longest. One that nobody wants to know of any more is forgotten when it would be due. */
  private nextChat(): MarkedId | undefined {
    const { reader, store, profiles, watch, now } = this.options
    const accountId = reader.self?.id
    if (accountId === undefined || !profiles.scorer.wants.admins) return undefined
    for (const chat of store.adminRosters.chats(accountId)) {
      if (chat.dueAtMs > now()) return undefined
      if (watch.isWatched(accountId, chat.chatId) && profiles.scorer.wantsAdminsOf(chat)) return chat.chatId
      if (chat.dueAtMs > 0) store.adminRosters.forget(chat.chatId)
    }
    return undefined
  }

  /** @throws what a minute may mend */
  private async read(chatId: MarkedId): Promise<void> {
    const { reader, store, log, now } = this.options
    try {
      const options = { priority: 'background' as const, timeoutMs: CALL_MS, signal: this.closing.signal }
      const admins = await reader.admins(chatId, options)
      store.transaction(() => store.adminRosters.save(chatId, admins, now(), now() + READ_EVERY_MS))
    } catch (error) {
      if (error instanceof ApiError && UNANSWERED.includes(error.code))
        store.adminRosters.postpone(chatId, now() + UNANSWERED_MS)
      if (!(error instanceof ApiError) || PASSING.includes(error.code)) throw error
      log.info({ err: error, chat_id: chatId }, 'a group does not say who its admins are')
      store.adminRosters.postpone(chatId, now() + REFUSED_MS)
    }
  }
}
