import { setImmediate as nextTurn } from 'node:timers/promises'
import { DAY, SECOND } from '@tgsentinel/kernel/time'
import type { StoredMessage } from '../store/messages'
import type { Store } from '../store/store'

const MOST = 10_000
const PAGE = 200

export interface HistoryReading {
  /** So many of the last days; 0: all. */
  days: number
  /** At most so many messages. */
  most?: number
  take: (message: StoredMessage) => void
  /** Awaited before the messages of a page are taken. */
  prepare?: (page: readonly StoredMessage[]) => Promise<void>
  isStopped: () => boolean
}

/** The newest stored messages first, a page a turn of the event loop. */
export async function readHistory(store: Store, nowMs: number, reading: HistoryReading): Promise<void> {
  const { days, most = MOST, take, prepare, isStopped } = reading
  const since = days === 0 ? 0 : (nowMs - days * DAY) / SECOND
  let row = Number.MAX_SAFE_INTEGER
  for (let left = most; left > 0; left -= PAGE) {
    await nextTurn()
    const page = isStopped() ? [] : store.newestMessages.before(row, PAGE)
    if (prepare) await prepare(page)
    for (const message of page) if (message.date >= since) take(message)
    if (page.length < PAGE || (page.at(-1)?.date ?? 0) < since) return
    row = page.at(-1)?.row ?? 0
  }
}
