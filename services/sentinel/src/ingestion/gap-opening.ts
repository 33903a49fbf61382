import { RECENT_MESSAGES, type GapReason, type NewGap } from '../intake'
import type { MarkedId } from '../model'
import type { Gap } from '../store/gaps'
import type { Store } from '../store/store'

/** Nothing can be asked that would fill them. */
const UNFILLABLE: readonly GapReason[] = ['closed', 'not_read', 'not_watched']

/** Puts a hole on record, and has the history read that fills it. In the transaction that its caller holds. */
export class GapOpening {
  constructor(private readonly store: Store) {}

  open(accountId: MarkedId, gap: NewGap): void {
    const { coverage, gaps } = this.store
    const { chatId, reason } = gap
    // One that is not begun yet will be read from the newest message on.
    if (chatId === null && gaps.inState(accountId, 'open').some((open) => open.chatId === null)) return
    const upTo = chatId === null ? coverage.lastOutsideChannels(accountId) : coverage.find(accountId, chatId)?.upToId
    const afterId = gap.afterId ?? (upTo || null)
    const state = UNFILLABLE.includes(reason) ? 'closed' : 'open'
    const id = gaps.add(accountId, { ...gap, afterId, state, foundAtMs: Date.now() })
    if (chatId !== null && state === 'open') this.fill(accountId, { id, chatId, afterId, beforeId: gap.beforeId })
  }

  /** A chat may be read again: what came meanwhile, its difference brings; what could not be filled then is tried once more. */
  reopen(accountId: MarkedId, chatId: MarkedId): void {
    const { gaps } = this.store
    for (const gap of gaps.inState(accountId, 'closed').filter((closed) => closed.chatId === chatId)) {
      if (gap.reason === 'closed') gaps.change(gap.id, 'filled')
      // Where nobody knows what was captured last, reading it again finds no more.
      if (UNFILLABLE.includes(gap.reason) || gap.afterId === null) continue
      gaps.change(gap.id, 'open')
      this.fill(accountId, { ...gap, chatId })
    }
  }

  private fill(accountId: MarkedId, gap: Pick<Gap, 'id' | 'afterId' | 'beforeId'> & { chatId: MarkedId }): void {
    const { id: gapId, chatId, afterId, beforeId } = gap
    // Even where no message is missing, older ones may have been edited or deleted: the history tells.
    const isNone = beforeId !== null && afterId !== null && beforeId <= afterId + 1
    const nextBefore = isNone ? null : beforeId
    // Where nobody knows what was captured last, the newest have to do.
    const wanted = afterId === null ? RECENT_MESSAGES : null
    this.store.backfills.add({ accountId, chatId, gapId, cause: 'gap', afterId: afterId ?? 0, nextBefore, wanted })
  }
}
