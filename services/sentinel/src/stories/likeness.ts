import type { Fingerprint } from './fingerprint'

/** Below it a text is too short to be a story: "Thanks!" is said by many. In runs of five characters. */
export const LEAST_SHINGLES = 30
/** As much in common as two tellings of one text have. */
const SAME = 0.55
/** As much of the shorter one is in the longer one, where somebody added or left out something. */
const WITHIN = 0.8
/** With the same address under it less is enough. */
const SAME_WITH_ADDRESS = 0.3
/** Names are inflected and misspelt: those that begin alike are one. */
const NAME_BEGIN = 4

/** Share of what two texts have in common, 0 to 1: of both (Jaccard), and of the shorter one. */
export interface Overlap {
  jaccard: number
  containment: number
}

/** Pure. */
export function overlapOf(one: Int32Array, other: Int32Array): Overlap {
  let both = 0
  for (let left = 0, right = 0; left < one.length && right < other.length;) {
    const a = one[left] as number
    const b = other[right] as number
    if (a === b) both++
    if (a <= b) left++
    if (b <= a) right++
  }
  const shorter = Math.min(one.length, other.length)
  const all = one.length + other.length - both
  return { jaccard: all === 0 ? 0 : both / all, containment: shorter === 0 ? 0 : both / shorter }
}

/**
 * How alike two messages are that tell one story, 0 to 1; null where they do not: too little in common, or numbers or names
 * that contradict one another, as in two days of one price list. Pure.
 */
export function likenessOf(one: Fingerprint, other: Fingerprint): number | null {
  const { jaccard, containment } = overlapOf(one.shingles, other.shingles)
  // Most candidates share a key by chance.
  if (jaccard < SAME_WITH_ADDRESS && containment < WITHIN) return null
  const shorter = Math.min(one.shingles.length, other.shingles.length)
  const hasAddress = [...one.urls].some((url) => other.urls.has(url))
  if (contradict(one.numbers, other.numbers) || contradict(beginsOf(one.names), beginsOf(other.names))) return null
  if (hasAddress && jaccard >= SAME_WITH_ADDRESS) return jaccard
  if (shorter < LEAST_SHINGLES) return null
  return jaccard >= SAME || containment >= WITHIN ? Math.max(jaccard, containment) : null
}

/** Whether each says something that the other does not. */
function contradict(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return [...one].some((each) => !other.has(each)) && [...other].some((each) => !one.has(each))
}

function beginsOf(names: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...names].map((name) => name.slice(0, NAME_BEGIN)))
}
