import type Database from '@tgsentinel/sqlite-driver'

/** A statement that another process keeps waiting fails after this long: the event loop stands meanwhile. */
export const BUSY_TIMEOUT_MS = 50
/** After one has failed so, for this long none waits: a thousand requests would wait one after the other. */
const NO_TIMEOUT_MS = 250

/** How long statements wait for another process that has the database locked. */
export class BusyTimeout {
  private isOff = false
  private usualAgain: NodeJS.Timeout | undefined

  constructor(private readonly database: Database.Database) {}

  /** A statement failed, perhaps since it waited for another process: the next ones do not, for a moment. */
  waitedInVain(): void {
    clearTimeout(this.usualAgain)
    this.set(0)
    this.usualAgain = setTimeout(() => this.set(this.isOff ? 0 : BUSY_TIMEOUT_MS), NO_TIMEOUT_MS).unref()
  }

  /** Until `on`, nothing waits. */
  off(): void {
    this.isOff = true
    this.set(0)
  }

  on(): void {
    this.isOff = false
    this.set(BUSY_TIMEOUT_MS)
  }

  private set(ms: number): void {
    if (this.database.open) this.database.pragma(`busy_timeout = ${ms}`)
  }
}
