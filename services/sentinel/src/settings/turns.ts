import { setImmediate as nextTurn } from 'node:timers/promises'

const TURN_MS = 20

/** Lets everything else have its turn once 20 ms were used up; asked before each piece of work. */
export function turnTaker(): () => Promise<void> {
  let endsAtMs = performance.now() + TURN_MS
  return async () => {
    if (performance.now() < endsAtMs) return
    await nextTurn()
    endsAtMs = performance.now() + TURN_MS
  }
}
