import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fingerprintOf } from '../../services/sentinel/src/stories/fingerprint'
import { likenessOf } from '../../services/sentinel/src/stories/likeness'
import { bandsOf } from '../../services/sentinel/src/stories/min-hash'
import { figure, type Figure } from './figure'

interface Pair {
  same: boolean
  what: string
  one: string
  other: string
}

const SECONDS = 2

/** Pairs of messages that tell one story, and hard ones that do not; see test/stories. */
export function benchStories(root: string): Figure[] {
  const lines = readFileSync(join(root, 'test/stories/pairs.jsonl'), 'utf8').trim().split('\n')
  const pairs = lines.map((line) => JSON.parse(line) as Pair)
  const wrong = pairs.filter((pair) => isFound(pair) !== pair.same)
  for (const { same, what } of wrong) process.stdout.write(`wrong: ${what} (${same ? 'one story' : 'two stories'})\n`)
  const share = (same: boolean) => 1 - wrong.filter((pair) => pair.same === same).length / count(pairs, same)
  return [
    figure(`stories, of ${count(pairs, true)} pairs that tell one story, found`, share(true), '', 'higher', 0.95),
    figure(`stories, of ${count(pairs, false)} hard pairs that do not, kept apart`, share(false), '', 'higher', 1),
    figure('stories, fingerprints with their keys', rateOf(pairs), 'messages/s', 'higher'),
  ]
}

function count(pairs: readonly Pair[], isSame: boolean): number {
  return pairs.filter(({ same }) => same === isSame).length
}

/** As the sentinel finds it: by a key in common first, or by an address. */
function isFound({ one, other }: Pair): boolean {
  const [first, second] = [fingerprintOf(one), fingerprintOf(other)]
  const keys = new Set(bandsOf(first.shingles))
  const isCandidate = bandsOf(second.shingles).some((key) => keys.has(key))
  const hasAddress = [...first.urls].some((url) => second.urls.has(url))
  return (isCandidate || hasAddress) && likenessOf(first, second) !== null
}

function rateOf(pairs: readonly Pair[]): number {
  const startedMs = performance.now()
  let done = 0
  for (; performance.now() - startedMs < SECONDS * 1000; done++)
    bandsOf(fingerprintOf(pairs[done % pairs.length]?.one ?? '').shingles)
  return done / ((performance.now() - startedMs) / 1000)
}
