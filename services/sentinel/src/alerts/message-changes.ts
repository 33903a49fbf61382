import { narrowedTo } from '../alert-profiles'
import type { Deliveries } from '../deliveries/deliveries'
import type { Alert, AlertProfile, MessageChange } from '../model'
import type { StoredMessage } from '../store/messages'
import type { Store } from '../store/store'
import { wordDiff } from '../word-diff'

export interface MessageChangesOptions {
  store: Store
  deliveries: Pick<Deliveries, 'tellOfChange'>
}

/**
 * What became of a message after it raised its alert: a row and an event, and a delivery where one of its profiles asks for it, in the
 * transaction of its caller.
 */
export class MessageChanges {
  constructor(private readonly options: MessageChangesOptions) {}

  /** `at`: unix seconds. Whether it has an alert. */
  noteEdit({ row, text, date }: StoredMessage, former: string, at: number): boolean {
    const alert = this.options.store.alerts.ofMessage(row)
    if (!alert) return false
    const diff = wordDiff(former, text)
    this.note(alert, { kind: 'edited', at, before: former, after: text, ...diff }, date)
    return true
  }

  /** `at`: unix seconds. Whether it has an alert. */
  noteDeletion({ row, text, date }: StoredMessage, at: number): boolean {
    const alert = this.options.store.alerts.ofMessage(row)
    if (!alert) return false
    const change = { kind: 'deleted' as const, at, before: text, after: null, removed: [], added: [] }
    this.note(alert, change, date)
    return true
  }

  private note(
    alert: Alert,
    what: Omit<Parameters<Store['messageChanges']['add']>[0], 'alertId'>,
    postedAt: number,
  ): void {
    const { store, deliveries } = this.options
    const change = store.messageChanges.add({ ...what, alertId: alert.id }, postedAt)
    if (!change) return
    if (change.kind === 'edited') store.alerts.keepText(alert.id, change.before)
    store.events.add('message_changed', { alert_id: alert.id, profile_id: alert.profile_id, change })
    const told = alert.dismissed ? undefined : narrowedTo(alert, (profile) => this.isToBeTold(profile, change))
    if (told) deliveries.tellOfChange(told, change)
  }

  /** What was only shown to learn from is told of no more. */
  private isToBeTold({ id, is_exploration: isAsked }: AlertProfile, { kind }: MessageChange): boolean {
    const profile = this.options.store.profiles.find(id)
    if (!profile?.enabled || isAsked) return false
    return (kind === 'edited' ? profile.tell_changes.edits : profile.tell_changes.deletions) === true
  }
}
