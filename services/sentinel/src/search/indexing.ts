import type { Logger } from '@tgsentinel/kernel/log'
import { backoffMs, SECOND } from '@tgsentinel/kernel/time'
import type { Bus } from '../bus/bus'
import { messageBytes } from '../store/volumes'
import type { Indexable } from '../store/search-index'
import type { Store } from '../store/store'
import { documentOf } from './document'
import { Words } from './words'

/** What a slice may take of a turn of the event loop, and how many messages it has at the most and at the least. */
const SLICE_MS = 5
const MAX_BATCH = 500
const MIN_BATCH = 10
/** Pages of the index that are merged with each slice: more than a slice writes, times the levels that there are. */
const MERGE_PAGES = 32
/** What arrives in that time is taken in together: a piece of index is written for each slice. */
const GATHER_MS = 200
/** Between slices: while nothing else is to be done, and while messages pour in. */
const QUIET_PAUSE_MS = 2
const BUSY_PAUSE_MS = 250
/** It is busy while so many messages wait for their score, or so many arrive a second. */
const BUSY_BACKLOG = 1000
const BUSY_RATE = 500
/** How words are read: grows whenever an index of before would not find what is found today. */
const READING = '2'

/**
 * From stored messages to the index of search. Takes messages in the order of their rows beyond `indexed_up_to`, and those that
 * changed since; a slice's documents, counts and the new `indexed_up_to` are one transaction: after a crash each message is in the
 * index once. After an upgrade that reads words otherwise, what is indexed already is taken in again, the newest first and behind all else.
 * A slice is short, and while messages pour in there are few of them: capturing and scoring go first.
 */
export class Indexing {
  private readonly words = new Words()
  private timer: NodeJS.Timeout | undefined
  private attempt = 0
  private batch = 100
  private seen = { row: 0, atMs: 0 }
  private isClosed = false

  constructor(
    private readonly store: Store,
    private readonly bus: Bus,
    /** How many messages wait for their score. */
    private readonly unscored: () => number,
    private readonly log: Logger,
  ) {}

  /** Takes in what a former run left, then whatever is stored. */
  start(): void {
    this.seen = { row: this.store.messages.lastRow(), atMs: performance.now() }
    this.bus.onRing('messages', () => this.scheduleNext(GATHER_MS))
    this.scheduleNext(GATHER_MS)
  }

  /** Messages that are stored and cannot be found yet. */
  get backlog(): number {
    return Math.max(0, this.store.messages.lastRow() - this.store.settings.number('indexed_up_to'))
  }

  /** Takes in one slice now; whether there is more. */
  advance(): boolean {
    const startedAt = performance.now()
    const taken = this.store.transaction(() => this.writeSlice())
    const perMessageMs = (performance.now() - startedAt) / Math.max(1, taken)
    const isWhole = taken >= this.batch
    if (taken > 0) this.batch = Math.min(MAX_BATCH, Math.max(MIN_BATCH, Math.round(SLICE_MS / perMessageMs)))
    return isWhole
  }

  close(): void {
    this.isClosed = true
    clearTimeout(this.timer)
  }

  private scheduleNext(delayMs: number): void {
    if (this.timer === undefined && !this.isClosed) this.timer = setTimeout(() => this.takeTurn(), delayMs)
  }

  private takeTurn(): void {
    this.timer = undefined
    try {
      const hasMore = this.advance()
      this.attempt = 0
      if (hasMore) this.scheduleNext(this.isBusy() ? BUSY_PAUSE_MS : QUIET_PAUSE_MS)
    } catch (error) {
      // The index can be built anew; nothing else is to end for it.
      const delayMs = backoffMs(this.attempt++, 250, 30 * SECOND, Math.random())
      this.log.error({ err: error, retry_ms: delayMs }, 'messages could not be indexed')
      this.scheduleNext(delayMs)
    }
  }

  private isBusy(): boolean {
    const now = { row: this.store.messages.lastRow(), atMs: performance.now() }
    const perSecond = ((now.row - this.seen.row) * SECOND) / Math.max(1, now.atMs - this.seen.atMs)
    this.seen = now
    return this.unscored() > BUSY_BACKLOG || perSecond > BUSY_RATE
  }

  private writeSlice(): number {
    const { searchIndex, settings } = this.store
    const changed = searchIndex.changed(this.batch)
    const indexedUpTo = settings.number('indexed_up_to')
    const stored = changed.length < this.batch ? searchIndex.beyond(indexedUpTo, this.batch - changed.length) : []
    const documents = new Map<number, Indexable[]>()
    for (const row of changed) this.gatherChanged(row, documents)
    for (const message of stored) gather(documents, searchIndex.partsOf(message))
    this.put(documents)
    if (documents.size > 0) searchIndex.merge(MERGE_PAGES)
    this.count(stored)
    const last = stored.at(-1)
    if (last) settings.set('indexed_up_to', last.row)
    const taken = changed.length + stored.length
    return taken + this.reread(this.batch - taken)
  }

  /** Takes in again what was indexed as words were read before; how many. */
  private reread(limit: number): number {
    const { searchIndex, settings } = this.store
    if (settings.get('search_reading') !== READING) {
      settings.set('reread_below', settings.number('indexed_up_to') + 1)
      settings.set('search_reading', READING)
    }
    const below = settings.number('reread_below')
    if (below <= 1 || limit <= 0) return 0
    const former = searchIndex.below(below, limit)
    const documents = new Map<number, Indexable[]>()
    for (const message of former) gather(documents, searchIndex.partsOf(message))
    this.put(documents)
    if (documents.size > 0) searchIndex.merge(MERGE_PAGES)
    settings.set('reread_below', former.at(-1)?.row ?? 0)
    return former.length
  }

  private gatherChanged(row: number, documents: Map<number, Indexable[]>): void {
    const { searchIndex } = this.store
    searchIndex.forgetChange(row)
    const message = searchIndex.find(row)
    if (message) gather(documents, searchIndex.partsOf(message))
    else searchIndex.remove(row)
  }

  private put(documents: Map<number, Indexable[]>): void {
    const { searchIndex } = this.store
    const ids = [...documents].map(([row, parts]) => ({ id: searchIndex.idOf(row, dateOf(row, parts)), parts }))
    ids.sort((a, b) => a.id - b.id)
    for (const { id, parts } of ids) searchIndex.put(id, this.documentOf(parts))
  }

  /** A message that indexing stumbles over must not keep all others from being found. */
  private documentOf(parts: readonly Indexable[]): string {
    try {
      return documentOf(parts, this.words)
    } catch (error) {
      this.log.error({ err: error, row: parts[0]?.row }, 'a message could not be indexed')
      return ''
    }
  }

  private count(stored: readonly Indexable[]): void {
    const volumes = new Map<number, { messages: number; bytes: number }>()
    for (const { chatId, text } of stored) {
      const volume = volumes.get(chatId) ?? { messages: 0, bytes: 0 }
      volume.messages += 1
      volume.bytes += messageBytes(Buffer.byteLength(text))
      volumes.set(chatId, volume)
    }
    for (const [chatId, { messages, bytes }] of volumes) this.store.volumes.add(chatId, messages, bytes)
  }
}

/** An album is one document, that of the part which was stored first. */
function gather(documents: Map<number, Indexable[]>, parts: Indexable[]): void {
  documents.set(Math.min(...parts.map(({ row }) => row)), parts)
}

function dateOf(row: number, parts: readonly Indexable[]): number {
  return parts.find((part) => part.row === row)?.date ?? 0
}
