import type { Logger } from '@tgsentinel/kernel/log'
import { isStorageFailure } from '@tgsentinel/kernel/sqlite'
import { backoffMs, DAY, HOUR, SECOND } from '@tgsentinel/kernel/time'
import type { Bus } from './bus/bus'
import type { Deliveries } from './deliveries/deliveries'
import { failure, MessageFlag, type Alert, type AlertChange, type Profile, type Telling } from './model'
import type { Profiles } from './profiles'
import type { Match } from './scoring/scoring'
import type { AlertQuery } from './store/alerts'
import type { StoredMessage } from './store/messages'
import type { Store } from './store/store'
import { Stories } from './stories/stories'

const BATCH = 500

export interface AlertsOptions {
  store: Store
  profiles: Profiles
  deliveries: Pick<Deliveries, 'tellOf'>
  bus: Bus
  log: Logger
  now: () => number
  /** The user that our own bot is: what it says raises no alert. */
  botId?: number | undefined
}

/**
 * From stored messages to alerts. Reads messages in the order of their rows beyond `scored_up_to`; a batch's alerts, their
 * events, deliveries and the new `scored_up_to` are one transaction: after a crash each message is scored once, no alert is lost or doubled.
 */
export class Alerts {
  private timer: NodeJS.Timeout | NodeJS.Immediate | undefined
  private attempt = 0
  private isClosed = false
  /** Something was told again since the last batch. */
  private hasTellings = false
  private readonly stories: Stories

  private readonly store: Store
  private readonly profiles: Profiles
  private readonly bus: Bus
  private readonly log: Logger
  private readonly now: () => number

  constructor(private readonly options: AlertsOptions) {
    const { store, profiles, bus, log, now } = options
    this.store = store
    this.profiles = profiles
    this.bus = bus
    this.log = log
    this.now = now
    this.stories = new Stories(store, now)
  }

  /** Scores what a former run left, then whatever is stored. */
  start(): void {
    this.bus.onRing('messages', () => this.scheduleNext(0))
    this.scheduleNext(0)
  }

  get backlog(): number {
    return Math.max(0, this.store.messages.lastRow() - this.store.settings.number('scored_up_to'))
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
   * Where what it tells was told.
   * @throws ApiError NOT_FOUND
   */
  story(id: number): Telling[] {
    this.get(id)
    return this.stories.tellings(id)
  }

  /** @throws ApiError NOT_FOUND */
  change(id: number, change: AlertChange): Alert {
    const alert = this.store.transaction(() => {
      const unreadChange = this.store.alerts.change(id, change)
      const changed = this.get(id)
      if (unreadChange) this.store.traffic.countUnread(unreadChange)
      this.store.events.add('alert_changed', {
        id,
        read: changed.read,
        starred: changed.starred,
        dismissed: changed.dismissed,
      })
      return changed
    })
    this.bus.ring('events')
    return alert
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
      const upToRow = this.profiles.readsMeaning ? await this.readMeaning() : Number.MAX_SAFE_INTEGER
      this.timer = undefined
      if (this.isClosed) return
      const { scored, raised } = this.store.transaction(() => this.writeBatch(upToRow))
      this.attempt = 0
      if (raised.length > 0) this.announce(raised)
      else if (this.hasTellings) this.bus.ring('events')
      this.hasTellings = false
      if (scored === BATCH || (this.profiles.readsMeaning && this.backlog > 0)) this.scheduleNext(0)
    } catch (error) {
      this.timer = undefined
      if (!isStorageFailure(error)) throw error
      const delayMs = backoffMs(this.attempt++, 250, 30 * SECOND, Math.random())
      this.log.error({ err: error, retry_ms: delayMs }, 'the database takes no alerts')
      this.scheduleNext(delayMs)
    }
  }

  private announce(raised: number[]): void {
    this.bus.ring('events')
    for (const id of raised) this.bus.publishAlert(id)
    this.log.info({ raised: raised.length }, 'alerts raised')
  }

  /** Of the next batch; up to which row. */
  private async readMeaning(): Promise<number> {
    const messages = this.unscored()
    const texts = messages.flatMap((message) => (isOldNews(message, this.now()) ? [] : [message.text]))
    await this.profiles.readMeaning(texts, 'live')
    return messages.at(-1)?.row ?? 0
  }

  private unscored(): StoredMessage[] {
    return this.store.messages.beyond(this.store.settings.number('scored_up_to'), BATCH)
  }

  private writeBatch(upToRow: number): { scored: number; raised: number[] } {
    const messages = this.unscored().filter(({ row }) => row <= upToRow)
    const raised: number[] = []
    for (const message of messages) {
      for (const match of this.matchesOf(message)) {
        const id = this.raise(message, match)
        if (id !== undefined) raised.push(id)
      }
    }
    const last = messages.at(-1)
    if (last) this.store.settings.set('scored_up_to', last.row)
    return { scored: messages.length, raised }
  }

  /** A message that scoring stumbles over must not keep all others from being scored. */
  private matchesOf(message: StoredMessage): Match[] {
    if (isOldNews(message, this.now())) return []
    try {
      return this.profiles.scorer.score(message)
    } catch (error) {
      this.log.error({ err: error, row: message.row }, 'a message could not be scored')
      return []
    }
  }

  private raise(
    message: StoredMessage,
    { profile, score, reasons, relevance, isExploration }: Match,
  ): number | undefined {
    const createdAtMs = this.now()
    const { row: messageRow, chatId, text, groupedId } = message
    if (this.isOurOwn(message)) return undefined
    // An album is one item, also where a part of it comes late.
    if (groupedId !== null && this.store.alerts.hasAlbum(profile.id, chatId, groupedId)) return undefined
    if (!isExploration && this.isKnownStory(profile, message)) return undefined
    const id = this.store.alerts.add({
      profileId: profile.id,
      profileName: profile.name,
      messageRow,
      chatId,
      text,
      score,
      reasons,
      relevance,
      isExploration,
      createdAtMs,
    })
    if (id === undefined) return undefined
    if (!isExploration) this.stories.open(profile.id, id, message)
    this.store.traffic.countAlert(Math.floor(createdAtMs / HOUR), chatId, profile.id)
    const alert = this.get(id)
    this.store.events.add('alert', alert)
    if (!isExploration) this.options.deliveries.tellOf(alert)
    return id
  }

  /** What an alert told already is kept with it. */
  private isKnownStory({ id: profileId, one_per_story: isCollapsed }: Profile, message: StoredMessage): boolean {
    // Who writes to me again wants to be heard again.
    const mayBeKnown = isCollapsed && message.chatKind !== 'private'
    const known = mayBeKnown ? this.stories.find(profileId, message) : undefined
    if (!known) return false
    this.store.stories.addTelling(known.alertId, message, known.likeness)
    this.hasTellings = true
    const { id, read, starred, dismissed, copies, copy_chats } = this.get(known.alertId)
    this.store.events.add('alert_changed', { id, read, starred, dismissed, copies, copy_chats })
    return true
  }

  /** What this program wrote itself comes back as a message, and would be told again without end. */
  private isOurOwn({ senderId, text }: StoredMessage): boolean {
    const { botId } = this.options
    return (botId !== undefined && senderId === botId) || this.store.toldTexts.has(text)
  }
}

/** What somebody posted long before a chat was followed is stored to be found, and rings no more. */
function isOldNews({ flags, date }: StoredMessage, nowMs: number): boolean {
  return (flags & MessageFlag.backfilled) !== 0 && nowMs - date * SECOND > DAY
}
