import { MINUTE } from '@tgsentinel/kernel/time'
import type { DialError } from './dial-error'
import type { Proxy } from './proxy'

interface Setback {
  failures: number
  untilMs: number
  error: DialError
}

const FIRST_REST_MS = MINUTE
const LAST_REST_MS = 15 * MINUTE

/** Which proxies failed lately: for a while they are tried after the others, longer each time. None is ever left out. */
export class Setbacks {
  private readonly noted = new Map<Proxy, Setback>()

  failed(proxy: Proxy, error: DialError, nowMs: number): void {
    const failures = (this.noted.get(proxy)?.failures ?? 0) + 1
    const restMs = Math.min(LAST_REST_MS, FIRST_REST_MS * 2 ** Math.min(failures - 1, 10))
    this.noted.set(proxy, { failures, untilMs: nowMs + restMs, error })
  }

  worked(proxy: Proxy): void {
    this.noted.delete(proxy)
  }

  /** What failed last; null where it has worked since. */
  of(proxy: Proxy): Setback | null {
    return this.noted.get(proxy) ?? null
  }

  /** In their own order; those that rest come last, and of them those first whose rest ends first. */
  inTurn(proxies: readonly Proxy[], nowMs: number): Proxy[] {
    const restOf = (proxy: Proxy) => Math.max(nowMs, this.noted.get(proxy)?.untilMs ?? 0)
    return [...proxies].sort((one, other) => restOf(one) - restOf(other))
  }

  clear(): void {
    this.noted.clear()
  }
}
