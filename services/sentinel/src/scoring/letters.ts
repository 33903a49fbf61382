import { unmixed } from './look-alikes'
import { withoutParticles } from './particles'

/** Nobody types more; what is longer (a hash, a key in base64) is found by its begin. */
const MAX_LENGTH = 64
const MARKED = /([\p{Script=Latin}\p{Script=Greek}])\p{M}+/gu
/** Vowel signs of Arabic and its hamza. */
const SIGNS = /[\u064b-\u065f\u0670]/g
/** Letters that people and keyboards write for one another. */
const LETTERS = new Map(
  ('æae œoe øo đd ðd łl ıi þth ħh ŧt ĸk ɨi ƶz ' + 'یي ىي ېي ےي کك ڪك ڬك ةه ہه ھه ۀه ەه ۂه ۃه ٱا ٲا ٳا ۆو ۇو')
    .split(' ')
    .map((pair): [string, string] => [pair.charAt(0), pair.slice(1)]),
)

const bareUnits = new Map<number, string>()

/**
 * What two words are compared by where they are the same word: the folded word without what people leave out when they type (café as
 * cafe, müller as muller; й stays), letters that look alike or stand for one another as one of them, a Korean noun without its particle.
 */
export function bareForm(word: string): string {
  if (isAscii(word)) return word.slice(0, MAX_LENGTH)
  const whole = unmixed(word) ?? word
  let bare = ''
  for (let at = 0; at < whole.length; at++) {
    const unit = whole.charCodeAt(at)
    bare += unit < 0x80 ? whole.charAt(at) : bareUnit(unit)
  }
  return shortened(withoutParticles(bare))
}

function bareUnit(unit: number): string {
  let bare = bareUnits.get(unit)
  if (bare === undefined) bareUnits.set(unit, (bare = bareLetter(String.fromCharCode(unit))))
  return bare
}

function bareLetter(letter: string): string {
  const known = LETTERS.get(letter)
  if (known !== undefined) return known
  const plain = letter.normalize('NFD').replace(MARKED, '$1').replace(SIGNS, '').normalize('NFC')
  return plain === letter ? letter : (LETTERS.get(plain) ?? plain)
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
