import type { Inflection } from './languages'
import { paradigm, type Paradigm } from './paradigms'

/**
 * Forms for which the stemmers find no common stem, a kind each: short nouns, and in Russian short adjectives (недоступен, недоступна),
 * verbs in -ать of the second conjugation (лежит, лежат), reflexive verbs (сдаётся, сдаются).
 */
function kind(shape: RegExp, stemOf: (base: string) => string, paradigms: readonly Paradigm[]): Inflection {
  return {
    even: (word) => word,
    stem: (word) => {
      const [, base] = shape.exec(word) ?? []
      return base === undefined ? '' : stemOf(base)
    },
    isSame: () => false,
    paradigms: () => paradigms,
    isShortToo: true,
  }
}

const itself = (base: string) => base

const SHORT_PLURAL = kind(/^([a-z]{2}[a-rt-z])s?$/, itself, [paradigm('- s', 3)])

const CASES = '- а у ом е ы и ов ам ами ах'
const SHORT_NOUN = kind(/^([а-я]{2}[бвгджзклмнпрстфхцчшщ])(?:[ауеыи]|ом|ов|ам|ами|ах)?$/, itself, [paradigm(CASES, 3)])

const ADJECTIVE = 'ен на но ны ный ная ное ные ного ной ному ную ным ном ных ными'
const SHORT_ADJECTIVE = kind(
  /^(.{3,}[бвгджзклмпрстфхцчшщ])(?:ен|на|но|ны|н(?:ый|ая|ое|ые|ого|ой|ому|ую|ым|ом|ых|ыми))$/,
  (base) => `${base}н`,
  [paradigm(ADJECTIVE, 4)],
)

const SECOND = kind(/^(.{1,}[жшчщ])(?:ать|ал|ала|ало|али|ат|ит|им|ишь|ите)$/, (base) => `${base}ит`, [
  paradigm('ать ал ала ало али ат ит им ишь ите', 3),
])

const FIRST_REFLEXIVE = kind(/^(.{2,}[аяеу])(?:ться|лся|лась|лось|лись|ется|ются|емся|ешься|етесь)$/, itself, [
  paradigm('ться лся лась лось лись ется ются емся ешься етесь', 3),
])
const SECOND_REFLEXIVE = kind(/^(.{2,})(?:иться|ился|илась|илось|ились|ится|[яа]тся|имся|ишься)$/, itself, [
  paradigm('иться ился илась илось ились ится ятся атся имся ишься', 3),
])

export const SHORT_LATIN: readonly Inflection[] = [SHORT_PLURAL]
export const MORE_CYRILLIC: readonly Inflection[] = [
  SHORT_NOUN,
  SHORT_ADJECTIVE,
  SECOND,
  FIRST_REFLEXIVE,
  SECOND_REFLEXIVE,
]
