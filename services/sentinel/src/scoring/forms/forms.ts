import { CYRILLIC, LATIN, type Inflection } from './languages'
import type { Paradigm } from './paradigms'

/** Shorter words match only as they are, but for the cases and plurals of those with three letters. */
const SHORTEST = 4
/** Nobody inflects a key in base64. */
const LONGEST = 40
const SHORTEST_STEM = 3
/** An ending may begin within what two words have in common: критическ-ий, критическ-ие. */
const DEEPEST_CUT = 3

const LATIN_WORD = /^[a-z\u00df-\u024f]+$/
const CYRILLIC_WORD = /^[а-яѐ-џґ]+$/

/** Words that look like forms of one another and are not: those of one group. */
const STRANGERS = [
  'new news|len lens|mar mars|doe does|thu thus|mas mass',
  'даль дал|душ душа душе души душу|мат мата|вов вова вове вову|тем тема темы теме|рот рота роты роте роту|пол пола|вод вода|час чаша',
  'even evening|quota quote|schema scheme|ceil ceiling|morn morning|good goods|mean means|custom customs|corp corps|premise premises|inn inning',
  'pasta paste|hear hearing|will willing|long longing|outing outed|wholesale wholesales|stock stocking',
  'posto posta poste posti|porto porta|puerto puerta|punto punta|conto conta|costo costa|banco banca|testo testa|corso corsa',
  'критика критик|техника техник|физика физик|механика механик',
]
  .flatMap((line) => line.split('|'))
  .map((group) => new Set(group.split(' ')))

/**
 * Whether two folded words are the same or inflected forms of one word, in at least one language of their script: nobody says
 * what language a message is in. One stem does not do (universe, university): what the words differ in has to be endings of
 * one paradigm of that language. Where spelling cannot tell (банка: of a bank, or a jar) they count as forms.
 */
export function areForms(a: string, b: string): boolean {
  if (a === b) return true
  const languages = languagesOf(a)
  if (languages.length === 0 || languages !== languagesOf(b)) return false
  if (STRANGERS.some((group) => group.has(a) && group.has(b))) return false
  return languages.some((language) => areFormsIn(language, a, b))
}

/** What forms of one word have in common, at least one of them; none where a word has no other form. */
export function stemsOf(word: string): string[] {
  const stems = new Set<string>()
  for (const language of languagesOf(word)) {
    const found = stemIn(language, word)
    if (found.length >= SHORTEST_STEM) stems.add(found)
  }
  return [...stems]
}

const NONE: readonly Inflection[] = []

function languagesOf(word: string): readonly Inflection[] {
  if (word.length < SHORTEST_STEM || word.length > LONGEST) return NONE
  if (LATIN_WORD.test(word)) return LATIN
  return CYRILLIC_WORD.test(word) ? CYRILLIC : NONE
}

function stemIn({ stem, isShortToo = false }: Inflection, word: string): string {
  return isShortToo || word.length >= SHORTEST ? stem(word) : ''
}

function areFormsIn(language: Inflection, a: string, b: string): boolean {
  const stem = stemIn(language, a)
  if (stem.length < SHORTEST_STEM || stem !== stemIn(language, b)) return false
  const one = language.even(a)
  const other = language.even(b)
  if (one === other) return language.isSame(a, b)
  const common = commonLength(one, other)
  return language.paradigms(a, b).some((paradigm) => isWithin(paradigm, one, other, common))
}

function isWithin({ endings, after, least }: Paradigm, one: string, other: string, common: number): boolean {
  for (let cut = common; cut >= Math.max(least, common - DEEPEST_CUT); cut--) {
    const base = one.slice(0, cut)
    if (after && !after.test(base)) continue
    if (endings.has(endingOf(one, cut)) && endings.has(endingOf(other, cut))) return true
  }
  return false
}

/** English doubles a consonant before -ed and -ing: plan, planned. */
function endingOf(word: string, cut: number): string {
  const ending = word.slice(cut)
  const isDoubled = ending[0] === word[cut - 1] && (ending.endsWith('ing') || ending.endsWith('ed'))
  return isDoubled && ending.length > 2 ? ending.slice(1) : ending
}

function commonLength(a: string, b: string): number {
  let length = 0
  while (length < a.length && a[length] === b[length]) length++
  return length
}
