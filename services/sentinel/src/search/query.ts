import type { Words } from './words'

/** Words that follow one another; of the last one the begin is enough where `isPrefix`. */
export interface Term {
  forms: string[]
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
 * together (zero-day, 東京都) follows one another, too. Everything else is no part of a word, and means nothing.
 */
export function parseQuery(q: string, words: Words): Query {
  const query: Query = { wanted: [], unwanted: [] }
  for (const [, minus, quoted, star, bare = ''] of q.matchAll(CHUNK)) {
    const term = termOf(quoted === undefined ? bare : quoted + star, words)
    if (term) (minus ? query.unwanted : query.wanted).push(term)
  }
  return query
}

function termOf(chunk: string, words: Words): Term | null {
  const text = chunk.replace(/\*+$/, '')
  const found = words.of(text)
  const last = found.at(-1)
  if (!last) return null
  const isPrefix = text.length < chunk.length && last.end === text.length && LONG_ENOUGH.test(last.form)
  return { forms: found.map(({ form }) => form), isPrefix }
}

/**
 * The same for FTS5. `facets` are all asked for, one of each list. `everything` is asked for where nothing else is, since
 * without has to be without something.
 */
export function matchOf({ wanted, unwanted }: Query, facets: string[][], everything: string[]): string {
  const parts = [...wanted.map(phraseOf), ...facets.map(anyOf)]
  const all = parts.length > 0 ? parts.join(' AND ') : anyOf(everything)
  return unwanted.length === 0 ? all : `(${all}) NOT (${unwanted.map(phraseOf).join(' OR ')})`
}

function phraseOf({ forms, isPrefix }: Term): string {
  return `"${forms.join(' ')}"${isPrefix ? ' *' : ''}`
}

function anyOf(facets: string[]): string {
  return `(${facets.map((facet) => `"${facet}"`).join(' OR ')})`
}
