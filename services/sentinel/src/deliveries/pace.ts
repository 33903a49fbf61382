import { MINUTE } from '@tgsentinel/kernel/time'

/** So many within any minute. */
export class Pace {
  /** When the last ones went out, oldest first. */
  private readonly sentAtMs: number[] = []

  /** Notes that one goes out now. */
  note(nowMs: number): void {
    this.sentAtMs.push(nowMs)
    while ((this.sentAtMs[0] ?? nowMs) <= nowMs - MINUTE) this.sentAtMs.shift()
  }

  /** When the next one may go out; a clock that was set back keeps nobody waiting longer than a minute. */
  freeAtMs(perMinute: number, nowMs: number): number {
    const oldest = this.sentAtMs.filter((atMs) => atMs > nowMs - MINUTE && atMs <= nowMs).at(-perMinute)
    return oldest === undefined ? nowMs : oldest + MINUTE
  }
}
