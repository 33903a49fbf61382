/**
 * How one UTF-16 code unit takes part in a word, and what it folds to (NFKC, lower case, ё as е).
 * A unit that cannot be judged alone (a combining mark, half of a surrogate pair, one that folds to several) is `complex`:
 * the text that has it goes the slower way, by clusters.
 */
export const Unit = {
  separator: 0,
  /** Part of a word; the folded unit is in `foldedUnit`. */
  word: 1,
  /** A word of its own: scripts that put no space between words. */
  single: 2,
  /** Invisible inside a word: zero-width characters, soft hyphen, variation selectors. */
  ignored: 3,
  complex: 4,
} as const

const WORD = /^[\p{L}\p{N}]$/u
const UNSPACED =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]$/u
const INVISIBLE =
  /^[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20e3\u3164\ufe00-\ufe0f\ufeff\uffa0]$/u
const MARK = /^\p{M}$/u

const kinds = new Uint8Array(65536)
const folded = new Uint16Array(65536)
const blockKnown = new Uint8Array(256)

/** Kind of a code unit; a block of 256 is worked out when it is first met. */
export function unitKind(unit: number): number {
  if (blockKnown[unit >> 8] === 0) learnBlock(unit >> 8)
  return kinds[unit] as number
}

/** The folded unit of a word or single unit. */
export function foldedUnit(unit: number): number {
  return folded[unit] as number
}

function learnBlock(block: number): void {
  for (let unit = block << 8; unit < (block + 1) << 8; unit++) learnUnit(unit)
  blockKnown[block] = 1
}

function learnUnit(unit: number): void {
  const text = String.fromCharCode(unit)
  const whole = foldText(text)
  kinds[unit] = kindOf(text, whole)
  folded[unit] = whole.charCodeAt(0)
}

function kindOf(text: string, whole: string): number {
  const unit = text.charCodeAt(0)
  if (unit >= 0xd800 && unit <= 0xdfff) return Unit.complex
  if (INVISIBLE.test(text)) return Unit.ignored
  if (MARK.test(text)) return Unit.complex
  if (whole.length !== 1) return /[\p{L}\p{N}]/u.test(whole) ? Unit.complex : Unit.separator
  if (UNSPACED.test(whole)) return Unit.single
  return WORD.test(whole) ? Unit.word : Unit.separator
}

/** NFKC, lower case, ё as е: for a character or a cluster of them. */
export function foldText(text: string): string {
  return text.normalize('NFKC').toLowerCase().normalize('NFKC').replaceAll('ё', 'е')
}

/** Kind of a whole character (a code point) that is already folded. */
export function pointKind(point: string): number {
  if (point.length === 1) {
    const kind = unitKind(point.charCodeAt(0))
    if (kind !== Unit.complex) return kind
  }
  if (UNSPACED.test(point)) return Unit.single
  return WORD.test(point) || MARK.test(point) ? Unit.word : Unit.separator
}
