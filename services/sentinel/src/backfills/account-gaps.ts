import type { Chats } from '../chats'
import { RECENT_MESSAGES } from '../intake'
import { CHANNEL_MARK, type MarkedId } from '../model'
import type { Gap } from '../store/gaps'
import type { Store } from '../store/store'

export interface AccountGapsOptions {
  store: Store
  chats: Pick<Chats, 'refresh'>
  isWatched: (accountId: MarkedId, chatId: MarkedId) => boolean
}

/** Holes in the account's own box, which may be in any private chat or basic group: the list of chats says in which. */
export class AccountGaps {
  constructor(private readonly options: AccountGapsOptions) {}

  /** Has the history of every such chat read. @throws ApiError where the list of chats cannot be had */
  async open(accountId: MarkedId): Promise<void> {
    const { store, chats } = this.options
    const gaps = store.gaps.inState(accountId, 'open').filter(({ chatId }) => chatId === null)
    if (gaps.length === 0) return
    await chats.refresh('background')
    store.transaction(() => gaps.forEach((gap) => this.fill(accountId, gap)))
  }

  private fill(accountId: MarkedId, { id: gapId, afterId }: Gap): void {
    const { backfills, dialogs, gaps } = this.options.store
    const isWanted = (chatId: MarkedId) => chatId > -CHANNEL_MARK && this.options.isWatched(accountId, chatId)
    const listed = dialogs.chatIds(accountId).filter(isWanted)
    // Where nobody knows what was captured last, the newest have to do.
    const wanted = afterId ? null : RECENT_MESSAGES
    for (const chatId of listed)
      backfills.add({ accountId, chatId, gapId, cause: 'gap', afterId: afterId ?? 0, nextBefore: null, wanted })
    gaps.change(gapId, listed.length > 0 ? 'filling' : 'filled')
  }
}
