import { Tokens } from '../scoring/tokens'

/** A word of a text: how it is looked for, and where it stands (UTF-16 units of the text as it was given). */
export interface Word {
  form: string
  start: number
  end: number
}

/** Nobody types more; what is longer (a hash, a key in base64) is found by its begin. */
const MAX_LENGTH = 64

/**
 * Cuts texts into words as scoring does (NFKC, any case, ё as е, nothing invisible; Chinese, Japanese, Thai and the like
 * character by character), and forgives accents besides. What is searched and what is searched for go the same way.
 */
export class Words {
  private readonly tokens = new Tokens()

  of(text: string): Word[] {
    const { tokens } = this
    tokens.read(text)
    const words: Word[] = []
    for (let index = 0; index < tokens.count; index++) {
      const form = searchForm(tokens.word(index))
      if (form !== '') words.push({ form, start: tokens.starts[index] as number, end: tokens.ends[index] as number })
    }
    return words
  }
}

const MARKED = /([\p{Script=Latin}\p{Script=Greek}])\p{M}+/gu
/** Vowel signs of Arabic and its hamza, the line that stretches words, vowel points of Hebrew. */
const SIGNS = /[\u064b-\u065f\u0670\u0640\u0591-\u05c7]/g
const LETTERS: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  ı: 'i',
  þ: 'th',
  ς: 'σ',
}
const LETTER = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'g')

/** A folded word without what people leave out when they type: café as cafe, müller as muller; й stays. */
export function searchForm(word: string): string {
  if (isAscii(word)) return word.slice(0, MAX_LENGTH)
  const bare = word.normalize('NFD').replace(MARKED, '$1').replace(SIGNS, '').normalize('NFC')
  return shortened(bare.replace(LETTER, (letter) => LETTERS[letter] as string))
}

function isAscii(word: string): boolean {
  for (let at = 0; at < word.length; at++) if (word.charCodeAt(at) > 127) return false
  return true
}

/** No character is torn into halves of a surrogate pair. */
function shortened(word: string): string {
  if (word.length <= MAX_LENGTH) return word
  const last = word.charCodeAt(MAX_LENGTH - 1)
  return word.slice(0, last >= 0xd800 && last <= 0xdbff ? MAX_LENGTH - 1 : MAX_LENGTH)
}
