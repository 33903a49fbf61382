/** A null character, which C takes for an end, and half of a surrogate pair, which no UTF-8 can carry, are in no text of anybody. */
const ILL_FORMED = /\0|\p{Surrogate}/u
const ESCAPED = /\\u(0000|[dD][89a-fA-F])/

export interface IllFormedPart {
  /** As in `items.1.text`; empty for the value itself. */
  place: string
  what: string
}

/** Whether JSON text may hold what `illFormedPart` finds: it can only come in as an escape. */
export function mayBeIllFormed(json: string): boolean {
  return ESCAPED.test(json)
}

export function isWellFormed(text: string): boolean {
  return !ILL_FORMED.test(text)
}

/** The same with a sign of replacement for each half of a character. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD')
}

/** The first text of a value, or name of a field, that has a null character or half of a character. */
export function illFormedPart(value: unknown, path: readonly string[] = []): IllFormedPart | null {
  if (typeof value === 'string') return isWellFormed(value) ? null : { place: path.join('.'), what: ailmentOf(value) }
  if (value === null || typeof value !== 'object') return null
  for (const [name, inner] of Object.entries(value)) {
    if (!isWellFormed(name)) return { place: path.join('.'), what: `a field whose name has ${ailmentOf(name)}` }
    const found = illFormedPart(inner, [...path, name])
    if (found) return found
  }
  return null
}

function ailmentOf(text: string): string {
  return text.includes('\0') ? 'a null character' : 'half of a character (a lone surrogate)'
}
