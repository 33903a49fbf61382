import { DAY, SECOND } from '@tgsentinel/kernel/time'
import type { KeepingRule, MarkedId, RetentionRules } from '../model'
import type { Store } from '../store/store'
import type { ChatPlace, Sweepable } from '../store/sweeps'
import { messageBytes, type ChatVolume } from '../store/volumes'
import { excess, MB } from './forecast'

/** Messages that are looked at, and deleted, in one turn of the event loop; ids that are stepped over in one. */
const BATCH = 100
const STEPS = 10_000

export interface SweepingOptions {
  store: Store
  rules: RetentionRules
  now: number
  /** Lets others go first, after each turn. Rejects when it is to end. */
  pause: () => Promise<void>
  /** Told within the transaction: of an account's messages in a chat below that id those are gone that no alert holds. */
  onSwept: (accountId: MarkedId, chatId: MarkedId, belowMessageId: number) => void
  onDeleted: (messages: number) => void
}

/**
 * Deletes what the rules do not keep, the oldest first, in short transactions: by age and number in each chat, then by the size of
 * it all. What an alert points to stays; so does what is not scored or not indexed yet.
 */
export async function sweep(options: SweepingOptions): Promise<void> {
  const { store, rules } = options
  for (const volume of store.volumes.all()) {
    const rule = rules.kinds[volume.kind]
    if (rule && isLimited(rule, volume)) await sweepChat(volume, rule, options)
  }
  if (rules.max_size_mb !== null) await sweepSize(rules.max_size_mb * MB, options)
}

function isLimited({ max_age_days: days, max_messages: most }: KeepingRule, { messages }: ChatVolume): boolean {
  return days !== null || (most !== null && messages > most)
}

async function sweepChat({ chatId }: ChatVolume, rule: KeepingRule, options: SweepingOptions): Promise<void> {
  const { store, now, pause } = options
  const before = rule.max_age_days === null ? 0 : (now - rule.max_age_days * DAY) / SECOND
  for (const accountId of store.captured.accounts()) {
    const place = { accountId, chatId }
    const keptFrom = rule.max_messages === null ? 0 : await oldestKept(place, rule.max_messages, options)
    const isDue = ({ date, messageId }: Sweepable) => date < before || messageId < keptFrom
    for (let after = 0; ; await pause()) {
      const oldest = store.sweeps.oldest(place, after, sweepableUpTo(store), BATCH)
      // Ids and dates rise together in a chat: the first that is kept is the oldest that is.
      const end = oldest.findIndex((message) => !isDue(message))
      const due = end < 0 ? oldest : oldest.slice(0, end)
      deleteBatch(due, options)
      after = oldest.at(-1)?.messageId ?? 0
      if (end >= 0 || oldest.length < BATCH) break
    }
  }
}

/** Id of the oldest of the newest so many messages; 0 where there are not more. */
async function oldestKept(place: ChatPlace, most: number, { store, pause }: SweepingOptions): Promise<number> {
  let id: number | undefined = Number.MAX_SAFE_INTEGER
  for (let left = most; left > 0 && id !== undefined; left -= STEPS) {
    id = store.sweeps.idBelow(place, id, Math.min(left, STEPS) - 1)
    if (left > STEPS) await pause()
  }
  return id ?? 0
}

/** Of all chats together. How much a message takes is an average: what is missed is left to the next sweep. */
async function sweepSize(limit: number, options: SweepingOptions): Promise<void> {
  const { store, pause } = options
  const { total, free, sizeBytes } = store.space.pages()
  const usedBytes = (total - free) * sizeBytes
  const kept = store.volumes.all().reduce((sum, { messages }) => sum + messages, 0)
  let left = excess(usedBytes, limit, kept === 0 ? 0 : usedBytes / kept)
  for (let after = 0; left > 0; await pause()) {
    const documents = store.sweeps.oldestDocuments(after, Math.min(BATCH, left))
    const last = documents.at(-1)
    if (!last) return
    after = last.searchId
    const upTo = sweepableUpTo(store)
    const parts = documents.flatMap(({ row }) => store.sweeps.parts(row)).filter(({ row }) => row <= upTo)
    left -= deleteBatch(parts, options)
  }
}

/** The last row that is both scored and indexed. */
function sweepableUpTo({ settings }: Store): number {
  return Math.min(settings.number('scored_up_to'), settings.number('indexed_up_to'))
}

/** How many were deleted. */
function deleteBatch(messages: readonly Sweepable[], { store, onSwept, onDeleted }: SweepingOptions): number {
  const due = messages.filter(({ isAlerted }) => !isAlerted)
  if (due.length === 0) return 0
  store.transaction(() => {
    for (const message of due) deleteMessage(message, store)
    for (const [{ accountId, chatId }, gone] of byChat(due)) {
      store.volumes.add(chatId, -gone.length, -gone.reduce((sum, { textBytes }) => sum + messageBytes(textBytes), 0))
      onSwept(accountId, chatId, Math.max(...gone.map(({ messageId }) => messageId)) + 1)
    }
  })
  onDeleted(due.length)
  return due.length
}

function deleteMessage({ row, groupedId }: Sweepable, { searchIndex, sweeps }: Store): void {
  const album = groupedId === null ? [] : sweeps.parts(row)
  searchIndex.remove(row)
  sweeps.delete(row)
  // What is left of an album is found as what is left of it.
  for (const part of album) if (part.row !== row) searchIndex.noteChange(part.row)
}

/** Two accounts may have a chat of the same id, each with messages of its own. */
function byChat(messages: readonly Sweepable[]): [ChatPlace, Sweepable[]][] {
  const chats = new Map<string, Sweepable[]>()
  for (const message of messages) {
    const key = `${message.accountId} ${message.chatId}`
    const others = chats.get(key)
    if (others) others.push(message)
    else chats.set(key, [message])
  }
  return [...chats.values()].map((gone) => [gone[0] as Sweepable, gone])
}
