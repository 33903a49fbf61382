import type { Change, StoredMessage } from './model'

/** Either a new message or a change. */
export interface LogEntry {
  pts: number
  ptsCount: number
  message?: StoredMessage
  change?: Change
}

/** A counter of changes and the changes themselves, so that a difference is computed and never guessed. */
export class UpdateBox {
  readonly entries: LogEntry[] = []

  constructor(public pts = 1) {}

  append(entry: Pick<LogEntry, 'message' | 'change'>, ptsCount = 1): LogEntry {
    this.pts += ptsCount
    const stored = { ...entry, pts: this.pts, ptsCount }
    this.entries.push(stored)
    return stored
  }

  /** The oldest of what came after. */
  since(pts: number, limit: number): LogEntry[] {
    const first = this.firstAfter(pts)
    return this.entries.slice(first, first + limit)
  }

  countSince(pts: number): number {
    return this.entries.length - this.firstAfter(pts)
  }

  private firstAfter(pts: number): number {
    let low = 0
    let high = this.entries.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.entries[middle]!.pts > pts) high = middle
      else low = middle + 1
    }
    return low
  }
}
