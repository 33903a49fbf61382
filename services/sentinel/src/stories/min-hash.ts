/** Bands of rows: two texts with 0.55 in common share a band with a probability of 0.995, with 0.2 of 0.15. */
const BANDS = 32
const ROWS = 3

/** Multipliers and offsets of the hash functions; any odd numbers do, the same for all times: they are stored. */
const FUNCTIONS = Array.from({ length: BANDS * ROWS }, (_, index) => ({
  times: Math.imul(index * 2 + 1, 0x9e3779b1) | 1,
  plus: Math.imul(index + 7, 0x85ebca6b),
}))

/**
 * Keys of a set of hashes: sets that have much in common have a key in common (MinHash with locality-sensitive bands; Broder
 * 1997). Pure.
 */
export function bandsOf(shingles: Int32Array): number[] {
  if (shingles.length === 0) return []
  const least = FUNCTIONS.map(({ times, plus }) => leastOf(shingles, times, plus))
  return Array.from({ length: BANDS }, (_, band) => {
    let key = band
    for (let row = 0; row < ROWS; row++) key = Math.imul(key ^ (least[band * ROWS + row] as number), 0x01000193)
    return key
  })
}

function leastOf(shingles: Int32Array, times: number, plus: number): number {
  let least = 0x7fffffff
  for (let at = 0; at < shingles.length; at++) {
    const mixed = mix(Math.imul(shingles[at] as number, times) + plus)
    if (mixed < least) least = mixed
  }
  return least
}

/** Finalizer of MurmurHash3. */
function mix(value: number): number {
  let hash = value ^ (value >>> 16)
  hash = Math.imul(hash, 0x85ebca6b)
  hash ^= hash >>> 13
  hash = Math.imul(hash, 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) | 0
}
