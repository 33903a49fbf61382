import type { StoredMessage } from '../store/messages'
import type { At } from './query/node'
import type { Findings, Place } from './query/query'
import { Tokens } from './tokens'
import type { WordIndex } from './words'

/** Language of a text, such as `ru`; null where it cannot be told. */
export type LanguageOf = (text: string) => string | null

const NOWHERE: readonly Place[] = []

/** What the one pass over a message found, by pattern. Used again for every message. */
export class MessageFindings implements Findings {
  message!: StoredMessage
  /** Patterns that were found, in the order of the text. */
  readonly found: number[] = []
  private readonly places: (Place[] | undefined)[] = []
  private readonly tokens = new Tokens()
  private known: string | null | undefined

  constructor(
    private readonly index: WordIndex,
    private readonly languageOf: LanguageOf,
  ) {}

  read(message: StoredMessage): void {
    this.message = message
    this.known = undefined
    for (const pattern of this.found) this.places[pattern] = undefined
    this.found.length = 0
    if (message.text === '') return
    this.tokens.read(message.text)
    this.index.scan(this.tokens, this.note)
  }

  readonly placesOf = (pattern: number): readonly Place[] => this.places[pattern] ?? NOWHERE

  readonly spanOf = ({ first, last }: Place): At => {
    const offset = this.tokens.starts[first] as number
    return { offset, length: (this.tokens.ends[last] as number) - offset }
  }

  readonly language = (): string | null => (this.known ??= this.languageOf(this.message.text))

  private readonly note = (pattern: number, first: number, last: number): void => {
    const places = this.places[pattern]
    if (places) {
      // Two entries of a dictionary may be found at one place.
      const { first: before, last: end } = places.at(-1) as Place
      if (before !== first || end !== last) places.push({ first, last })
    } else {
      this.places[pattern] = [{ first, last }]
      this.found.push(pattern)
    }
  }
}
