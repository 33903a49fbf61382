import { QueryError } from './error'
import type { At } from './node'

/** Stand between all characters of a marked text: at a word's begin or end, and everywhere else. Nobody writes them. */
export const BORDER = '\ufdd0'
export const NO_BORDER = '\ufdd1'

const WORD = '\\p{L}\\p{M}\\p{N}_'
const MARKERS = `${BORDER}${NO_BORDER}`
const QUANTIFIER = /^(?:[*+?]|\{\d+(?:,\d*)?\})[?+]?/
const GROUP = /^\((?:\?(?:P?<[A-Za-z_]\w*>|[imsU-]*:))?/
const ESCAPE = /^\\(?:[pP](?:\{[^}]*\}|[A-Za-z])|x(?:\{[^}]*\}|[0-9A-Fa-f]{2})|[0-7]{1,3}|Q[^]*?(?:\\E|$)|[^])/u
const FLAGS = /^\(\?[imsU-]+\)/

/** A pattern for an engine that knows words of ASCII only. */
export interface Rewritten {
  /** For a text as it is. Borders of words mean those of ASCII. */
  plain: string
  /** For a marked text, in which borders mean those of any script; null where the pattern has none. */
  marked: string | null
}

/** `\w`, `\d`, `\s` and their opposites for all scripts, and `\b`, `\B` by marks in the text. @throws QueryError */
export function rewritten(source: string, at: At): Rewritten {
  const plain = new Rewriting(source, at, false).read()
  const hasBorder = /\\[bB]/.test(source.replace(/\\\\|\\Q[^]*?(?:\\E|$)/g, ''))
  return { plain, marked: hasBorder ? new Rewriting(source, at, true).read() : null }
}

class Rewriting {
  private rest: string

  constructor(
    source: string,
    private readonly at: At,
    private readonly isMarked: boolean,
  ) {
    this.rest = source
  }

  read(): string {
    let pattern = ''
    while (this.rest !== '') pattern += this.next()
    return pattern
  }

  private next(): string {
    const sign = this.rest.charAt(0)
    if (sign === '(') return this.take(FLAGS) ?? this.take(GROUP) ?? this.one()
    if (sign === ')' || sign === '|') return this.one()
    if (sign === '^') return this.one()
    if (sign === '$') return this.atom(this.one())
    if (sign === '[') return this.atom(this.characterClass())
    if (sign === '\\') return this.escape()
    if (sign === '.') return this.atom(this.isMarked ? this.dot() : this.one())
    const quantifier = this.take(QUANTIFIER)
    if (quantifier) return quantifier
    return this.atom(this.one())
  }

  private escape(): string {
    const escape = this.take(ESCAPE) ?? this.one()
    if (escape === '\\b' || escape === '\\B') return this.wordBorder(escape)
    if (escape === '\\z' || escape === '\\Z') return this.atom(escape)
    if (escape === '\\A') return escape
    if (escape.startsWith('\\Q')) return this.literal(escape.slice(2).replace(/\\E$/, ''))
    return this.atom(this.outside(escape))
  }

  /** One mark stands at a place: a border that is asked for twice is one, and a begin is asked for before the mark. */
  private wordBorder(escape: string): string {
    if (!this.isMarked) return escape
    let begin = ''
    while (this.rest.startsWith(escape) || /^(?:\^|\\A)/.test(this.rest))
      begin += this.take(/^(?:\^|\\A)/) ?? (this.take(/^\\[bB]/) as string).slice(2)
    return begin + (escape === '\\b' ? BORDER : NO_BORDER)
  }

  private literal(text: string): string {
    return Array.from(text, (sign) => this.atom(sign.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))).join('')
  }

  private outside(escape: string): string {
    const none = this.isMarked ? MARKERS : ''
    switch (escape) {
      case '\\w':
        return `[${WORD}]`
      case '\\W':
        return `[^${WORD}${none}]`
      case '\\d':
        return '\\p{Nd}'
      case '\\D':
        return `[^\\p{Nd}${none}]`
      case '\\s':
        return '[\\s\\v\\p{Z}]'
      case '\\S':
        return `[^\\s\\v\\p{Z}${none}]`
      default:
        return escape.startsWith('\\P') && none ? `[^\\p${escape.slice(2)}${none}]` : escape
    }
  }

  private characterClass(): string {
    let inner = this.take(/^\[\^?\]?/) as string
    const isNegated = inner.startsWith('[^')
    while (this.rest !== '' && !this.rest.startsWith(']')) {
      const named = this.take(/^\[:\^?\w+:\]/)
      inner += named ?? (this.rest.startsWith('\\') ? this.inside(this.take(ESCAPE) ?? this.one()) : this.one())
    }
    if (this.rest === '') return inner
    return `${inner}${isNegated && this.isMarked ? MARKERS : ''}${this.one()}`
  }

  private inside(escape: string): string {
    switch (escape) {
      case '\\w':
        return WORD
      case '\\d':
        return '\\p{Nd}'
      case '\\s':
        return '\\s\\v\\p{Z}'
      case '\\D':
        return '\\P{Nd}'
      case '\\W':
        throw this.refusal('A “\\W” cannot stand in brackets: write [^\\w] for it, as in (?:-|[^\\w]).')
      case '\\b':
        throw this.refusal('A “\\b” cannot stand in brackets: write it outside of them.')
      default:
        return escape
    }
  }

  private refusal(message: string): QueryError {
    return new QueryError(message, this.at.offset, this.at.length)
  }

  /** A character of the text or its end, and the mark before it. */
  private atom(pattern: string): string {
    return this.isMarked ? `(?:[${MARKERS}]?${pattern})` : pattern
  }

  private dot(): string {
    this.one()
    return `(?:[^\\n${MARKERS}])`
  }

  private one(): string {
    const sign = String.fromCodePoint(this.rest.codePointAt(0) as number)
    this.rest = this.rest.slice(sign.length)
    return sign
  }

  private take(pattern: RegExp): string | undefined {
    const [found] = pattern.exec(this.rest) ?? []
    if (found === undefined || found === '') return undefined
    this.rest = this.rest.slice(found.length)
    return found
  }
}

/** A text with a mark before each character and at its end; and of each unit of it where it stands in the text. */
export function marked(text: string): { text: string; places: Int32Array } {
  const plain = text.replace(/[\ufdd0\ufdd1]/g, ' ')
  const places = new Int32Array(plain.length * 2 + 2)
  let result = ''
  let at = 0
  let wasWord = false
  for (const sign of plain) {
    const isWord = WORD_SIGN.test(sign)
    places[result.length] = at
    result += isWord === wasWord ? NO_BORDER : BORDER
    for (let unit = 0; unit < sign.length; unit++) places[result.length + unit] = at + unit
    result += sign
    at += sign.length
    wasWord = isWord
  }
  places.fill(at, result.length)
  return { text: result + (wasWord ? BORDER : NO_BORDER), places }
}

const WORD_SIGN = /^[\p{L}\p{M}\p{N}_]$/u
