import { HOUR, MINUTE, SECOND } from '@tgsentinel/kernel/time'

/** What Standard Webhooks suggests: ten attempts in some three days. */
const DELAYS_MS = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR]
const JITTER = 0.1
/** A destination may ask for no longer wait. */
const MAX_ASKED_MS = 24 * HOUR

/**
 * How long to wait after the n-th attempt, from 1, has failed; null where it was the last. `askedMs`: what the destination asked for;
 * `chance` in [0, 1) adds up to a tenth.
 */
export function retryDelayMs(attempts: number, askedMs: number | null, chance: number): number | null {
  const delayMs = DELAYS_MS[attempts - 1]
  if (delayMs === undefined) return null
  return Math.max(Math.round(delayMs * (1 + JITTER * chance)), Math.min(askedMs ?? 0, MAX_ASKED_MS))
}

const FIRST_PAUSE_MS = SECOND
const LAST_PAUSE_MS = 5 * MINUTE

/** How long a destination is left alone after its n-th failure in a row, from 1: others of its deliveries would fail, too. */
export function pauseMs(failures: number, askedMs: number | null): number {
  const growing = Math.min(LAST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 20))
  return Math.max(growing, Math.min(askedMs ?? 0, MAX_ASKED_MS))
}
