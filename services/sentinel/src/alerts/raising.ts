import { HOUR } from '@tgsentinel/kernel/time'
import { findingsOf, narrowedTo } from '../alert-profiles'
import type { Deliveries } from '../deliveries/deliveries'
import type { Alert, AlertProfile, Profile } from '../model'
import type { Match } from '../scoring/scoring'
import type { StoredMessage } from '../store/messages'
import type { Store } from '../store/store'
import type { Stories } from '../stories/stories'
import { isOurOwn } from '../own-words'

export interface RaisingOptions {
  store: Store
  stories: Stories
  deliveries: Pick<Deliveries, 'tellOf'>
  now: () => number
  /** The user that our own bot is: what it says raises no alert. */
  botId?: number | undefined
}

/**
 * From what matches a message to its alert with the event and the deliveries, in the transaction of its caller. A message makes one
 * alert, for all profiles that it matches; those that an edit adds join it.
 */
export class Raising {
  private hasChanged = false

  constructor(private readonly options: RaisingOptions) {}

  /** Whether an alert that was there became another since this was asked last: its story was told again, or profiles joined it. */
  takeChanged(): boolean {
    const { hasChanged } = this
    this.hasChanged = false
    return hasChanged
  }

  /** The id of a new alert; undefined where there is to be none, or was one already. */
  raise(message: StoredMessage, matches: readonly Match[], raisedBy: Alert['raised_by']): number | undefined {
    const { store, botId } = this.options
    if (matches.length === 0 || isOurOwn(message, store, botId)) return undefined
    const { alerts } = store
    const known = alerts.idFor(message)
    const unheard = matches.filter(({ profile }) => known === undefined || !alerts.isFor(known, profile.id))
    const news = unheard.filter(({ profile, isExploration }) => isExploration || !this.isKnownStory(profile, message))
    if (news.length === 0) return undefined
    if (known === undefined) return this.open(message, news, raisedBy)
    this.join(known, message, news, raisedBy)
    return undefined
  }

  private open(message: StoredMessage, news: readonly Match[], raisedBy: Alert['raised_by']): number | undefined {
    const { store, deliveries, now } = this.options
    const { row: messageRow, chatId, text } = message
    const createdAtMs = now()
    const profiles = news.map((match) => findingOf(match, raisedBy))
    const id = store.alerts.add({ messageRow, chatId, text, createdAtMs, profiles })
    if (id === undefined) return undefined
    this.openStories(id, message, news)
    store.traffic.countAlert(Math.floor(createdAtMs / HOUR), chatId, news.map(idOf))
    const alert = store.alerts.find(id) as Alert
    store.events.add('alert', alert)
    deliveries.tellOf(alert)
    return id
  }

  private join(id: number, message: StoredMessage, news: readonly Match[], raisedBy: Alert['raised_by']): void {
    const { store, deliveries, now } = this.options
    const ids = news.map(idOf)
    store.alerts.join(
      id,
      news.map((match) => findingOf(match, raisedBy)),
    )
    this.openStories(id, message, news)
    store.traffic.countFindings(Math.floor(now() / HOUR), message.chatId, ids)
    this.hasChanged = true
    const alert = store.alerts.find(id) as Alert
    const { read, starred, dismissed, profiles } = alert
    store.events.add('alert_changed', { id, read, starred, dismissed, ...findingsOf(profiles) })
    const added = narrowedTo(alert, (profile) => ids.includes(profile.id))
    if (added && !dismissed) deliveries.tellOf(added)
  }

  private openStories(id: number, message: StoredMessage, news: readonly Match[]): void {
    for (const { profile, isExploration } of news)
      if (!isExploration) this.options.stories.open(profile.id, id, message)
  }

  /** What an alert told already is kept with it. */
  private isKnownStory(profile: Profile, message: StoredMessage): boolean {
    const { store, stories } = this.options
    const known = stories.find(profile, message)
    if (!known) return false
    if (!store.stories.addTelling(known.alertId, message, known.likeness)) return true
    this.hasChanged = true
    const alert = store.alerts.find(known.alertId) as Alert
    const { id, read, starred, dismissed, copies, copy_chats } = alert
    store.events.add('alert_changed', { id, read, starred, dismissed, copies, copy_chats })
    return true
  }
}

function findingOf({ profile, isExploration, ...found }: Match, raisedBy: Alert['raised_by']): AlertProfile {
  const { id, name } = profile
  return { id, name, ...found, is_exploration: isExploration, label: null, raised_by: raisedBy }
}

function idOf({ profile }: Match): number {
  return profile.id
}
