import { emojiKind } from './emoji'
import { Unit } from './unit'

/** Of each UTF-16 unit its kind, `unknown` where `learnBlock` has not seen it yet; and of those of one unit what they fold to. */
export const unitKinds = new Uint8Array(65536).fill(Unit.unknown)
export const foldedUnits = new Uint16Array(65536)

const WORD = /^[\p{L}\p{N}]$/u
const UNSPACED =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\u30fc]$/u
const INVISIBLE =
  /^[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200d-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\u{e0000}-\u{e007f}]$/u
/** The last are Armenian marks that stand on a vowel inside a word. */
const OPTIONAL =
  /^[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u07fa\u08d3-\u08ff\u055b-\u055e]$/u
/** Parts of letters that are two characters when they are taken apart: syllables of Hangul, vowels of India, voiced kana. */
const JOINING =
  /^[\u093c\u09be\u09d7\u0b3e\u0b56\u0b57\u0bbe\u0bd7\u0c56\u0cc2\u0cd5\u0cd6\u0d3e\u0d57\u0dca\u0dcf\u0ddf\u1161-\u1175\u11a8-\u11c2\u1b35\u3099\u309a]$/u
const TAIL =
  /^[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u1056-\u109d\u17b6-\u17dd]$/u
/** Marks that letters of several scripts may bear; those of one script are part of how it is written. */
const COMMON_MARK = /^[\p{Script=Inherited}\u0483-\u0489]$/u
const MARK = /^\p{M}$/u
const APOSTROPHE = /^['’‘‛ʼʹʻʽʾʿˈ`´′＇׳ꞌ]$/u
const DASH = /^[\p{Pd}\u2212\u05be]$/u
/** Signs beside a word, although they are called letters or fold to some. */
const TRADE_SIGN = /^[™℠©®℗]$/u
/** A letter that is an emoji. */
const INFORMATION = 'ℹ'

const SMALL_CAPITALS = new Map(
  'ᴀa ʙb ᴄc ᴅd ᴇe ꜰf ɢg ʜh ɪi ᴊj ᴋk ʟl ᴍm ɴn ᴏo ᴘp ꞯq ʀr ꜱs ᴛt ᴜu ᴠv ᴡw ʏy ᴢz'
    .split(' ')
    .map(([from = '', to = '']) => [from, to]),
)
const YIDDISH = new Map([
  ['װ', 'וו'],
  ['ױ', 'וי'],
  ['ײ', 'יי'],
])

/** What a character is and folds to; of several, what is written for it. */
export interface Folded {
  kind: number
  text: string
  /** A sign that is read alone wherever it stands: ①, ½. */
  isApart: boolean
}

const points = new Map<number, Folded>()
const severals = new Map<number, Folded>()

/** Works out a block of 256 units when it is first met; the kind of this one. */
export function learnBlock(unit: number): number {
  const first = unit & 0xff00
  for (let each = first; each < first + 256; each++) learnUnit(each)
  return unitKinds[unit] as number
}

export function unitKind(unit: number): number {
  const kind = unitKinds[unit] as number
  return kind === Unit.unknown ? learnBlock(unit) : kind
}

/** What a unit of the kind `several` folds to. */
export function expansionOf(unit: number): Folded {
  return severals.get(unit) as Folded
}

/** A character beyond the first 65,536. */
export function foldedPoint(point: number): Folded {
  let folded = points.get(point)
  if (!folded) points.set(point, (folded = foldedOf(String.fromCodePoint(point))))
  return folded
}

function learnUnit(unit: number): void {
  const isSurrogate = unit >= 0xd800 && unit <= 0xdfff
  const folded = isSurrogate
    ? { kind: Unit.surrogate, text: '\0', isApart: false }
    : foldedOf(String.fromCharCode(unit))
  unitKinds[unit] = folded.kind
  foldedUnits[unit] = folded.text.charCodeAt(0)
  if (folded.kind === Unit.several) severals.set(unit, folded)
}

function foldedOf(char: string): Folded {
  const text = foldChar(char)
  const isApart = char === '№' || (/^\p{No}$/u.test(char) && !/^[⁰¹²³⁴-⁹₀-₉]$/u.test(char))
  return { kind: isApart ? Unit.several : kindOf(char, text), text: text || char, isApart }
}

function kindOf(char: string, text: string): number {
  const mark = markKind(char, text)
  if (mark !== undefined) return mark
  if (APOSTROPHE.test(char) || DASH.test(char) || TRADE_SIGN.test(char)) return Unit.separator
  if (char === INFORMATION) return Unit.symbol
  if ([...text].length > 1) return /[\p{L}\p{N}]/u.test(text) ? Unit.several : Unit.separator
  if (UNSPACED.test(text)) return wordKind(text, Unit.single)
  if (WORD.test(text)) return wordKind(text)
  return emojiKind(char)
}

/** What is no character of its own; undefined for others. */
function markKind(char: string, text: string): number | undefined {
  if (char === '\u200c') return Unit.halfSpace
  if (char === '\u20e3') return Unit.keycap
  if (INVISIBLE.test(char)) return Unit.invisible
  if (OPTIONAL.test(char)) return Unit.optional
  if (JOINING.test(text)) return Unit.joining
  if (TAIL.test(char)) return Unit.tail
  if (MARK.test(char)) return COMMON_MARK.test(char) ? Unit.mark : wordKind(text)
  return undefined
}

/** Beyond the first 65,536 a letter has two units. */
function wordKind(text: string, kind: number = Unit.word): number {
  return text.length === 1 || kind === Unit.single ? kind : Unit.word
}

function foldChar(char: string): string {
  if (APOSTROPHE.test(char)) return "'"
  if (DASH.test(char)) return '-'
  if (/^\p{Nd}$/u.test(char)) return digitOf(char.codePointAt(0) as number)
  if (/^\p{Zs}$|^\s$/u.test(char)) return ' '
  if (TRADE_SIGN.test(char)) return char
  if (char === '♯') return '#'
  const enclosed = enclosedLetter(char.codePointAt(0) as number)
  if (enclosed) return enclosed
  return lettersOf(SMALL_CAPITALS.get(char) ?? YIDDISH.get(char) ?? char)
}

/** NFKC, lower case; ё as е, ß as ss, the final sigma as any. */
function lettersOf(char: string): string {
  if (char === 'İ') return 'i'
  const digits = foldText(char).replace(/\p{Nd}/gu, (digit) => digitOf(digit.codePointAt(0) as number))
  return digits.replaceAll('ß', 'ss').replaceAll('ς', 'σ').replaceAll('\u2044', '/')
}

/** Digits of a script stand in a row of ten. */
function digitOf(point: number): string {
  if (point >= 0x1d7ce && point <= 0x1d7ff) return String((point - 0x1d7ce) % 10)
  let first = point
  while (/^\p{Nd}$/u.test(String.fromCodePoint(first - 1))) first--
  return String((point - first) % 10)
}

/** Letters in parentheses, and white on a black circle or square. */
function enclosedLetter(point: number): string | undefined {
  for (const [first, last] of ENCLOSED)
    if (point >= first && point <= last) return String.fromCharCode(0x61 + point - first)
  return undefined
}

const ENCLOSED = [
  [0x249c, 0x24b5],
  [0x1f110, 0x1f129],
  [0x1f150, 0x1f169],
  [0x1f170, 0x1f189],
] as const

/** NFKC, lower case, ё as е: of a text as a whole, for what is compared otherwise than by words. */
export function foldText(text: string): string {
  return text.normalize('NFKC').toLowerCase().normalize('NFKC').replaceAll('ё', 'е')
}
