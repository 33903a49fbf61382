import { judgePts, RESET_JUMP } from './pts'

/** What a box has to know of an update. `pts` null stands outside its sequence. */
export interface Step {
  readonly pts: number | null
  readonly count: number
}

const MAX_HELD = 1000
/** What differences do not reach so often was counted by nobody else. */
const MAX_SURVIVALS = 3

/**
 * Where one sequence of updates stands. What comes too early is held until the gap before it is filled, by what was late or by a
 * difference; while a difference is under way everything is held, since its answer may cover it or not. No input or output.
 */
export class UpdateBox<T extends Step> {
  private held: T[] = []
  private overflowed = false
  private survivals = 0
  private fetching = false

  /** `pts` null: nothing is known of it yet, and the first update says where it stands. */
  constructor(public pts: number | null = null) {}

  /** A difference is under way, from now until it is settled. */
  get isFetching(): boolean {
    return this.fetching
  }

  /** Whether something is missing that waiting alone may not bring. */
  get hasGap(): boolean {
    return this.overflowed || this.held.length > 0
  }

  /** A difference is asked for: it covers what was dropped until now, and not what is dropped meanwhile. */
  beginFetch(): void {
    this.fetching = true
    this.overflowed = false
  }

  /** The updates that are to be applied now, in order. */
  offer(update: T): T[] {
    if (update.pts === null) return [update]
    if (this.isFetching) return this.hold(update)
    switch (judgePts(this.pts, update.pts, update.count)) {
      case 'apply':
        this.pts = update.pts
        return this.held.length > 0 ? [update, ...this.release()] : [update]
      case 'duplicate':
        return []
      case 'gap':
        return this.hold(update)
    }
  }

  /** A difference ended: the box stands at `pts`. What was held and is not covered follows. */
  settle(pts: number | null): T[] {
    this.pts = pts
    this.fetching = false
    const applied = this.release()
    this.survivals = this.held.length > 0 && applied.length === 0 ? this.survivals + 1 : 0
    // It would be asked for without end: the next push or poll says where the box stands.
    if (this.survivals >= MAX_SURVIVALS) this.held = []
    return applied
  }

  /** Gives up what is missing: everything that was held, in order. */
  leap(): T[] {
    const waiting = this.held.sort((a, b) => startOf(a) - startOf(b))
    this.held = []
    this.overflowed = false
    this.pts = waiting.reduce((pts, update) => Math.max(pts, update.pts ?? 0), this.pts ?? 0) || null
    return waiting
  }

  private hold(update: T): T[] {
    // A difference will bring it: there is nothing to lose, but memory.
    if (this.held.length >= MAX_HELD) this.overflowed = true
    else this.held.push(update)
    return []
  }

  private release(): T[] {
    const waiting = this.held.sort((a, b) => startOf(a) - startOf(b))
    this.held = []
    const applied: T[] = []
    for (const update of waiting) {
      const pts = update.pts as number
      // What was counted before Telegram began anew would be waited for without end.
      if (this.pts !== null && pts - this.pts > RESET_JUMP) continue
      const verdict = judgePts(this.pts, pts, update.count)
      if (verdict === 'gap') this.held.push(update)
      if (verdict !== 'apply') continue
      this.pts = pts
      applied.push(update)
    }
    return applied
  }
}

function startOf({ pts, count }: Step): number {
  return (pts ?? 0) - count
}
