import { HOUR } from '@tgsentinel/kernel/time'
import type { Deliveries } from '../deliveries/deliveries'
import { MessageFlag, type Alert, type Profile } from '../model'
import type { Match } from '../scoring/scoring'
import type { StoredMessage } from '../store/messages'
import type { Store } from '../store/store'
import type { Stories } from '../stories/stories'

export interface RaisingOptions {
  store: Store
  stories: Stories
  deliveries: Pick<Deliveries, 'tellOf'>
  now: () => number
  /** The user that our own bot is: what it says raises no alert. */
  botId?: number | undefined
}

/** From a match to an alert with its event and its deliveries, in the transaction of its caller: one for a profile and message. */
export class Raising {
  private hasTellings = false

  constructor(private readonly options: RaisingOptions) {}

  /** Whether something was told again since this was asked last. */
  takeTellings(): boolean {
    const { hasTellings } = this
    this.hasTellings = false
    return hasTellings
  }

  /** The alert's id, or undefined where there is one already, or is to be none. */
  raise(message: StoredMessage, match: Match, raisedBy: Alert['raised_by']): number | undefined {
    const { store, stories, deliveries, now } = this.options
    const { profile, isExploration, score, reasons, relevance } = match
    const { row: messageRow, chatId, text, groupedId } = message
    if (this.isOurOwn(message) || store.alerts.hasRaised(profile.id, messageRow)) return undefined
    // An album is one item, also where a part of it comes late.
    if (groupedId !== null && store.alerts.hasAlbum(profile.id, chatId, groupedId)) return undefined
    if (!isExploration && this.isKnownStory(profile, message)) return undefined
    const createdAtMs = now()
    const what = { messageRow, chatId, text, score, reasons, relevance, isExploration, raisedBy, createdAtMs }
    const id = store.alerts.add({ profileId: profile.id, profileName: profile.name, ...what })
    if (id === undefined) return undefined
    if (!isExploration) stories.open(profile.id, id, message)
    store.traffic.countAlert(Math.floor(createdAtMs / HOUR), chatId, profile.id)
    const alert = store.alerts.find(id) as Alert
    store.events.add('alert', alert)
    if (!isExploration) deliveries.tellOf(alert)
    return id
  }

  /** What an alert told already is kept with it. */
  private isKnownStory({ id: profileId, one_per_story: isCollapsed }: Profile, message: StoredMessage): boolean {
    const { store, stories } = this.options
    // Who writes to me again wants to be heard again.
    const mayBeKnown = isCollapsed && message.chatKind !== 'private'
    const known = mayBeKnown ? stories.find(profileId, message) : undefined
    if (!known) return false
    if (!store.stories.addTelling(known.alertId, message, known.likeness)) return true
    this.hasTellings = true
    const alert = store.alerts.find(known.alertId) as Alert
    const { id, read, starred, dismissed, copies, copy_chats } = alert
    store.events.add('alert_changed', { id, read, starred, dismissed, copies, copy_chats })
    return true
  }

  /** What this program wrote itself comes back as a message, and would be told again without end. */
  private isOurOwn({ senderId, chatId, flags, ownText, ...message }: StoredMessage): boolean {
    const { botId, store } = this.options
    // A preview that Telegram adds to it was not told.
    const text = ownText ?? message.text
    if (botId !== undefined && senderId === botId) return true
    if (store.toldTexts.hasIn(chatId, text)) return true
    // In Saved Messages nothing is outgoing (core.telegram.org/constructor/message, `out`). Others may say the same words, and are heard.
    const isMine = (flags & MessageFlag.outgoing) !== 0 || chatId === store.settings.number('chats_account')
    return isMine && store.toldTexts.has(text)
  }
}
