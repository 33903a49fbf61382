import { beginningOf } from '../../cutting'
import { isWellFormed } from '@tgsentinel/kernel/well-formed'
import type { Category, ImportProblem, ProfileDraft } from '../../model'
import { wordFlaw } from '../../scoring/flaws'
import type { FoundDigest } from './digests'
import { isRecord, listOf, peerOf, weightOf } from './values'

const MAX_WORDS = 5000
const MAX_WORD_LENGTH = 100
const MAX_PEERS = 2000
const MAX_PROBLEMS = 500

/** A profile of a file as far as it is read: what was understood of it, and what was not. */
export class Reading {
  readonly draft: ProfileDraft & { keywords: NonNullable<ProfileDraft['keywords']> }
  readonly problems: ImportProblem[] = []
  readonly digests: FoundDigest[] = []

  constructor(name: string) {
    this.draft = { name, keywords: {} }
  }

  /** Of very many the first are told, and that there are more. */
  refuse(path: string, problem: string): void {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push({ path, problem })
    else if (this.problems.length === MAX_PROBLEMS)
      this.problems.push({ path: '', problem: `There is more than these ${MAX_PROBLEMS} that is not understood.` })
  }

  /** A text; what is longer than the document allows is cut, and said to be. */
  text(path: string, value: unknown, maxLength: number): string | undefined {
    if (typeof value !== 'string' || !isWellFormed(value)) {
      this.refuse(path, 'This is not a text.')
      return undefined
    }
    const text = value.trim()
    if (text.length <= maxLength) return text
    this.refuse(path, `Longer than ${maxLength} characters: the rest was left out.`)
    return beginningOf(text, maxLength).trim()
  }

  /** Usernames and ids, each once. */
  peers(path: string, value: unknown): string[] {
    const peers = new Set<string>()
    for (const [index, entry] of listOf(value).entries()) {
      const peer = peerOf(entry)
      if (peer === undefined) this.refuse(`${path}.${index}`, 'Neither a @username nor a numeric id.')
      else if (peers.size < MAX_PEERS) peers.add(peer)
      else return this.tooMany(path, MAX_PEERS, [...peers])
    }
    return [...peers]
  }

  /**
   * Words of a category, added to those that it has: a list, `{ words, weight }`, or weights by word. `usualWeight`: what a
   * category without a weight counted where the file comes from.
   */
  words(category: Category, path: string, value: unknown, usualWeight: number | undefined): void {
    const { words, weight = usualWeight } = this.wordsAndWeight(path, value)
    const known = new Map((this.draft.keywords[category]?.words ?? []).map((word) => [wordKey(word), word]))
    for (const [index, entry] of words.entries()) {
      const word = wordOf(entry)
      const flaw = word === undefined ? null : wordFlaw(word)
      if (word === undefined) this.refuse(`${path}.${index}`, `Not a word of at most ${MAX_WORD_LENGTH} characters.`)
      else if (flaw) this.refuse(`${path}.${index}`, `“${word}” can never match. ${flaw.problem}: ${flaw.suggestion}.`)
      else if (known.size < MAX_WORDS || known.has(wordKey(word))) known.set(wordKey(word), word)
      else {
        this.refuse(path, `More than ${MAX_WORDS}: the rest was left out.`)
        break
      }
    }
    const set = this.draft.keywords[category]?.weight ?? weight
    if (known.size > 0)
      this.draft.keywords[category] = { words: [...known.values()], ...(set === undefined ? {} : { weight: set }) }
  }

  private wordsAndWeight(path: string, value: unknown): { words: readonly unknown[]; weight?: number | undefined } {
    if (!isRecord(value)) return { words: listOf(value) }
    const listed = value['words'] ?? value['keywords']
    if (Array.isArray(listed)) return { words: listed, weight: weightOf(value['weight']) }
    const weights = Object.values(value).map(weightOf)
    const weight = mostFrequent(weights.filter((one) => one !== undefined))
    if (weights.some((one) => one !== weight))
      this.refuse(path, `The words of a category have one weight: ${weight ?? 1} was taken for all of them.`)
    return { words: Object.keys(value), weight }
  }

  private tooMany<T>(path: string, limit: number, kept: T): T {
    this.refuse(path, `More than ${limit}: the rest was left out.`)
    return kept
  }
}

function wordOf(value: unknown): string | undefined {
  const text = isRecord(value) ? (value['word'] ?? value['keyword']) : value
  if (typeof text !== 'string' && typeof text !== 'number') return undefined
  const word = String(text).trim()
  return word !== '' && word.length <= MAX_WORD_LENGTH && isWellFormed(word) ? word : undefined
}

function wordKey(word: string): string {
  return word.normalize('NFKC').toLowerCase()
}

function mostFrequent(numbers: readonly number[]): number | undefined {
  const counts = new Map<number, number>()
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1)
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0]
}
