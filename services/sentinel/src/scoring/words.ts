import { areForms } from './forms/forms'
import { Lexicon, type Matching } from './lexicon'
import { Tokens } from './tokens'

/** One word of what is looked for. */
export interface Part {
  word: string
  matching: Matching
}

/** A pattern of several words: the atoms that follow one another. */
interface Sequence {
  atoms: readonly number[]
  pattern: number
}

/** What a word of a text was found to be the first word of. */
interface Known {
  word: string
  atoms: readonly number[]
  sequences: readonly Sequence[]
}

/** Bounds memory (some MB); a chat's vocabulary is smaller, and whoever fills it costs others one look-up a word. */
const MAX_KNOWN = 32_768
const SLOTS = MAX_KNOWN * 4

/**
 * Finds any number of words and phrases in one pass over a text's tokens: the cost hardly grows with how many there are, since
 * each distinct word is looked up once and remembered by its hash. Whole words only, compared themselves and not by hashes
 * alone; a phrase's words have to follow one another.
 */
export class WordIndex {
  private readonly lexicon = new Lexicon()
  private readonly patterns = new Map<string, number>()
  private readonly byFirst: Sequence[][] = []
  private readonly tokens = new Tokens()
  private readonly groups: Part[][][] = []
  private readonly groupsOf = new Map<string, Set<number>>()
  private slots = new Int32Array(SLOTS)
  private known: Known[] = []
  /** What each token of the present text is. */
  private readonly read: Known[] = []

  constructor(dictionary: readonly (readonly string[])[] = []) {
    for (const group of dictionary) this.addGroup(group)
  }

  /** Words that count as forms of one another. All groups are there before the first pattern. */
  addGroup(words: readonly string[]): void {
    const group = words.map((word) => this.partsOf(word, 'forms')).filter(hasWords)
    for (const parts of group) for (const { word } of parts.slice(0, 1)) this.noteGroup(word, this.groups.length)
    this.groups.push(group)
  }

  /** The folded words of a text that is looked for; none where it has no letter or digit. */
  partsOf(text: string, matching: Matching): Part[] {
    this.tokens.read(text)
    return Array.from({ length: this.tokens.count }, (_, index) => ({ word: this.tokens.word(index), matching }))
  }

  /** Number of a pattern, the same for the same parts; null where there is none. All are added before the first `scan`. */
  add(parts: readonly Part[]): number | null {
    if (parts.length === 0) return null
    const key = parts.map(({ word, matching }) => `${matching} ${word}`).join(' ')
    const known = this.patterns.get(key)
    if (known !== undefined) return known
    const pattern = this.patterns.size
    this.patterns.set(key, pattern)
    for (const way of [parts, ...this.alternativesOf(parts)]) this.addSequence(way, pattern)
    return pattern
  }

  /** Calls `found` for every occurrence, in the order of the text. */
  scan(tokens: Tokens, found: (pattern: number, first: number, last: number) => void): void {
    const { count, hashes } = tokens
    if (this.known.length + count > MAX_KNOWN) this.forget()
    let any = false
    for (let index = 0; index < count; index++) {
      const known = this.knownAt(tokens, index, hashes[index] as number)
      this.read[index] = known
      any ||= known.sequences.length > 0
    }
    if (!any) return
    for (let index = 0; index < count; index++) this.match(tokens, index, found)
  }

  private match(tokens: Tokens, index: number, found: (pattern: number, first: number, last: number) => void): void {
    for (const { atoms, pattern } of (this.read[index] as Known).sequences) {
      if (this.followOn(tokens, index, atoms)) found(pattern, index, index + atoms.length - 1)
    }
  }

  private followOn(tokens: Tokens, index: number, atoms: readonly number[]): boolean {
    if (index + atoms.length > tokens.count) return false
    for (let next = 1; next < atoms.length; next++) {
      if (!(this.read[index + next] as Known).atoms.includes(atoms[next] as number)) return false
      if (!tokens.joinsPrevious(index + next)) return false
    }
    return true
  }

  private knownAt(tokens: Tokens, index: number, hash: number): Known {
    let slot = hash & (SLOTS - 1)
    for (let at = this.slots[slot] as number; at !== 0; at = this.slots[slot] as number) {
      const known = this.known[at - 1] as Known
      if (tokens.is(index, known.word)) return known
      slot = (slot + 1) & (SLOTS - 1)
    }
    const known = this.resolve(tokens.word(index))
    if (this.known.length < MAX_KNOWN) this.slots[slot] = this.known.push(known)
    return known
  }

  private resolve(word: string): Known {
    const atoms = this.lexicon.atomsAt(word)
    const sequences = atoms.flatMap((atom) => this.byFirst[atom] ?? [])
    return { word, atoms, sequences: distinct(sequences) }
  }

  private forget(): void {
    this.known = []
    this.slots = new Int32Array(SLOTS)
  }

  private addSequence(parts: readonly Part[], pattern: number): void {
    const atoms = parts.map((part) => this.lexicon.atomOf(part.word, part.matching, this.othersOf(part)))
    ;(this.byFirst[atoms[0] as number] ??= []).push({ atoms, pattern })
  }

  /** Words that a dictionary calls forms of this one. */
  private othersOf({ word, matching }: Part): string[] {
    if (matching !== 'forms') return []
    const groups = this.groupsWith(word).filter((group) => group.some((parts) => isForm(parts, [{ word, matching }])))
    return groups.flatMap((group) => group.filter(({ length }) => length === 1).map(([part]) => (part as Part).word))
  }

  /** Entries of several words, for the words that a dictionary puts beside them; and for such an entry all others. */
  private alternativesOf(parts: readonly Part[]): Part[][] {
    if (parts.some(({ matching }) => matching !== 'forms')) return []
    const groups = this.groupsWith((parts[0] as Part).word).filter((group) =>
      group.some((entry) => isForm(entry, parts)),
    )
    return groups.flatMap((group) => group.filter((entry) => entry.length > 1 || parts.length > 1))
  }

  private noteGroup(word: string, index: number): void {
    const key = word.slice(0, 3)
    const groups = this.groupsOf.get(key) ?? new Set()
    this.groupsOf.set(key, groups.add(index))
  }

  /** Groups with an entry that may begin with a form of the word. */
  private groupsWith(word: string): Part[][][] {
    return [...(this.groupsOf.get(word.slice(0, 3)) ?? [])].map((index) => this.groups[index] as Part[][])
  }
}

function hasWords(parts: readonly Part[]): boolean {
  return parts.length > 0
}

function isForm(entry: readonly Part[], parts: readonly Part[]): boolean {
  return entry.length === parts.length && entry.every(({ word }, at) => areForms(word, (parts[at] as Part).word))
}

/** One way of a pattern is enough: a word may be met by several atoms of one dictionary group. */
function distinct(sequences: readonly Sequence[]): Sequence[] {
  const single = new Set<number>()
  return sequences.filter(({ atoms, pattern }) => atoms.length > 1 || (!single.has(pattern) && single.add(pattern)))
}
