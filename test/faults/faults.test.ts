import { runSeed } from './seed-run'

/** Two at a time: a run waits more than it works. Hundreds are run by `npm run faults`. */
const SEEDS: [number, number][] = [
  [1, 2],
  [3, 4],
]
const PATIENCE_MS = 60_000

describe('three sentinels that are lied to, cut off and killed', () => {
  it.each(SEEDS)(
    'store what was posted, once, and say so (seeds %i and %i)',
    async (...seeds) => {
      const reports = await Promise.all(seeds.map((seed) => runSeed(seed, { patienceMs: PATIENCE_MS })))
      const wrong = reports.filter(({ differences }) => differences.length > 0)
      expect(wrong.map(({ seed, folder, differences }) => [seed, folder, ...differences.slice(0, 10)])).toEqual([])
    },
    2 * PATIENCE_MS,
  )
})
