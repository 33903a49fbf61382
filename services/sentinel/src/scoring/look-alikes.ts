const PAIRS = 'aа eе oо pр cс yу xх kк mм tт bв hн iі jј sѕ'.split(' ')
const TO_CYRILLIC = new Map(PAIRS.map(([latin = '', cyrillic = '']) => [latin, cyrillic]))
const TO_LATIN = new Map(PAIRS.map(([latin = '', cyrillic = '']) => [cyrillic, latin]))
const GREEK = new Map(
  'αa βb εe ζz ηn ιi κk μm νv οo ρp τt υu χx γy ωw σo'.split(' ').map(([greek = '', latin = '']) => [greek, latin]),
)

/**
 * A folded word that mixes Latin letters with Cyrillic or Greek ones, in the script of most of its letters; null for a word of one
 * script, and where a letter has no look-alike there. One Cyrillic letter beside digits (1с) is taken for the Latin one, which nothing
 * can tell from it. Capitals are folded before.
 */
export function unmixed(word: string): string | null {
  const { latin, cyrillic, greek, digits } = lettersOf(word)
  if (greek > 0) return latin > greek && cyrillic === 0 ? replacedWhole(word, GREEK, /[\u03b1-\u03c9]/) : null
  if (cyrillic === 0) return null
  if (latin === 0) return cyrillic === 1 && digits > 0 ? replacedWhole(word, TO_LATIN, /[\u0400-\u04ff]/) : null
  // Where it cannot be that of most letters, the others are the real ones.
  const [first, second] = latin >= cyrillic ? [TO_LATIN, TO_CYRILLIC] : [TO_CYRILLIC, TO_LATIN]
  return oneScript(replaced(word, first)) ?? oneScript(replaced(word, second))
}

/** How many there are of each. */
function lettersOf(word: string) {
  const found = { latin: 0, cyrillic: 0, greek: 0, digits: 0 }
  for (let at = 0; at < word.length; at++) {
    const unit = word.charCodeAt(at)
    if (unit >= 0x61 && unit <= 0x7a) found.latin++
    else if (unit >= 0x400 && unit <= 0x4ff) found.cyrillic++
    else if (unit >= 0x3b1 && unit <= 0x3c9) found.greek++
    else if (unit >= 0x30 && unit <= 0x39) found.digits++
  }
  return found
}

/** Null where a letter of the other script is left. */
function replacedWhole(word: string, map: ReadonlyMap<string, string>, others: RegExp): string | null {
  const whole = replaced(word, map)
  return others.test(whole) ? null : whole
}

function replaced(word: string, map: ReadonlyMap<string, string>): string {
  return Array.from(word, (letter) => map.get(letter) ?? letter).join('')
}

function oneScript(word: string): string | null {
  return isMixed(word) ? null : word
}

function isMixed(word: string): boolean {
  return /[a-z]/.test(word) && /[\u0400-\u04ff]/.test(word)
}
