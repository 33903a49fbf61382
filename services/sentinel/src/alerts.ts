import type { Logger } from '@tgsentinel/kernel/log'
import { isStorageFailure } from '@tgsentinel/kernel/sqlite'
import { backoffMs, DAY, SECOND } from '@tgsentinel/kernel/time'
import { MessageChanges } from './alerts/message-changes'
import { isOldNews } from './alerts/old-news'
import { Raising } from './alerts/raising'
import { Reconsidering } from './alerts/reconsidering'
import { takeInTime } from './alerts/slice'
import type { Bus } from './bus/bus'
import type { Deliveries } from './deliveries/deliveries'
import { messageLink } from './message-link'
import { failure, type Alert, type AlertChange, type Telling } from './model'
import { httpError } from '@tgsentinel/kernel/errors'
import type { Profiles } from './profiles'
import type { Match } from './scoring/scoring'
import type { AlertQuery } from './store/alerts'
import type { StoredMessage } from './store/messages'
import type { SnoozePlace } from './store/snoozes'
import type { Store } from './store/store'
import { Stories } from './stories/stories'

const MAX_TELLINGS = 200
const LONGEST_SNOOZE_MS = 31 * DAY
const MOST_IN_BATCH = 500
/** What a batch begins with, and never goes below. */
const LEAST_IN_BATCH = 16
/** Each may be scored twice. */
const RECONSIDERED = 100

/** What a batch may take: with a sentence model only what that has read, so that it is not judged half by words. */
interface Read {
  upToRow: number
  isRead: (message: StoredMessage) => boolean
}
const EVERYTHING: Read = { upToRow: Number.MAX_SAFE_INTEGER, isRead: () => true }

export interface AlertsOptions {
  store: Store
  profiles: Profiles
  deliveries: Pick<Deliveries, 'tellOf' | 'tellOfChange'>
  bus: Bus
  log: Logger
  now: () => number
  /** The user that our own bot is: what it says raises no alert. */
  botId?: number | undefined
}

/**
 * From stored messages to alerts. Reads messages in the order of their rows beyond `scored_up_to`; a batch's alerts, their
 * events, deliveries and the new `scored_up_to` are one transaction: after a crash each message is scored once, no alert is lost or doubled.
 * What became of scored messages since is looked at after each batch, in the same way.
 */
export class Alerts {
  private timer: NodeJS.Timeout | NodeJS.Immediate | undefined
  private attempt = 0
  /** How many messages are read for a batch: about as many as there is time for. */
  private batch = LEAST_IN_BATCH
  private isClosed = false
  private readonly raising: Raising
  private readonly reconsidering: Reconsidering

  private readonly store: Store
  private readonly profiles: Profiles
  private readonly bus: Bus
  private readonly log: Logger
  private readonly now: () => number

  constructor(options: AlertsOptions) {
    const { store, profiles, bus, log, now } = options
    this.store = store
    this.profiles = profiles
    this.bus = bus
    this.log = log
    this.now = now
    this.raising = new Raising({ ...options, stories: new Stories(store.stories, now) })
    const { raising } = this
    const changes = new MessageChanges(options)
    const matchesOf = (message: StoredMessage) => this.matchesOf(message)
    const wantsCounts = () => profiles.scorer.wants.counts
    this.reconsidering = new Reconsidering({ store, raising, changes, matchesOf, wantsCounts, now })
  }

  /** Scores what a former run left, then whatever is stored. */
  start(): void {
    this.bus.onRing('messages', () => this.scheduleNext(0))
    this.scheduleNext(0)
  }

  /** Messages that wait for their score, or to be looked at again. */
  get backlog(): number {
    const { messages, settings, reconsiderations } = this.store
    return Math.max(0, messages.lastRow() - settings.number('scored_up_to')) + reconsiderations.count()
  }

  list(query: AlertQuery): { alerts: Alert[]; next_cursor: string | null } {
    const alerts = this.store.alerts.list({ ...query, limit: query.limit + 1 })
    const page = alerts.slice(0, query.limit)
    return { alerts: page, next_cursor: alerts.length > page.length ? String(page.at(-1)?.id) : null }
  }

  /** @throws ApiError NOT_FOUND */
  get(id: number): Alert {
    const alert = this.store.alerts.find(id)
    if (!alert) throw failure('NOT_FOUND', `There is no alert ${id}.`)
    return alert
  }

  /**
   * Where what it tells was told, the earliest first.
   * @throws ApiError NOT_FOUND
   */
  story(id: number): Telling[] {
    this.get(id)
    return this.store.stories.tellings(id, MAX_TELLINGS).map(({ topicId, username: _username, ...telling }) => ({
      ...telling,
      link: messageLink({ chat: telling.chat, messageId: telling.message_id, topicId }),
    }))
  }

  /** `place`: where it is told again, where it is snoozed. @throws ApiError NOT_FOUND, INVALID_REQUEST */
  change(id: number, change: AlertChange, place: SnoozePlace = null): Alert {
    const untilMs = this.snoozeEnd(change)
    const alert = this.store.transaction(() => {
      this.get(id)
      if (untilMs !== undefined) this.snooze(id, untilMs, place)
      const unreadChange = this.store.alerts.change(id, { ...(untilMs && { read: true }), ...change })
      if (unreadChange) this.store.traffic.countUnread(unreadChange)
      const changed = this.get(id)
      const { read, starred, dismissed, snoozed_until } = changed
      this.store.events.add('alert_changed', { id, read, starred, dismissed, snoozed_until })
      return changed
    })
    this.bus.ring('events')
    return alert
  }

  /** Unix milliseconds, null: no longer; undefined where nothing is said of it. @throws ApiError INVALID_REQUEST */
  private snoozeEnd({ snoozed_until: until, dismissed: isDismissed }: AlertChange): number | null | undefined {
    if (isDismissed) return null
    if (until === undefined || until === null) return until
    const untilMs = Date.parse(until)
    if (untilMs > this.now() && untilMs <= this.now() + LONGEST_SNOOZE_MS) return untilMs
    throw httpError('INVALID_REQUEST', 'snoozed_until must be a moment to come, at most 31 days from now.')
  }

  /** What waits because of it is looked at anew. */
  private snooze(alertId: number, untilMs: number | null, place: SnoozePlace): void {
    const { snoozes, heldDeliveries } = this.store
    if (untilMs !== null) return snoozes.put({ alertId, untilMs, place })
    if (!snoozes.delete(alertId)) return
    heldDeliveries.release(this.now())
    this.store.afterCommit(() => this.bus.ring('deliveries'))
  }

  close(): void {
    this.isClosed = true
    clearTimeout(this.timer as NodeJS.Timeout | undefined)
    clearImmediate(this.timer as NodeJS.Immediate | undefined)
  }

  /** One batch a turn of the event loop, so that requests are served in between. */
  private scheduleNext(delayMs: number): void {
    if (this.timer !== undefined || this.isClosed) return
    this.timer =
      delayMs > 0 ? setTimeout(() => void this.scoreBatch(), delayMs) : setImmediate(() => void this.scoreBatch())
  }

  private async scoreBatch(): Promise<void> {
    try {
      const read = this.profiles.readsMeaning ? await this.readMeaning() : EVERYTHING
      this.timer = undefined
      if (this.isClosed) return
      const { hasMore, raised } = this.store.transaction(() => this.writeBatch(read.upToRow))
      this.announce(raised, this.raising.takeChanged())
      const hasMoreChanges = this.reconsider(read.isRead)
      this.attempt = 0
      if (hasMore || hasMoreChanges || (this.profiles.readsMeaning && this.isBehind)) this.scheduleNext(0)
    } catch (error) {
      this.timer = undefined
      if (!isStorageFailure(error)) throw error
      const delayMs = backoffMs(this.attempt++, 250, 30 * SECOND, Math.random())
      this.log.error({ err: error, retry_ms: delayMs }, 'the database takes no alerts')
      this.scheduleNext(delayMs)
    }
  }

  /** Whether there may be more to look at again. */
  private reconsider(isRead: Read['isRead']): boolean {
    if (this.store.reconsiderations.isEmpty()) return false
    const { hasMore, raised, changed } = this.store.transaction(() =>
      this.reconsidering.writeBatch(RECONSIDERED, isRead),
    )
    this.announce(raised, this.raising.takeChanged() || changed > 0)
    return hasMore
  }

  private announce(raised: number[], hasOtherNews: boolean): void {
    if (raised.length > 0 || hasOtherNews) this.bus.ring('events')
    for (const id of raised) this.bus.publishAlert(id)
    if (raised.length > 0) this.log.info({ raised: raised.length }, 'alerts raised')
  }

  /** Of the next batch, and of what is looked at again. */
  private async readMeaning(): Promise<Read> {
    const messages = this.unscored()
    const news = messages.filter((message) => !isOldNews(message, this.now()))
    const again = this.store.reconsiderations.due(this.scoredUpTo, RECONSIDERED)
    const former = again.flatMap((one) => [one.message.text, one.former?.text ?? ''])
    await this.profiles.readMeaning([...news.map(({ text }) => text), ...former], 'live')
    const texts = new Map(again.map(({ message }) => [message.row, message.text]))
    return { upToRow: messages.at(-1)?.row ?? 0, isRead: ({ row, text }) => texts.get(row) === text }
  }

  private get isBehind(): boolean {
    const { messages, reconsiderations } = this.store
    return messages.lastRow() > this.scoredUpTo || reconsiderations.due(this.scoredUpTo, 1).length > 0
  }

  private get scoredUpTo(): number {
    return this.store.settings.number('scored_up_to')
  }

  private unscored(): StoredMessage[] {
    return this.store.messages.beyond(this.scoredUpTo, this.batch)
  }

  /** What there is no time for is the next batch's. */
  private writeBatch(upToRow: number): { hasMore: boolean; raised: number[] } {
    const { settings, reconsiderations } = this.store
    const { scoredUpTo, batch } = this
    const messages = this.unscored().filter(({ row }) => row <= upToRow)
    const raised: number[] = []
    const scored = takeInTime(messages, (message) => {
      const id = this.raiseFor(message)
      if (id !== undefined) raised.push(id)
    })
    const last = messages[scored - 1]
    if (!last) return { hasMore: false, raised }
    reconsiderations.forgetEdits(scoredUpTo, last.row)
    settings.set('scored_up_to', last.row)
    const isOutOfTime = scored < messages.length
    this.batch = isOutOfTime ? Math.max(LEAST_IN_BATCH, scored) : Math.min(MOST_IN_BATCH, batch * 2)
    return { hasMore: isOutOfTime || scored === batch, raised }
  }

  private raiseFor(message: StoredMessage): number | undefined {
    // What it answers has one answer more.
    if (message.replyToId !== null && this.profiles.scorer.wants.counts)
      this.store.reconsiderations.noteAnswered(message.row)
    const matches = isOldNews(message, this.now()) ? [] : this.matchesOf(message)
    return this.raising.raise(message, matches, 'post')
  }

  /** A message that scoring stumbles over must not keep all others from being scored. */
  private matchesOf(message: StoredMessage): Match[] {
    try {
      const { scorer } = this.profiles
      return scorer.score(this.store.circumstances.complete(message, scorer.wants))
    } catch (error) {
      if (isStorageFailure(error)) throw error
      this.log.error({ err: error, row: message.row }, 'a message could not be scored')
      return []
    }
  }
}
