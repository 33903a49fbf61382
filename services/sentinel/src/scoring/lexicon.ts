import { areForms, stemsOf } from './forms/forms'
import { bareForm } from './letters'
import { unmixed } from './look-alikes'

/** How a word of a profile meets a word of a text: as it is, in any of its forms, or as its begin. */
export type Matching = 'exact' | 'forms' | 'prefix'

const NONE: readonly number[] = []

/** A word has a form only with at least these letters in common, but for accents; most words of a text share them with no keyword. */
const COMMON_LETTERS = 3

/**
 * The single words that profiles look for, each an atom with a number. Which atoms a word of a text meets costs the same
 * however many there are, but for those that share its stem.
 */
export class Lexicon {
  private readonly atoms = new Map<string, number>()
  private readonly exact = new Map<string, number[]>()
  private readonly prefixes = new Map<string, number[]>()
  private readonly prefixLengths = new Set<number>()
  /** Stem -> words with forms that have it. */
  private readonly inflected = new Map<string, { word: string; atom: number }[]>()
  private readonly begins = new Set<string>()

  /** Number of an atom; the same for the same word and matching. `others`: words that count as its forms, each with its own. */
  atomOf(word: string, matching: Matching, others: readonly string[] = []): number {
    const key = `${matching} ${word}`
    const known = this.atoms.get(key)
    if (known !== undefined) return known
    const atom = this.atoms.size
    this.atoms.set(key, atom)
    if (matching === 'prefix') this.addPrefix(word, atom)
    else for (const each of new Set([word, ...others])) this.addWord(each, matching, atom)
    return atom
  }

  /** Atoms that a folded word of a text meets, also where it is written with letters of another script that look the same. */
  atomsAt(word: string): readonly number[] {
    const bare = bareForm(word)
    const same = this.exact.get(bare)
    const mayInflect = this.begins.has(bare.slice(0, COMMON_LETTERS))
    if (!mayInflect && this.prefixLengths.size === 0) return same ?? NONE
    const found = new Set<number>(same)
    for (const length of this.prefixLengths) {
      if (length > bare.length) continue
      for (const atom of this.prefixes.get(bare.slice(0, length)) ?? NONE) found.add(atom)
    }
    if (mayInflect) this.findForms(unmixed(word) ?? word, found)
    return found.size === 0 ? NONE : [...found]
  }

  private addWord(word: string, matching: Matching, atom: number): void {
    const bare = bareForm(word)
    push(this.exact, bare, atom)
    if (matching !== 'forms') return
    this.addForms(unmixed(word) ?? word, atom)
    // In capitals nothing tells whether an i has a dot.
    if (word.includes('ı')) this.addForms(word.replaceAll('ı', 'i'), atom)
    this.begins.add(bare.slice(0, COMMON_LETTERS))
  }

  private addForms(word: string, atom: number): void {
    for (const stem of stemsOf(word)) push(this.inflected, stem, { word, atom })
  }

  private addPrefix(word: string, atom: number): void {
    const bare = bareForm(word)
    push(this.prefixes, bare, atom)
    this.prefixLengths.add(bare.length)
  }

  private findForms(word: string, found: Set<number>): void {
    for (const stem of stemsOf(word)) {
      for (const other of this.inflected.get(stem) ?? []) {
        if (!found.has(other.atom) && areForms(word, other.word)) found.add(other.atom)
      }
    }
  }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}
