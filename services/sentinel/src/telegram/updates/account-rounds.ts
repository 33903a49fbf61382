import { sleep } from '@tgsentinel/kernel/time'
import { retryAfter } from '../connecting'
import { toTelegramError, type TelegramError } from '../telegram-error'
import type { AccountSync } from './account-sync'
import type { UpdateCalls } from './update-calls'

export interface AccountRoundsOptions {
  sync: Pick<AccountSync, 'run'>
  /** Of the connection. */
  signal: AbortSignal
  /** The account was asked, or refuses for now: channels need not wait any longer. */
  onTurn: (calls: UpdateCalls) => void
  onError: (error: TelegramError) => void
}

/** What asking again does not mend: after so many failures a gap says so, and the box goes on behind it. */
const STUCK = ['INTERNAL', 'UNREADABLE', 'NO_PROGRESS']
const STUCK_AFTER = 5

/** Asks what happened to the account whenever somebody misses something, one question at a time, until it is answered. */
export class AccountRounds {
  private calls: UpdateCalls | null = null
  private run: Promise<void> | null = null
  private isAsked = false

  constructor(private readonly options: AccountRoundsOptions) {}

  /** Asks at once. */
  start(calls: UpdateCalls): void {
    this.calls = calls
    this.ask()
  }

  /** Something may be missing. Before the start it is merely noted. */
  ask(): void {
    this.isAsked = true
    if (!this.calls || this.options.signal.aborted) return
    this.run ??= this.work(this.calls).finally(() => {
      this.run = null
      // Somebody may have asked when the last look was over already.
      if (this.isAsked) this.ask()
    })
  }

  /** Resolves once nothing is asked any more; `signal` has been aborted before. */
  async close(): Promise<void> {
    await this.run
  }

  /** Until nobody has asked meanwhile. It never rejects. */
  private async work(calls: UpdateCalls): Promise<void> {
    const { sync, signal, onTurn, onError } = this.options
    for (let attempt = 0, stuck = 0; this.isAsked && !signal.aborted;) {
      this.isAsked = false
      try {
        await sync.run(calls, stuck >= STUCK_AFTER)
        attempt = stuck = 0
        onTurn(calls)
      } catch (error) {
        if (signal.aborted) return
        this.isAsked = true
        const known = toTelegramError(error)
        if (STUCK.includes(known.type) || known.code >= 500) stuck++
        onError(known)
        onTurn(calls)
        await sleep(retryAfter(known, attempt++), signal).catch(() => undefined)
      }
    }
  }
}
