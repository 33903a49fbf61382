import { httpError } from './errors'

/** No document of ours is nested so deep, nor has so many values; what is takes a parser long, whatever it says. */
const MAX_DEPTH = 64
const MAX_FIELDS = 20_000
const MAX_VALUES = 150_000

const QUOTE = 0x22
const BACKSLASH = 0x5c

/**
 * Refuses JSON that is costly by its form alone, before it is parsed: 250,000 lists in one another take a parser as long as a second.
 * Texts are passed over, however long. @throws ApiError INVALID_JSON
 */
export function requireBoundedShape(text: string): void {
  let [depth, fields, values] = [0, 0, 0]
  for (let at = 0; at < text.length; at++) {
    const sign = text.charCodeAt(at)
    if (sign === QUOTE) at = endOfText(text, at)
    else if (sign === 0x5b || sign === 0x7b) depth++
    else if (sign === 0x5d || sign === 0x7d) depth--
    else if (sign === 0x3a) fields++
    else if (sign === 0x2c) values++
    if (depth > MAX_DEPTH) throw httpError('INVALID_JSON', `The body is nested deeper than ${MAX_DEPTH} levels.`)
    if (fields > MAX_FIELDS) throw httpError('INVALID_JSON', `The body has more than ${MAX_FIELDS} fields.`)
    if (values > MAX_VALUES) throw httpError('INVALID_JSON', `The body has more than ${MAX_VALUES} values.`)
  }
}

/** Where the text that begins at a quote ends; the end of all where it does not. */
function endOfText(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let from = at
    while (text.charCodeAt(from - 1) === BACKSLASH) from--
    if ((at - from) % 2 === 0) return at
  }
  return text.length
}
