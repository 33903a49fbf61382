import type { Logger } from '@tgsentinel/kernel/log'
import { MINUTE } from '@tgsentinel/kernel/time'

/** Errors of this program while it speaks with Telegram. They are told as such: they must not look like the network. */
export class InternalErrors {
  count = 0
  /** Unix milliseconds. */
  lastAtMs: number | null = null
  /** By where it was: the same is written once a minute, since it may come with every message. */
  private readonly logged = new Map<string, number>()

  constructor(private readonly log: Logger) {}

  /** `where`: a constant, such as the name of a method. */
  note(error: unknown, where: string): void {
    this.count += 1
    this.lastAtMs = Date.now()
    const nowMs = performance.now()
    if (nowMs - (this.logged.get(where) ?? Number.NEGATIVE_INFINITY) < MINUTE) return
    this.logged.set(where, nowMs)
    this.log.error({ err: error, where, count: this.count }, 'an error of this program')
  }
}
