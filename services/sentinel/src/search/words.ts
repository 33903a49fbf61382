import { bareForm } from '../scoring/letters'
import { Tokens } from '../scoring/tokens'

/** A word of a text: how it is looked for, and where it stands (UTF-16 units of the text as it was given). */
export interface Word {
  form: string
  start: number
  end: number
  /** Signs that it begins and ends with, and those that bind it to the word before; from where to where it stands with them. */
  before: string
  after: string
  within: string
  signStart: number
  signEnd: number
  beginsSentence: boolean
  /** Only a Persian half-space parts it from the word before. */
  isHalf: boolean
}

const BLANK = 32

/**
 * Cuts texts into words as scoring does, and compares them as scoring does: what is searched for finds what a keyword finds, but for
 * other forms of a word. What is searched and what is searched for go the same way.
 */
export class Words {
  private readonly tokens = new Tokens()

  of(text: string): Word[] {
    const { tokens } = this
    tokens.read(text)
    return Array.from({ length: tokens.count }, (_, index) => this.wordAt(text, index))
  }

  private wordAt(text: string, index: number): Word {
    const { tokens } = this
    const start = tokens.starts[index] as number
    const end = tokens.ends[index] as number
    const plain = {
      form: bareForm(tokens.word(index)),
      ...{ start, end, before: '', after: '', within: '', signStart: start, signEnd: end },
      ...{ beginsSentence: false, isHalf: false },
    }
    const isPlainBefore = index > 0 && isBlank(text, tokens.ends[index - 1] as number, start)
    const isPlainAfter = index + 1 < tokens.count && isBlank(text, end, tokens.starts[index + 1] as number)
    if (!isPlainBefore) Object.assign(plain, this.leadingOf(index))
    if (!isPlainAfter) Object.assign(plain, this.trailingOf(index))
    return plain
  }

  private leadingOf(index: number): Partial<Word> {
    const { tokens } = this
    const before = tokens.before(index)
    return {
      before,
      signStart: tokens.startWith(before, index),
      within: index > 0 ? tokens.within(index) : '',
      beginsSentence: index > 0 && tokens.beginsSentence(index),
      isHalf: tokens.halves.includes(index),
    }
  }

  private trailingOf(index: number): Partial<Word> {
    const after = this.tokens.after(index)
    return { after, signEnd: this.tokens.endWith(after, index) }
  }
}

/** One blank, as nearly everywhere between words: there is no sign to look for. */
function isBlank(text: string, from: number, to: number): boolean {
  return to - from === 1 && text.charCodeAt(from) === BLANK
}
