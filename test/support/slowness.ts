/** Looked up once: in Jest's sandbox each look-up of a global costs more than the work. */
const { imul } = Math
const STEPS = 10_000_000
/** What the work below takes on a quiet core of a server of 2023. */
const USUAL_MS = 14

/** How many times as long as usual this machine takes for the same work at the moment, by whatever else it has to do; at least 1. */
export function slowness(): number {
  const startedAt = performance.now()
  work()
  return Math.max(1, (performance.now() - startedAt) / USUAL_MS)
}

function work(): number {
  let hash = 0
  for (let step = 0; step < STEPS; step++) hash = (imul(hash, 31) + step) | 0
  return hash
}

// Compiled by the time it counts.
for (let turn = 0; turn < 5; turn++) work()
