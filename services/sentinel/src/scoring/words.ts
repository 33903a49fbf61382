import { Tokens } from './tokens'

/** Where in a text a word or phrase was found: UTF-16 units of the text as it was given. */
export interface Hit {
  word: number
  start: number
  end: number
}

interface Entry {
  /** Folded words of the phrase. */
  words: string[]
  hashes: number[]
  /** What the caller calls it. */
  id: number
}

/**
 * Finds any number of words and phrases in one pass over a text's tokens: the cost hardly grows with how many there are.
 * Whole words only; a phrase's words have to follow one another.
 */
export class WordIndex {
  private readonly slots: Int32Array
  private readonly mask: number
  private readonly buckets: Entry[][] = []

  /** The position of a word in `words` is its id; a text without a letter or digit is never found. */
  constructor(words: readonly string[]) {
    let size = 64
    while (size < words.length * 4) size *= 2
    this.slots = new Int32Array(size)
    this.mask = size - 1
    const tokens = new Tokens()
    words.forEach((word, id) => this.add(tokens, word, id))
  }

  /** Calls `found` for every occurrence, in the order of the text. */
  scan(tokens: Tokens, found: (id: number, first: number, last: number) => void): void {
    const { hashes, count } = tokens
    for (let index = 0; index < count; index++) {
      const hash = hashes[index] as number
      let slot = hash & this.mask
      let bucket = this.slots[slot] as number
      while (bucket !== 0) {
        const entries = this.buckets[bucket - 1] as Entry[]
        if (entries[0]?.hashes[0] === hash) {
          match(tokens, index, entries, found)
          break
        }
        slot = (slot + 1) & this.mask
        bucket = this.slots[slot] as number
      }
    }
  }

  private add(tokens: Tokens, word: string, id: number): void {
    tokens.read(word)
    if (tokens.count === 0) return
    const entry: Entry = { words: [], hashes: [], id }
    for (let index = 0; index < tokens.count; index++) {
      entry.words.push(tokens.word(index))
      entry.hashes.push(tokens.hashes[index] as number)
    }
    this.bucketFor(entry.hashes[0] as number).push(entry)
  }

  private bucketFor(hash: number): Entry[] {
    let slot = hash & this.mask
    for (let bucket = this.slots[slot] as number; bucket !== 0; bucket = this.slots[slot] as number) {
      const entries = this.buckets[bucket - 1] as Entry[]
      if (entries[0]?.hashes[0] === hash) return entries
      slot = (slot + 1) & this.mask
    }
    const entries: Entry[] = []
    this.slots[slot] = this.buckets.push(entries)
    return entries
  }
}

function match(
  tokens: Tokens,
  index: number,
  entries: Entry[],
  found: (id: number, first: number, last: number) => void,
): void {
  const word = tokens.word(index)
  for (const entry of entries) {
    if (entry.words[0] === word && followOn(tokens, index, entry))
      found(entry.id, index, index + entry.words.length - 1)
  }
}

function followOn(tokens: Tokens, index: number, entry: Entry): boolean {
  if (index + entry.words.length > tokens.count) return false
  for (let next = 1; next < entry.words.length; next++) {
    if (tokens.hashes[index + next] !== entry.hashes[next]) return false
    if (!tokens.joinsPrevious(index + next) || tokens.word(index + next) !== entry.words[next]) return false
  }
  return true
}
