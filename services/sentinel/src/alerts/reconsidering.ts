import { SECOND } from '@tgsentinel/kernel/time'
import type { Alert } from '../model'
import type { Match } from '../scoring/scoring'
import type { Reconsideration } from '../store/reconsiderations'
import type { StoredMessage } from '../store/messages'
import type { Store } from '../store/store'
import type { MessageChanges } from './message-changes'
import { isOldNews } from './old-news'
import type { Raising } from './raising'
import { takeInTime } from './slice'

export interface ReconsideringOptions {
  store: Store
  raising: Raising
  changes: MessageChanges
  /** What fires for a message as it is; it never throws. */
  matchesOf: (message: StoredMessage) => Match[]
  /** Whether reactions or answers count for anybody. */
  wantsCounts: () => boolean
  now: () => number
}

/**
 * Looks again at what was scored and then edited, deleted, or received more reactions or answers. What comes of a message, and that it
 * was looked at, are one transaction, as scoring is: after a crash nothing is lost or doubled.
 */
export class Reconsidering {
  constructor(private readonly options: ReconsideringOptions) {}

  /**
   * In the caller's transaction, for as long as a slice of time: whether there may be more, the alerts they raised, and of how many
   * alerts the message changed.
   * @param isRead whether a message may be judged yet
   */
  writeBatch(
    limit: number,
    isRead: (message: StoredMessage) => boolean,
  ): { hasMore: boolean; raised: number[]; changed: number } {
    const { store } = this.options
    const upToRow = store.settings.number('scored_up_to')
    const due = store.reconsiderations.due(upToRow, limit).filter(({ message }) => isRead(message))
    const raised: number[] = []
    let changed = 0
    const looked = takeInTime(due, (one) => {
      changed += this.noteChanges(one)
      raised.push(...this.raiseAnew(one))
      store.reconsiderations.done(one.message.row)
    })
    return { hasMore: looked < due.length || looked === limit, raised, changed }
  }

  private noteChanges({ message, former, deletedAt }: Reconsideration): number {
    const { changes, now } = this.options
    const editedAt = message.editedAt ?? Math.floor(now() / SECOND)
    // What was changed and changed back says what it said.
    const isEdited = former !== null && former.text !== message.text
    const wasEdited = isEdited && changes.noteEdit(message, former.text, editedAt)
    const wasDeleted = deletedAt !== null && changes.noteDeletion(message, deletedAt)
    return Number(wasEdited) + Number(wasDeleted)
  }

  private raiseAnew({ message, former, deletedAt }: Reconsideration): number[] {
    const { now, wantsCounts } = this.options
    const isEdited = former !== null && former.text !== message.text
    if (deletedAt !== null || (!isEdited && !wantsCounts())) return []
    // An edit is as new as it is; what is only counted is as old as the message.
    const isNewEdit = isEdited && !isOldNews({ ...message, date: message.editedAt ?? message.date }, now())
    const isNew = !isOldNews(message, now())
    const matches = isNewEdit || isNew ? this.options.matchesOf(message) : []
    const began = isNewEdit && matches.length > 0 ? this.without(matches, { ...message, ...former }) : []
    const counted = isNew ? matches.filter(reachesThreshold) : []
    return [...this.raise(message, began, 'edit'), ...this.raise(message, counted, 'counts')]
  }

  /** Those that did not fire for the message as it was. */
  private without(matches: Match[], former: StoredMessage): Match[] {
    const before = new Set(this.options.matchesOf(former).map(({ profile }) => profile.id))
    return matches.filter(({ profile }) => !before.has(profile.id))
  }

  private raise(message: StoredMessage, matches: Match[], by: Alert['raised_by']): number[] {
    return [this.options.raising.raise(message, matches, by) ?? []].flat()
  }
}

function reachesThreshold({ reasons }: Match): boolean {
  return reasons.some(({ kind }) => kind === 'threshold')
}
