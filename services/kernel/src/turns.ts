import { setImmediate as nextTurn } from 'node:timers/promises'

/** After so long in one turn of the event loop, what else waits goes first: timers, sockets, other requests' bodies. */
export const SLICE_MS = 20

/** For one long piece of work: lets everything else have its turn once a slice was used up. Asked before each step. */
export function turnTaker(): () => Promise<void> {
  let endsAtMs = performance.now() + SLICE_MS
  return async () => {
    if (performance.now() < endsAtMs) return
    await nextTurn()
    endsAtMs = performance.now() + SLICE_MS
  }
}

/**
 * Shares the event loop: handlers of many requests that arrive together run in slices, in the order they came, and not all in one turn.
 * One request alone never waits.
 */
export class Turns {
  private readonly waiting: (() => void)[] = []
  /** When the first handler of this turn of the event loop began. */
  private sinceMs: number | undefined

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Resolves when it is the caller's turn; undefined: it is now. */
  take(): Promise<void> | undefined {
    if (this.waiting.length === 0 && !this.isOver) return undefined
    return new Promise((resolve) => this.waiting.push(resolve))
  }

  private get isOver(): boolean {
    if (this.sinceMs === undefined) {
      this.sinceMs = this.now()
      setImmediate(this.begin)
    }
    return this.now() - this.sinceMs > SLICE_MS
  }

  private readonly begin = (): void => {
    this.sinceMs = undefined
    this.next()
  }

  /** One by one: each begins before the next is let in. */
  private readonly next = (): void => {
    if (this.waiting.length === 0 || this.isOver) return
    this.waiting.shift()?.()
    queueMicrotask(this.next)
  }
}
