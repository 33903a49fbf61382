import { areForms } from './forms/forms'
import { bareForm } from './letters'
import { Lexicon } from './lexicon'
import { joinedHalves, partsOf, type Part } from './phrase'
import type { Tokens } from './tokens'

/** A pattern: the atoms that follow one another, and the signs that have to stand at them where some were typed. */
interface Sequence {
  atoms: readonly number[]
  pattern: number
  signs: readonly Part[] | null
}

/** Where a pattern was found: its first and last word, and from where to where it stands in the text. */
export interface Place {
  first: number
  last: number
  start: number
  end: number
  /** Signs were asked for and found. */
  isSigned: boolean
}

export type Found = (pattern: number, place: Place) => void

/** What a word of a text was found to be the first word of. */
interface Known {
  word: string
  atoms: readonly number[]
  sequences: readonly Sequence[]
}

/** Bounds memory (some 15 MB); a chat's vocabulary is smaller, and whoever fills it costs others one look-up a word. */
const MAX_KNOWN = 131_072
/** Longer ones are keys and addresses, which hardly come again. */
const LONGEST_KNOWN = 64
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
    const group = words.map((word) => partsOf(word, 'forms')).filter(hasWords)
    for (const parts of group) for (const { word } of parts.slice(0, 1)) this.noteGroup(word, this.groups.length)
    this.groups.push(group)
  }

  /** Number of a pattern, the same for the same parts; null where there is none. All are added before the first `scan`. */
  add(parts: readonly Part[]): number | null {
    if (parts.length === 0) return null
    const key = JSON.stringify(parts)
    const known = this.patterns.get(key)
    if (known !== undefined) return known
    const pattern = this.patterns.size
    this.patterns.set(key, pattern)
    const joined = joinedHalves(parts)
    for (const way of [parts, ...(joined ? [joined] : []), ...this.alternativesOf(parts)])
      this.addSequence(way, pattern)
    return pattern
  }

  /** Calls `found` for every occurrence, in the order of the text. */
  scan(tokens: Tokens, found: Found): void {
    const { count, hashes } = tokens
    if (this.known.length + count > MAX_KNOWN) this.forget()
    let any = tokens.halves.length > 0
    for (let index = 0; index < count; index++) {
      const known = this.knownAt(tokens, index, hashes[index] as number)
      this.read[index] = known
      any ||= known.sequences.length > 0
    }
    if (!any) return
    for (let index = 0; index < count; index++) {
      const { sequences } = this.read[index] as Known
      if (sequences.length > 0) this.match(tokens, index, sequences, found)
    }
    if (tokens.halves.length > 0) this.matchJoined(tokens, found)
  }

  private match(tokens: Tokens, index: number, sequences: readonly Sequence[], found: Found): void {
    for (const { atoms, pattern, signs } of sequences) {
      if (!this.followOn(tokens, index, atoms)) continue
      const last = index + atoms.length - 1
      if (signs === null || haveSigns(tokens, index, signs)) found(pattern, placeOf(tokens, index, last, signs))
    }
  }

  private followOn(tokens: Tokens, index: number, atoms: readonly number[]): boolean {
    if (index + atoms.length > tokens.count) return false
    for (let next = 1; next < atoms.length; next++) {
      if (!(this.read[index + next] as Known).atoms.includes(atoms[next] as number)) return false
    }
    for (let next = 1; next < atoms.length; next++) if (tokens.beginsSentence(index + next)) return false
    return true
  }

  /** Words that half-spaces part, as the one word that they also are. */
  private matchJoined(tokens: Tokens, found: Found): void {
    const { halves } = tokens
    for (let at = 0; at < halves.length; at++) {
      const first = (halves[at] as number) - 1
      let last = halves[at] as number
      while (halves[at + 1] === last + 1) last = halves[++at] as number
      const { sequences } = this.resolve(joinedWord(tokens, first, last))
      for (const { atoms, pattern, signs } of sequences)
        if (atoms.length === 1 && signs === null) found(pattern, placeOf(tokens, first, last, null))
    }
  }

  private knownAt(tokens: Tokens, index: number, hash: number): Known {
    let slot = hash & (SLOTS - 1)
    for (let at = this.slots[slot] as number; at !== 0; at = this.slots[slot] as number) {
      const known = this.known[at - 1] as Known
      if (tokens.is(index, known.word)) return known
      slot = (slot + 1) & (SLOTS - 1)
    }
    const known = this.resolve(tokens.word(index))
    if (this.known.length < MAX_KNOWN && known.word.length <= LONGEST_KNOWN) this.slots[slot] = this.known.push(known)
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
    const signs = parts.some(({ before, after, within }) => before || after || within) ? parts : null
    ;(this.byFirst[atoms[0] as number] ??= []).push({ atoms, pattern, signs })
  }

  /** Words that a dictionary calls forms of this one. */
  private othersOf({ word, matching, before, after }: Part): string[] {
    if (matching !== 'forms' || before || after) return []
    const groups = this.groupsWith(word).filter((group) => group.some((parts) => isForm(parts, [{ word, matching }])))
    return groups.flatMap((group) => group.filter(isPlainWord).map(([part]) => (part as Part).word))
  }

  /** Entries of several words, for the words that a dictionary puts beside them; and for such an entry all others. */
  private alternativesOf(parts: readonly Part[]): Part[][] {
    if (parts.some(({ matching }) => matching !== 'forms')) return []
    const groups = this.groupsWith((parts[0] as Part).word).filter((group) =>
      group.some((entry) => isForm(entry, parts)),
    )
    return groups.flatMap((group) => group.filter((entry) => !isPlainWord(entry) || !isPlainWord(parts)))
  }

  private noteGroup(word: string, index: number): void {
    const key = beginOf(word)
    const groups = this.groupsOf.get(key) ?? new Set()
    this.groupsOf.set(key, groups.add(index))
  }

  /** Groups with an entry that may begin with a form of the word. */
  private groupsWith(word: string): Part[][][] {
    return [...(this.groupsOf.get(beginOf(word)) ?? [])].map((index) => this.groups[index] as Part[][])
  }
}

function hasWords(parts: readonly Part[]): boolean {
  return parts.length > 0
}

/** One word without signs: it can stand as a form of another. */
function isPlainWord(parts: readonly Part[]): boolean {
  const [part] = parts
  return parts.length === 1 && part !== undefined && !part.before && !part.after
}

function isForm(entry: readonly Part[], parts: readonly Part[]): boolean {
  return entry.length === parts.length && entry.every((part, at) => isFormOf(part, parts[at] as Part))
}

function isFormOf(one: Part, other: Part): boolean {
  if ((one.before ?? '') !== (other.before ?? '') || (one.after ?? '') !== (other.after ?? '')) return false
  return areForms(one.word, other.word) || bareForm(one.word) === bareForm(other.word)
}

function beginOf(word: string): string {
  return bareForm(word).slice(0, 3)
}

/** What was typed with a word has to stand at it. */
function haveSigns(tokens: Tokens, first: number, signs: readonly Part[]): boolean {
  return signs.every(({ before, after, within }, at) => {
    const index = first + at
    if (within && tokens.within(index) !== within) return false
    return (!before || tokens.before(index) === before) && (!after || tokens.after(index) === after)
  })
}

function placeOf(tokens: Tokens, first: number, last: number, signs: readonly Part[] | null): Place {
  const before = signs?.[0]?.before ?? ''
  const after = signs?.at(-1)?.after ?? ''
  const isSigned = signs !== null
  return { first, last, start: tokens.startWith(before, first), end: tokens.endWith(after, last), isSigned }
}

function joinedWord(tokens: Tokens, first: number, last: number): string {
  let word = ''
  for (let index = first; index <= last; index++) word += tokens.word(index)
  return word
}

/** One way of a pattern is enough: a word may be met by several atoms of one dictionary group. */
function distinct(sequences: readonly Sequence[]): Sequence[] {
  const single = new Set<number>()
  return sequences.filter(
    ({ atoms, pattern, signs }) => atoms.length > 1 || signs !== null || (!single.has(pattern) && single.add(pattern)),
  )
}
