import type { StoredMessage } from '../store/messages'
import type { At } from './query/node'
import type { Findings } from './query/query'
import { Tokens } from './tokens'
import type { Place, WordIndex } from './words'

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

  readonly spanOf = ({ start, end }: Place): At => ({ offset: start, length: end - start })

  readonly language = (): string | null => (this.known ??= this.languageOf(this.message.text))

  private readonly note = (pattern: number, place: Place): void => {
    const places = this.places[pattern]
    if (places) {
      // Two entries of a dictionary may be found at one place.
      const before = places.at(-1) as Place
      if (before.first !== place.first || before.last !== place.last) places.push(place)
    } else {
      this.places[pattern] = [place]
      this.found.push(pattern)
    }
  }
}
