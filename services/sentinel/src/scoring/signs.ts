import { foldedPoint, foldedUnits, unitKind } from './fold'
import { Unit } from './unit'

/** Signs that count at a word's begin or end where they were typed. Others (quotes, brackets, markup) are how people set words off. */
const LEADING = new Set('#@.+-/%&§°')
const TRAILING = new Set('+#%&°‰')
/** Behind a letter these begin nothing: bob@ada, 5-10, and/or. */
const ONLY_FREE = new Set('@+-/%&')
/** The words that these begin are names, which go on over an underscore: @ada is not @ada_l. */
const NAMING = new Set('#@')
export const GOES_ON = '_'
/** Signs that tell words apart which are written together: node.js, 10:30, AT&T. Hyphens, quotes and brackets do not. */
const DECIDING = new Set('./:@+#%&=\\§')
/** These join words also with blanks on both sides. */
const JOINING = new Set('&+/=')
const LONGEST_RUN = 4

/** Ends a sentence whatever follows. */
const FULL_STOP =
  /[\u3002\uff61\uff01\uff1f\uff1b\u2026\u061f\u06d4\u0589\u0964\u0965\u104a\u104b\u17d4\u17d5\u1362\u1367\u1368\u1803\u1809\u203c\u2047-\u2049\ufe52\ufe56\ufe57]|\.\./u
/** Ends one before a blank. */
const STOP = /[.!?;\u037e]/
/** A single stop, of which the word before may say that it ends no sentence. */
const BARE_STOP = /^\.\s+$/u
const ABBREVIATIONS = new Set(
  (
    'mr mrs dr st vs jr sr nr prof inc ltd co corp dept vol approx mt ft rev hon capt lt sgt col bzw ' +
    'мр ул им св гг стр рис обл просп проф акад вул sra srta'
  ).split(' '),
)

/** The sign that a word begins with: #btc, $100, @ada, .net; nothing where there is none that counts. `GOES_ON` follows that of a longer name. */
export function signBefore(text: string, start: number, end: number): string {
  const at = skipInvisible(text, start - 1, -1)
  const sign = signAt(text, at)
  if (sign === ' ') return moneyBeyond(text, start, at)
  if (!LEADING.has(sign) && !isMoney(sign)) return ''
  if (sign === '-' && !isDigit(text, start)) return ''
  const length = runLength(text, at, -1, sign)
  if (sign === '.' && length > 1) return ''
  if (ONLY_FREE.has(sign) && isWordAt(text, at - length)) return ''
  const goesOn = NAMING.has(sign) && text.charAt(end) === '_' && isWordAt(text, end + 1)
  return sign.repeat(Math.min(length, LONGEST_RUN)) + (goesOn ? GOES_ON : '')
}

/** The sign that a word ends with: c++, c#, 10%, 100 €. */
export function signAfter(text: string, end: number): string {
  const at = skipInvisible(text, end, 1)
  const sign = signAt(text, at)
  if (sign === ' ') return rateBeyond(text, end, at)
  if (!TRAILING.has(sign) && !isMoney(sign)) return ''
  return sign.repeat(Math.min(runLength(text, at, 1, sign), LONGEST_RUN))
}

/** Where signs end that begin at the edge of a word. */
export function beyondSign(text: string, edge: number, step: number, signs: string): number {
  let at = edge
  for (let left = signs.replace(GOES_ON, '').length; left > 0; at += step) {
    const sign = signAt(text, step < 0 ? at - 1 : at)
    if (sign !== '' && sign !== ' ') left--
  }
  return at
}

/** The signs that bind two words together which stand at both ends of a gap; nothing where any gap will do. */
export function signsWithin(text: string, from: number, to: number): string {
  if (to - from < 1) return ''
  let signs = ''
  let blanks = 0
  for (let at = from; at < to; at++) {
    const sign = signAt(text, at)
    if (sign === ' ') blanks++
    else if (DECIDING.has(sign) || isMoney(sign)) signs += sign
  }
  if (blanks === 0 || signs === '') return signs
  const isBetween = signAt(text, from) === ' ' && signAt(text, to - 1) === ' '
  return isBetween && JOINING.has(signs) ? signs : ''
}

/** Whether a sentence ends between two words; `before` is the first of them. */
export function endsSentence(text: string, from: number, to: number, before: () => string): boolean {
  if (to - from < 1) return false
  if (to - from === 1) {
    const unit = text.charCodeAt(from)
    if (unit < 0x80) return false
  }
  const gap = text.slice(from, to)
  if (FULL_STOP.test(gap)) return true
  const stop = gap.search(STOP)
  if (stop < 0 || !/\s/u.test(gap.slice(stop))) return false
  return !(BARE_STOP.test(gap) && isAbbreviation(before()))
}

/** Of a person's first name, or a word that is cut short: J. Smith, St. Petersburg. */
function isAbbreviation(word: string): boolean {
  return (word.length === 1 && /\p{Ll}/u.test(word)) || ABBREVIATIONS.has(word)
}

/** A price may have a blank: $ 100. */
function moneyBeyond(text: string, start: number, at: number): string {
  const sign = signAt(text, at - 1)
  return isMoney(sign) && isDigit(text, start) ? sign : ''
}

/** So may 100 € and 10 %. */
function rateBeyond(text: string, end: number, at: number): string {
  const sign = signAt(text, at + 1)
  return (isMoney(sign) || sign === '%') && isDigit(text, end - 1) && !isWordAt(text, at + 2) ? sign : ''
}

function runLength(text: string, from: number, step: number, sign: string): number {
  let length = 1
  while (signAt(text, from + length * step) === sign) length++
  return length
}

/** The folded sign there; empty for a letter, what is invisible, and beyond the text. */
function signAt(text: string, at: number): string {
  if (at < 0 || at >= text.length) return ''
  const unit = text.charCodeAt(at)
  return unitKind(unit) === Unit.separator ? String.fromCharCode(foldedUnits[unit] as number) : ''
}

function isMoney(sign: string): boolean {
  return sign === '$' || (sign > '\x7f' && /^\p{Sc}$/u.test(sign))
}

function isDigit(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  if (Number.isNaN(unit)) return false
  unitKind(unit)
  const folded = foldedUnits[unit] as number
  return folded >= 0x30 && folded <= 0x39
}

function isWordAt(text: string, at: number): boolean {
  if (at < 0 || at >= text.length) return false
  const kind = unitKind(text.charCodeAt(at))
  if (kind !== Unit.surrogate) return kind === Unit.word || kind === Unit.single || kind === Unit.several
  const from = isLowSurrogate(text.charCodeAt(at)) ? at - 1 : at
  const point = foldedPoint(text.codePointAt(Math.max(0, from)) as number)
  return point.kind === Unit.word || point.kind === Unit.several
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}

function skipInvisible(text: string, from: number, step: number): number {
  let at = from
  while (at >= 0 && at < text.length && unitKind(text.charCodeAt(at)) === Unit.invisible) at += step
  return at
}
