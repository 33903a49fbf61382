import type { Deliveries } from '../deliveries/deliveries'
import type { Alert, MessageChange } from '../model'
import type { StoredMessage } from '../store/messages'
import type { Store } from '../store/store'
import { wordDiff } from '../word-diff'

export interface MessageChangesOptions {
  store: Store
  deliveries: Pick<Deliveries, 'tellOfChange'>
}

/**
 * What became of a message after it raised alerts: a row and an event for each alert, and a delivery where its profile asks for it, in
 * the transaction of its caller.
 */
export class MessageChanges {
  constructor(private readonly options: MessageChangesOptions) {}

  /** `at`: unix seconds. How many alerts there are. */
  noteEdit({ row, text, date }: StoredMessage, former: string, at: number): number {
    const alerts = this.options.store.alerts.ofMessage(row)
    if (alerts.length === 0) return 0
    const diff = wordDiff(former, text)
    for (const alert of alerts) this.note(alert, { kind: 'edited', at, before: former, after: text, ...diff }, date)
    return alerts.length
  }

  /** `at`: unix seconds. How many alerts there are. */
  noteDeletion({ row, text, date }: StoredMessage, at: number): number {
    const alerts = this.options.store.alerts.ofMessage(row)
    const change = { kind: 'deleted' as const, at, before: text, after: null, removed: [], added: [] }
    for (const alert of alerts) this.note(alert, change, date)
    return alerts.length
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
    if (this.isToBeTold(alert, change)) deliveries.tellOfChange(alert, change)
  }

  /** What its owner dismissed, or was only asked about, is told of no more. */
  private isToBeTold({ profile_id: id, dismissed, is_exploration: isAsked }: Alert, { kind }: MessageChange): boolean {
    const profile = this.options.store.profiles.find(id)
    if (!profile?.enabled || dismissed || isAsked) return false
    return (kind === 'edited' ? profile.tell_changes.edits : profile.tell_changes.deletions) === true
  }
}
