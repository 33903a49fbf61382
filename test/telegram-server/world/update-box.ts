import type { TlObject } from '../tl/codec'
import type { StoredMessage } from './model'

export interface LogEntry {
  pts: number
  ptsCount: number
  message?: StoredMessage
  /** An update other than a new message, as it was pushed. */
  update?: TlObject
}

/** A counter of changes and the changes themselves, so that a difference is computed and never guessed. */
export class UpdateBox {
  readonly entries: LogEntry[] = []

  constructor(public pts = 1) {}

  append(entry: { message?: StoredMessage; update?: TlObject }, ptsCount = 1): LogEntry {
    this.pts += ptsCount
    const stored = { ...entry, pts: this.pts, ptsCount }
    this.entries.push(stored)
    return stored
  }

  since(pts: number): LogEntry[] {
    let low = 0
    let high = this.entries.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.entries[middle]!.pts > pts) high = middle
      else low = middle + 1
    }
    return this.entries.slice(low)
  }
}
