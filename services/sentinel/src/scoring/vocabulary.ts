import { Tokens } from './tokens'

const COMMON_BEGIN = 4
const SHORTEST = 2
const LONGEST = 40
/** Bounds memory and time; the words of some 10,000 messages. */
const MAX_DISTINCT = 100_000
/** How often, for all keywords together, a word may be looked through for a part of it. */
export const MAX_COMPARISONS = 1_500_000

/** The distinct words of many texts, folded, by how often they occur. */
export class Vocabulary {
  private readonly tokens = new Tokens()
  private readonly counts = new Map<string, number>()
  private byCount: string[] | undefined
  private readonly byBegin = new Map<string, string[]>()
  private compared = 0

  /** How many words were looked through, for all keywords together. */
  get comparisons(): number {
    return this.compared
  }

  read(text: string): void {
    this.tokens.read(text)
    for (let index = 0; index < this.tokens.count; index++) {
      const word = this.tokens.word(index)
      if (word.length < SHORTEST || word.length > LONGEST) continue
      const count = this.counts.get(word)
      if (count !== undefined || this.counts.size < MAX_DISTINCT) this.counts.set(word, (count ?? 0) + 1)
    }
  }

  /** Other words that have this one within them or begin like it, the most frequent first. */
  *like(word: string): Iterable<string> {
    const words = this.sorted()
    const begin = word.slice(0, COMMON_BEGIN)
    const alike = new Set(begin.length === COMMON_BEGIN ? this.byBegin.get(begin) : [])
    const rest = this.compared < MAX_COMPARISONS && word.length >= SHORTEST ? words : []
    this.compared += rest.length
    for (const other of rest) if (other.includes(word)) alike.add(other)
    alike.delete(word)
    yield* [...alike].sort((a, b) => (this.counts.get(b) as number) - (this.counts.get(a) as number))
  }

  private sorted(): string[] {
    if (this.byCount) return this.byCount
    this.byCount = [...this.counts].sort(([, a], [, b]) => b - a).map(([word]) => word)
    for (const word of this.byCount) {
      const begin = word.slice(0, COMMON_BEGIN)
      const list = this.byBegin.get(begin)
      if (list) list.push(word)
      else this.byBegin.set(begin, [word])
    }
    return this.byCount
  }
}
