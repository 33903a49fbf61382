import { stemmer as english } from '@orama/stemmers/english'
import { stemmer as french } from '@orama/stemmers/french'
import { stemmer as german } from '@orama/stemmers/german'
import { stemmer as italian } from '@orama/stemmers/italian'
import { stemmer as portuguese } from '@orama/stemmers/portuguese'
import { stemmer as russian } from '@orama/stemmers/russian'
import { stemmer as spanish } from '@orama/stemmers/spanish'
import { stemmer as ukrainian } from '@orama/stemmers/ukrainian'
import { MORE_CYRILLIC, SHORT_LATIN } from './beyond-stems'
import {
  ENGLISH,
  FRENCH,
  GERMAN,
  GERMAN_UMLAUT,
  ITALIAN,
  PORTUGUESE,
  RUSSIAN,
  SPANISH,
  TURKISH,
  UKRAINIAN,
  type Paradigm,
} from './paradigms'
import { turkishBase } from './turkish'

/** How one language inflects its words. */
export interface Inflection {
  /** Evens out what changes inside of a base. */
  even: (word: string) => string
  stem: (word: string) => string
  /** Whether two words are forms that are the same once they are evened out. */
  isSame: (a: string, b: string) => boolean
  /** For two words of one stem, as they are. */
  paradigms: (a: string, b: string) => readonly Paradigm[]
  /** Also words of three letters: bug, bugs. */
  isShortToo?: boolean
}

function inflection(
  stem: Inflection['stem'],
  paradigms: readonly Paradigm[],
  even: Inflection['even'] = (word) => word,
  isSame: Inflection['isSame'] = accentLeftOut,
): Inflection {
  return { even, stem: (word) => even(stem(word)), isSame, paradigms: () => paradigms }
}

export const LATIN: readonly Inflection[] = [
  inflection(english, ENGLISH),
  {
    even: withoutUmlauts,
    // The stemmer takes the end of Problem and System for an ending.
    stem: (word) => withoutUmlauts(/[lt]em$/.test(word) ? word : german(word)),
    isSame: () => false,
    paradigms: (a, b) => (isUmlauted(a) === isUmlauted(b) ? germanOf(a, b) : GERMAN_UMLAUT),
  },
  inflection(french, FRENCH),
  inflection((word) => spanish(word.replace(/ces$/, 'z')), SPANISH, withoutAccents),
  inflection((word) => italian(word.replace(/(?<=[cg])e$/, 'ia')), ITALIAN, withoutAccents),
  inflection(
    (word) => portuguese(word.replace(/([aeiou])ns$/, '$1m').replace(/ções$/, 'ção')),
    PORTUGUESE,
    withoutAccents,
  ),
  inflection(turkishBase, TURKISH, turkishBase, () => true),
  ...SHORT_LATIN,
]

export const CYRILLIC: readonly Inflection[] = [
  { even: fleeting, stem: (word) => russian(fleeting(word)), isSame: () => false, paradigms: () => RUSSIAN },
  { even: closed, stem: (word) => ukrainian(closed(word)), isSame: () => false, paradigms: () => UKRAINIAN },
  ...MORE_CYRILLIC,
]

/** English verbs in -e and -en of an adjective or noun (short, shorten), and nouns beside an adjective (moral, morale). */
const ENGLISH_BASE =
  /^(?:short|threat|strength|length|height|tight|light|bright|fright|quick|thick|sharp|black|sweet|straight|heart|fresh|broad|cheap|human|moral|local|breath|urban|cloth|ration|artist|final|christ|moist|rough|tough|white|loose|german|organ|critiqu|techniqu|divers|immens)$/

function germanOf(a: string, b: string): readonly Paradigm[] {
  return ENGLISH_BASE.test(a) || ENGLISH_BASE.test(b) ? [] : GERMAN
}

/** In a short word an accent tells words apart: esta, está. */
function accentLeftOut(a: string, b: string): boolean {
  return Math.min(a.length, b.length) > 5 && !isUmlauted(a + b)
}

function isUmlauted(word: string): boolean {
  return /[äöü]/.test(word)
}

function withoutUmlauts(word: string): string {
  return word.replaceAll('ä', 'a').replaceAll('ö', 'o').replaceAll('ü', 'u').replaceAll('ß', 'ss')
}

/** ñ and ç are letters of their own. */
function withoutAccents(word: string): string {
  return isAscii(word)
    ? word
    : word
        .normalize('NFD')
        .replace(/(?<![nc])[\u0300-\u036f]|(?<=n)\u0301/gu, '')
        .normalize('NFC')
}

function isAscii(word: string): boolean {
  return /^[a-z]*$/.test(word)
}

/** A vowel that comes between the last consonants where no ending follows: утечка, утечек; список, списка. */
function fleeting(word: string): string {
  if (word.length < 5) return word
  return word.replace(/([бвгджзклмнпрстфхцчшщ])[ое]к$/, '$1к').replace(/([лн])ец$/, '$1ьц')
}

/** Ukrainian і of a closed syllable: вразливість, вразливості; витік, витоку. */
function closed(word: string): string {
  return word.length < 5 ? word : word.replace(/іст(ь|ю)$/, 'ост$1').replace(/([тк])ік$/, '$1ок')
}
