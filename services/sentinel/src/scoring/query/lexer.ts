import type { Matching } from '../lexicon'
import { flawOf, partsOf, type Part } from '../phrase'
import { describe } from '../flaws'
import { QueryError } from './error'
import { HAS, LANGUAGES, type At, type FilterNode, type RegexNode, type TermNode } from './node'

export type Lexeme =
  | (At & { kind: '(' | ')' | 'AND' | 'OR' | 'NOT' | 'END' })
  | (At & { kind: 'NEAR'; distance: number })
  | (At & { kind: 'operand'; node: TermNode | RegexNode | FilterNode })

const QUOTES = '"“”„«»'
const BARE = new RegExp(`[^\\s()${QUOTES}]+`, 'y')
const OPERATORS = ['AND', 'OR', 'NOT'] as const
const FILTERS = ['from', 'in', 'has', 'lang', 're']
const MAX_DISTANCE = 100
const SHORTEST_PREFIX = 2

/** Cuts a query into what its grammar is made of. @throws QueryError */
export function lexemesOf(query: string): Lexeme[] {
  return new Lexer(query).read()
}

class Lexer {
  private at = 0
  private readonly lexemes: Lexeme[] = []

  constructor(private readonly query: string) {}

  read(): Lexeme[] {
    for (this.skipSpace(); this.at < this.query.length; this.skipSpace()) this.lexemes.push(this.next())
    return [...this.lexemes, { kind: 'END', offset: this.query.length, length: 0 }]
  }

  private skipSpace(): void {
    while (/\s/.test(this.query[this.at] ?? '')) this.at++
  }

  private next(): Lexeme {
    const { query, at } = this
    const sign = query[at] as string
    if (sign === '(' || sign === ')') return { kind: sign, ...this.take(1) }
    if (sign === '-' && /[^\s)]/.test(query[at + 1] ?? '')) return { kind: 'NOT', ...this.take(1) }
    if (isQuote(sign)) return this.phrase(at, 'forms')
    if (sign === '=' && isQuote(query[at + 1])) return this.phrase(at, 'exact')
    if (query.startsWith('re:/', at)) return this.regex()
    return this.bare()
  }

  private bare(): Lexeme {
    BARE.lastIndex = this.at
    const text = (BARE.exec(this.query) as RegExpExecArray)[0]
    const span = this.take(text.length)
    const operator = OPERATORS.find((name) => name === text)
    if (operator) return { kind: operator, ...span }
    if (text === 'NEAR' || text.startsWith('NEAR/')) return near(text, span)
    const [, filter = '', value = ''] = /^([A-Za-z_]+):(?!\/\/)(.*)$/su.exec(text) ?? []
    const node = filter ? filterOf(filter, value, span) : this.wordOf(text, span)
    return { kind: 'operand', node, ...span }
  }

  private wordOf(text: string, span: At): TermNode {
    if (text === '-')
      throw new QueryError('Nothing follows the “-”: put a word right behind it, or leave it out.', span.offset, 1)
    if (text.startsWith('=')) return this.term(text.slice(1), 'exact', span)
    const star = text.indexOf('*')
    if (star < 0) return this.term(text, 'forms', span)
    if (star < text.length - 1 || star === 0) {
      throw new QueryError('A “*” stands at the end of a word’s begin, as in vulnerab*.', span.offset + star, 1)
    }
    const node = this.term(text.slice(0, -1), 'forms', span)
    const last = node.parts.at(-1) as Part
    if (last.word.length < SHORTEST_PREFIX) {
      throw new QueryError('A begin needs two letters at least before the “*”.', span.offset, span.length)
    }
    last.matching = 'prefix'
    return node
  }

  private phrase(start: number, matching: Matching): Lexeme {
    const open = matching === 'exact' ? start + 1 : start
    let end = open + 1
    while (end < this.query.length && !isQuote(this.query[end])) end++
    if (end === this.query.length) {
      throw new QueryError('This quotation mark is not closed: add one behind the phrase.', open, 1)
    }
    const span = this.take(end + 1 - start)
    const text = this.query.slice(open + 1, end)
    if (text.trim() === '')
      throw new QueryError('There is nothing between the quotation marks: put words there.', span.offset, span.length)
    return { kind: 'operand', node: this.term(text, matching, span), ...span }
  }

  private term(text: string, matching: Matching, span: At): TermNode {
    const flaw = flawOf(text)
    if (flaw) {
      const { problem, suggestion } = describe(text, flaw)
      throw new QueryError(`${problem}: ${suggestion}.`, span.offset, span.length)
    }
    return { kind: 'term', parts: partsOf(text, matching), ...span }
  }

  private regex(): Lexeme {
    const { query, at } = this
    const body = /^re:\/((?:\\[^]|[^/\\])*)\/([A-Za-z]*)/u.exec(query.slice(at))
    if (!body) throw new QueryError('The pattern is not closed: end it with a “/”.', at, query.length - at)
    const [whole, source = '', flags = ''] = body
    const span = this.take(whole.length)
    if (flags !== '' && flags !== 'i') {
      throw new QueryError(
        'Behind a pattern only “i” may stand, for either case.',
        at + whole.length - flags.length,
        flags.length,
      )
    }
    return { kind: 'operand', node: { kind: 'regex', source, ignoresCase: flags === 'i', ...span }, ...span }
  }

  private take(length: number): At {
    const span = { offset: this.at, length }
    this.at += length
    return span
  }
}

function isQuote(sign: string | undefined): boolean {
  return sign !== undefined && QUOTES.includes(sign)
}

function near(text: string, span: At): Lexeme {
  const distance = /^NEAR\/(\d{1,3})$/.exec(text)?.[1]
  if (distance && Number(distance) >= 1 && Number(distance) <= MAX_DISTANCE) {
    return { kind: 'NEAR', distance: Number(distance), ...span }
  }
  const message = `NEAR needs a number of words from 1 to ${MAX_DISTANCE}, as in NEAR/5.`
  throw new QueryError(message, span.offset, span.length)
}

function filterOf(filter: string, value: string, span: At): FilterNode {
  const fail = (message: string) => new QueryError(message, span.offset, span.length)
  switch (filter) {
    case 'from':
    case 'in':
      if (!/^(?:@\w{1,32}|-?\d{1,16})$/.test(value)) throw fail(`“${filter}:” needs an @name or a numeric id.`)
      return { kind: filter, name: value.toLowerCase(), ...span }
    case 'has': {
      const what = HAS.find((name) => name === value)
      if (!what) throw fail(`“has:” needs one of these: ${HAS.join(', ')}.`)
      return { kind: 'has', what, ...span }
    }
    case 'lang': {
      const language = LANGUAGES.find((name) => name === value)
      if (!language) throw fail(`“lang:” needs one of these: ${LANGUAGES.join(', ')}.`)
      return { kind: 'lang', language, ...span }
    }
    case 're':
      throw fail('A pattern stands between slashes, as in re:/CVE-\\d+/.')
    default:
      throw fail(
        `There is no filter “${filter}:” (there are ${FILTERS.join(', ')}); to look for the text, put it in quotation marks.`,
      )
  }
}
