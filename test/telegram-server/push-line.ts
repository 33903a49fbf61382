import type { Random } from './world/random'

export interface PushOdds {
  /** Probabilities of each push, from 0 to 1. */
  lose: number
  repeat: number
  /** To come after the next few, or a little later if none follow. */
  reorder: number
  /** Each one takes up to so long; this alone does not change their order. */
  delayMs: number
}

interface Held {
  pushesToWaitFor: number
  timer: NodeJS.Timeout
  deliver: () => void
}

const HELD_PUSHES = 4
const HELD_MS = 250

/** The pushes of one account on their way through a bad line. */
export class PushLine {
  private readonly held = new Set<Held>()
  private delayed: { dueAt: number; deliver: () => void }[] = []
  private timer: NodeJS.Timeout | undefined

  constructor(
    private readonly odds: PushOdds,
    private readonly random: Random,
  ) {}

  pass(deliver: () => void): void {
    const { lose, repeat, reorder } = this.odds
    const before = [...this.held]
    if (this.happens(lose)) return
    for (let copies = this.happens(repeat) ? 2 : 1; copies > 0; copies--) {
      if (this.happens(reorder)) this.hold(deliver)
      else this.forward(deliver)
    }
    for (const held of before) {
      held.pushesToWaitFor -= 1
      if (held.pushesToWaitFor === 0) this.release(held)
    }
  }

  /** Everything, in the order in which it would have come. */
  flush(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    for (const { deliver } of this.delayed.splice(0)) deliver()
    for (const { timer, deliver } of this.held) {
      clearTimeout(timer)
      deliver()
    }
    this.held.clear()
  }

  drop(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    this.delayed = []
    for (const { timer } of this.held) clearTimeout(timer)
    this.held.clear()
  }

  private happens(probability: number): boolean {
    return this.random.fraction() < probability
  }

  private hold(deliver: () => void): void {
    const pushesToWaitFor = 1 + this.random.below(HELD_PUSHES)
    const held: Held = { pushesToWaitFor, deliver, timer: setTimeout(() => this.release(held), HELD_MS) }
    this.held.add(held)
  }

  private release(held: Held): void {
    clearTimeout(held.timer)
    this.held.delete(held)
    this.forward(held.deliver)
  }

  private forward(deliver: () => void): void {
    const { delayMs } = this.odds
    if (delayMs === 0) return deliver()
    const dueAt = performance.now() + this.random.fraction() * delayMs
    this.delayed.push({ dueAt: Math.max(dueAt, this.delayed.at(-1)?.dueAt ?? 0), deliver })
    this.timer ??= setTimeout(() => this.deliverDue(), dueAt - performance.now())
  }

  private deliverDue(): void {
    const now = performance.now()
    const due = this.delayed.findIndex(({ dueAt }) => dueAt > now)
    const arrived = this.delayed.splice(0, due < 0 ? this.delayed.length : due)
    const next = this.delayed[0]
    this.timer = next && setTimeout(() => this.deliverDue(), next.dueAt - now)
    for (const { deliver } of arrived) deliver()
  }
}
