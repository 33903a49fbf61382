import type { Cursor, Intake } from '../intake'
import { CHANNEL_MARK, MessageFlag, type MarkedId } from '../model'
import type { Store } from '../store/store'

interface Range {
  accountId: MarkedId
  chatId: MarkedId
  firstId: number
  upToId: number
}

/**
 * How far pushed messages of a batch reach, and where their boxes stand then: a burst moves the same few rows again and again,
 * which are written once. Whoever needs what it says in the database has it written first.
 */
export class TideMark {
  private readonly ranges = new Map<string, Range>()
  private readonly cursors = new Map<string, { accountId: MarkedId; cursor: Cursor }>()

  constructor(private readonly store: Store) {}

  /** Takes what an intake of pushes covers. */
  note(accountId: MarkedId, { messages, unreadable = [], cursors, askedAtMs }: Intake): void {
    // What was read from history covers nothing that is new.
    const isNew = ({ flags }: { flags: number }) => !(flags & MessageFlag.backfilled)
    const seen = askedAtMs === undefined ? [...messages.filter(isNew), ...unreadable] : []
    for (const { chatId, messageId } of seen) {
      const key = `${accountId} ${chatId}`
      const range = this.ranges.get(key)
      if (!range) this.ranges.set(key, { accountId, chatId, firstId: messageId, upToId: messageId })
      else {
        if (messageId < range.firstId) range.firstId = messageId
        if (messageId > range.upToId) range.upToId = messageId
      }
    }
    for (const cursor of cursors) {
      const key = `${accountId} ${cursor.box}`
      const before = this.cursors.get(key)?.cursor
      this.cursors.set(key, { accountId, cursor: before ? furthest(before, cursor) : cursor })
    }
  }

  /** To be called in the transaction of the messages. `isPush`: nothing was missing before them. */
  write(isPush: boolean): void {
    const { coverage, cursors } = this.store
    const outside = new Set<MarkedId>()
    for (const { accountId, chatId, firstId, upToId } of this.ranges.values()) {
      coverage.captured(accountId, chatId, { firstId, upToId }, isPush ? 'push' : null)
      if (chatId > -CHANNEL_MARK) outside.add(accountId)
    }
    if (isPush) for (const accountId of outside) coverage.confirm(accountId, null, 'push', Date.now())
    for (const { accountId, cursor } of this.cursors.values()) {
      cursors.advance(accountId, cursor)
      const chatId = -CHANNEL_MARK - cursor.box
      // An edit or a pin that follows without a gap proves as much as a message.
      if (isPush && cursor.box > 0 && !this.ranges.has(`${accountId} ${chatId}`))
        coverage.confirm(accountId, chatId, 'push', Date.now())
    }
    this.ranges.clear()
    this.cursors.clear()
  }
}

function furthest(a: Cursor, b: Cursor): Cursor {
  const { max } = Math
  return {
    box: b.box,
    pts: max(a.pts, b.pts),
    qts: max(a.qts, b.qts),
    date: max(a.date, b.date),
    seq: max(a.seq, b.seq),
  }
}
