import type { Keyword } from './compiled-profile'
import type { Place } from './words'

/** An entry that counts, and the places of the text that count for it. */
export interface Counted {
  keyword: Keyword
  places: Place[]
}

/** Among so many entries of a category it is chosen; more in one message count as they were found. */
const MOST_CHOSEN = 50

/**
 * What counts of the words that were found: a place in the text counts for one entry of a category. Of entries that overlap the
 * longer one, of several for the same words the one that stands for most of them: forms of a word count as one. Pure.
 */
export function countedOnce(hits: readonly Keyword[], placesOf: (pattern: number) => readonly Place[]): Counted[] {
  const all = hits.map((keyword) => ({ keyword, places: [...placesOf(keyword.pattern)] }))
  if (all.length < 2) return all
  const chosen = new Set<Counted>()
  for (const category of new Set(hits.map((hit) => hit.category)))
    for (const each of chosenOf(all.filter(({ keyword }) => keyword.category === category))) chosen.add(each)
  return all.filter((each) => chosen.has(each))
}

function chosenOf(entries: readonly Counted[]): readonly Counted[] {
  if (entries.length < 2) return entries
  const taken = new Set<number>()
  const counted = new Map<Counted, Place[]>()
  const lengths = new Set(entries.flatMap(({ places }) => places.map(lengthOf)))
  for (const length of [...lengths].sort((a, b) => b - a)) {
    const freeOf = ({ places }: Counted) => places.filter((place) => lengthOf(place) === length && isFree(place, taken))
    const take = (entry: Counted) => {
      const free = freeOf(entry)
      for (const place of free) for (let at = place.first; at <= place.last; at++) taken.add(at)
      if (free.length > 0) counted.set(entry, [...(counted.get(entry) ?? []), ...free])
    }
    for (const entry of counted.keys()) take(entry)
    for (const entry of inOrder(entries, freeOf)) take(entry)
  }
  for (const [entry, places] of counted) entry.places = places.sort((a, b) => a.first - b.first)
  return [...counted.keys()]
}

/** The one with most places that are free at each time. */
function* inOrder(entries: readonly Counted[], freeOf: (entry: Counted) => Place[]): Generator<Counted> {
  if (entries.length > MOST_CHOSEN) return yield* entries
  for (const rest = new Set(entries); ;) {
    let [best, most]: [Counted | undefined, number] = [undefined, 0]
    for (const entry of rest) {
      const free = freeOf(entry).length
      if (free > most) [best, most] = [entry, free]
    }
    if (!best) return
    rest.delete(best)
    yield best
  }
}

/** In words; with a sign that was asked for a little longer. */
function lengthOf({ first, last, isSigned }: Place): number {
  return last - first + (isSigned ? 1.5 : 1)
}

function isFree({ first, last }: Place, taken: ReadonlySet<number>): boolean {
  for (let at = first; at <= last; at++) if (taken.has(at)) return false
  return true
}
