import { setTimeout as delay } from 'node:timers/promises'

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** Waits, or rejects with the signal's reason as soon as it aborts. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, signal ? { signal } : {})
  } catch (error) {
    throw signal?.aborted ? signal.reason : error
  }
}

/** Doubles from `firstMs` to `lastMs`; `chance` in [0, 1) spreads the result over its upper half. */
export function backoffMs(attempt: number, firstMs: number, lastMs: number, chance: number): number {
  const full = Math.min(lastMs, firstMs * 2 ** Math.min(attempt, 30))
  return Math.round(full / 2 + (full / 2) * chance)
}

export function isoMoment(ms: number): string {
  return new Date(ms).toISOString()
}
