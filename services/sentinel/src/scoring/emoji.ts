import { Unit } from './unit'

const VARIATION = 0xfe0f
const JOINER = 0x200d
const PRESENTED = /^\p{Emoji_Presentation}$/u
const PICTURE = /^\p{Extended_Pictographic}$/u
const FLAG_LETTER = /^\p{Regional_Indicator}$/u
/** What a character that is no letter is: an emoji, a sign that is one in colour, or a separator. */
export function emojiKind(char: string): number {
  if (PRESENTED.test(char) || FLAG_LETTER.test(char)) return Unit.emoji
  if (!PICTURE.test(char)) return Unit.separator
  const point = char.codePointAt(0) as number
  return point > 0xffff || (point >= 0x2600 && point <= 0x27bf) ? Unit.emoji : Unit.symbol
}

/**
 * The emoji that begins there: where it ends, and how it is written without the tone of a skin, its colour and the sign of a man or
 * woman, which people mean or their keyboard adds. Two letters of a flag are one, so is what joiners bind together.
 */
export function emojiAt(text: string, from: number): { end: number; word: string } {
  const first = text.codePointAt(from) as number
  let end = from + width(first)
  let word = String.fromCodePoint(first)
  if (isFlagLetter(first) && isFlagLetter(text.codePointAt(end) ?? 0)) {
    word += String.fromCodePoint(text.codePointAt(end) as number)
    return { end: end + 2, word }
  }
  for (let point = text.codePointAt(end); point !== undefined; point = text.codePointAt(end)) {
    const joined = point === JOINER ? (text.codePointAt(end + 1) ?? 0) : 0
    if (isDecoration(point)) end += width(point)
    else if (isTag(point)) [word, end] = [word + String.fromCodePoint(point), end + width(point)]
    else if (joined === 0x2640 || joined === 0x2642) end += 2
    else if (joined !== 0 && PICTURE.test(String.fromCodePoint(joined)))
      [word, end] = [`${word}\u200d${String.fromCodePoint(joined)}`, end + 1 + width(joined)]
    else break
  }
  return { end, word }
}

function isDecoration(point: number): boolean {
  return point === VARIATION || point === 0xfe0e || (point >= 0x1f3fb && point <= 0x1f3ff)
}

/** What follows a flag to make it one of a region. */
function isTag(point: number): boolean {
  return point >= 0xe0020 && point <= 0xe007f
}

function isFlagLetter(point: number): boolean {
  return point >= 0x1f1e6 && point <= 0x1f1ff
}

function width(point: number): number {
  return point > 0xffff ? 2 : 1
}
