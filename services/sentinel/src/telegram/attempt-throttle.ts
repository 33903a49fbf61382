import { MINUTE, SECOND } from '@tgsentinel/kernel/time'
import { failure } from '../model'
import { waitText } from './telegram-failure'

const WINDOW_MS = 10 * MINUTE
const LIMITS: Record<string, number> = {
  sign_in_start: 20,
  sign_in_resend: 5,
  sign_in_code: 15,
  sign_in_password: 10,
}

/** Attempts of each kind in a moving window: Telegram's own limits lock an account for a day, ours come first. */
export class AttemptThrottle {
  private readonly attempts = new Map<string, number[]>()

  constructor(
    /** Milliseconds of a clock that only runs forward. */
    private readonly now: () => number = () => performance.now(),
    /** Told of each attempt, with the time for which it counts. */
    private readonly onAttempt: (action: string, windowS: number) => void = () => undefined,
  ) {}

  /** Kinds of attempts that would be refused now, and for how long (milliseconds). */
  get reached(): { action: string; leftMs: number }[] {
    return Object.keys(LIMITS).flatMap((action) => {
      const leftMs = this.leftMsOf(action)
      return leftMs > 0 ? [{ action, leftMs }] : []
    })
  }

  /** Counts an attempt. @throws ApiError TOO_MANY_ATTEMPTS with the wait */
  take(action: string): void {
    const leftMs = this.leftMsOf(action)
    if (leftMs > 0) {
      const waitS = Math.max(1, Math.ceil(leftMs / SECOND))
      throw failure('TOO_MANY_ATTEMPTS', `Too many attempts. Try again in ${waitText(waitS)}.`, undefined, waitS)
    }
    this.attempts.set(action, [...this.recent(action), this.now()])
    this.onAttempt(action, WINDOW_MS / SECOND)
  }

  /** How long the next attempt has to wait; 0 where it need not. */
  private leftMsOf(action: string): number {
    const recent = this.recent(action)
    const first = recent[0]
    return first !== undefined && recent.length >= (LIMITS[action] ?? Infinity) ? first + WINDOW_MS - this.now() : 0
  }

  private recent(action: string): number[] {
    return (this.attempts.get(action) ?? []).filter((at) => at > this.now() - WINDOW_MS)
  }
}
