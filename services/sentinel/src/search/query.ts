import { partsOf } from '../scoring/phrase'
import { boundForm, SENTENCE_END, signedForm } from './signed-forms'
import type { Word, Words } from './words'

/** A word of a term, with the signs that were typed with it. */
export type Part = Pick<Word, 'form' | 'before' | 'after' | 'within' | 'beginsSentence' | 'isHalf'>

const BARE = { before: '', after: '', within: '', beginsSentence: false, isHalf: false }

/** Words that follow one another; of the last one the begin is enough where `isPrefix`. */
export interface Term {
  parts: Part[]
  isPrefix: boolean
}

export interface Query {
  wanted: Term[]
  unwanted: Term[]
}

/** A shorter begin stands for too many words: all that they find would have to be gone through. A syllable of Hangul says more. */
const LONG_ENOUGH = /^(?:[^]{3,}|\p{Script=Hangul}{2})$/u
const QUOTES = '"“”„«»'
const CHUNK = new RegExp(`(-?)(?:[${QUOTES}]([^${QUOTES}]*)[${QUOTES}]?(\\*?)|([^\\s${QUOTES}]+))`, 'g')

/**
 * What people type: words that all have to be there, "words that follow one another", begin*, -without. What is written
 * together (zero-day, 東京都) follows one another, too; signs at a word or between words that are written together have to be there
 * (#btc, c++, node.js). Signs alone mean nothing.
 */
export function parseQuery(q: string, words: Words): Query {
  const query: Query = { wanted: [], unwanted: [] }
  for (const [, minus, quoted, star, bare = ''] of q.matchAll(CHUNK)) {
    const term = termOf(quoted === undefined ? bare : quoted + star, words)
    if (term) (minus ? query.unwanted : query.wanted).push(term)
  }
  return query
}

/** One word that has to be there as it is: a facet. */
export function exactTerm(form: string): Term {
  return { parts: [{ form, ...BARE }], isPrefix: false }
}

function termOf(chunk: string, words: Words): Term | null {
  const text = chunk.replace(/\*+$/, '')
  const found = words.of(text)
  const last = found.at(-1)
  if (!last) return null
  const isPrefix = text.length < chunk.length && last.end === text.length && LONG_ENOUGH.test(last.form)
  // Which signs count is what counts of a keyword.
  const typed = partsOf(text, 'exact')
  const parts = found.map(({ form, beginsSentence }, index) => {
    const { before = '', after = '', within = '', isHalf = false } = typed[index] ?? {}
    return { form, before, after, within, beginsSentence, isHalf }
  })
  return { parts, isPrefix }
}

/**
 * The same for FTS5. `facets` are all asked for, one of each list. `everything` is asked for where nothing else is, since
 * without has to be without something.
 */
export function matchOf({ wanted, unwanted }: Query, facets: string[][], everything: string[]): string {
  const parts = [...wanted.map(matchOfTerm), ...facets.map(anyOf)]
  const all = parts.length > 0 ? parts.join(' AND ') : anyOf(everything)
  return unwanted.length === 0 ? all : `(${all}) NOT (${unwanted.map(matchOfTerm).join(' OR ')})`
}

function matchOfTerm(term: Term): string {
  const { parts, isPrefix } = term
  const last = parts.length - 1
  const signed = parts.flatMap(({ form, before, after, within }, index) => {
    const bound = within
      ? [quoted(boundForm(parts[index - 1]?.form ?? '', within, form), isPrefix && index === last)]
      : []
    return [
      ...bound,
      ...(before ? [quoted(signedForm(before, form, ''), isPrefix && index === last)] : []),
      ...(after ? [quoted(signedForm('', form, after), false)] : []),
    ]
  })
  const all = [phraseOf(term), ...signed]
  return all.length === 1 ? (all[0] as string) : `(${all.join(' AND ')})`
}

/** Words that half-spaces part are looked for as one word as well, where they are all there is. */
function phraseOf({ parts, isPrefix }: Term): string {
  const words = parts.map(({ form, beginsSentence }) => (beginsSentence ? `${SENTENCE_END} ${form}` : form)).join(' ')
  const phrase = quoted(words, isPrefix)
  const isOneWord = parts.length > 1 && parts.slice(1).every(({ isHalf }) => isHalf)
  return isOneWord ? `(${phrase} OR ${quoted(parts.map(({ form }) => form).join(''), isPrefix)})` : phrase
}

function quoted(words: string, isPrefix: boolean): string {
  return `"${words}"${isPrefix ? ' *' : ''}`
}

function anyOf(facets: string[]): string {
  return `(${facets.map((facet) => `"${facet}"`).join(' OR ')})`
}
