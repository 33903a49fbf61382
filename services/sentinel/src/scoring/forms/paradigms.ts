/**
 * Endings that words of one base take in turn: two words are inflected forms of one another where what follows their common
 * base stands in one paradigm. Endings that make another word of a base (-ity, -ment, -tion, -er, -ость) are in none.
 */
export interface Paradigm {
  endings: ReadonlySet<string>
  /** What the base has to end with. */
  after: RegExp | null
  /** Letters that the base has at least. */
  least: number
}

export function paradigm(endings: string, least: number, after: RegExp | null = null): Paradigm {
  return { endings: new Set(endings.split(' ').map((ending) => (ending === '-' ? '' : ending))), after, least }
}

export const ENGLISH: readonly Paradigm[] = [
  paradigm('- s', 4, /[^s]$/),
  paradigm('- ed ing', 3),
  paradigm('s ed ing', 3),
  paradigm('- es ed ing', 3, /(?:[sxzo]|ch|sh)$/),
  paradigm('e es ed ing', 3),
  paradigm('y ies ied ying', 3),
]

export const GERMAN: readonly Paradigm[] = [
  paradigm('- en', 5, /(?:ung|heit|keit|schaft|ion|tat)$/),
  paradigm('- nen', 5, /in$/),
  paradigm('e en', 4),
  paradigm('- s', 4, /[^s]$/),
  paradigm('- n', 5, /e[rl]$/),
  paradigm('- es e en', 5),
  paradigm('s es e en', 5),
  paradigm('- e en em er es', 5, /(?:isch|lich|ig|bar|sam|haft|ell|iert|los|tiv)$/),
  paradigm('o en os', 4),
  paradigm('us en', 3),
]

/** Where the vowel of the base changes as well: Passwort and Passwörter. */
export const GERMAN_UMLAUT: readonly Paradigm[] = [paradigm('- e er en ern n s es', 3)]

export const FRENCH: readonly Paradigm[] = [
  paradigm('- s', 4, /[^sxz]$/),
  paradigm('- x', 3, /(?:eau|eu)$/),
  paradigm('l ux', 4, /a$/),
  paradigm('- e s es', 4, /(?:é|[ae]nt)$/),
  paradigm('- le s les', 4, /el$/),
  paradigm('f ve fs ves', 4, /i$/),
  paradigm('er é ée és ées', 4),
]

const SPANISH_ADJECTIVE = /(?:ic|iv|os|[ai]d|ari|ct|ert|ev)$/

export const SPANISH: readonly Paradigm[] = [
  paradigm('- s', 4, /[aeiou]$/),
  paradigm('- es', 4, /[lnrdjy]$/),
  paradigm('z ces', 3),
  paradigm('o a os as', 4, SPANISH_ADJECTIVE),
]

export const PORTUGUESE: readonly Paradigm[] = [
  paradigm('- s', 4, /[aeiou]$/),
  paradigm('- es', 4, /[rzs]$/),
  paradigm('ao oes', 3),
  paradigm('l is', 4, /[aeou]$/),
  paradigm('m ns', 4, /[aeiou]$/),
  paradigm('o a os as', 4, SPANISH_ADJECTIVE),
]

export const ITALIAN: readonly Paradigm[] = [
  paradigm('o i', 4),
  paradigm('a e', 4),
  paradigm('e i', 4),
  paradigm('- o', 5, /i$/),
  paradigm('o hi', 4, /[cg]$/),
  paradigm('a he', 4, /[cg]$/),
  paradigm('ia e', 4, /[cg]$/),
  paradigm('o a i e he', 4, /(?:ic|iv|os|[aiu]t|ari)$/),
]

/** Of a base without its plural, case and possessive endings, which `turkishBase` takes off. */
export const TURKISH: readonly Paradigm[] = [paradigm('-', 4)]

const SHORT_PARTICIPLE = /(?:[аея]н|ован)$/

export const RUSSIAN: readonly Paradigm[] = [
  paradigm('- а у ом ем е ы и ов ев ей ам ами ах', 3),
  paradigm('ь я ю ем е и ей ям ями ях', 3),
  paradigm('ь и ью ям ями ях ей', 3),
  paradigm('й я ю ем е и ев ям ями ях', 3),
  paradigm('а ы и е у ой ою ей - ам ами ах', 3),
  paradigm('я и е ю ей ею ь й ям ями ях', 3),
  paradigm('о а у ом е - ам ами ах', 3),
  paradigm('е я ю ем и й ям ями ях ей', 3),
  paradigm('ый ий ой ая яя ое ее ые ие ого его ому ему ым им ом ем ых их ыми ими ую юю ою ею', 3),
  paradigm('- а о ы', 5, SHORT_PARTICIPLE),
  paradigm('ть л ла ло ли ет ют ем ешь ете ю', 4, /[аяеиу]$/),
  paradigm('ить ил ила ило или ит ят им ишь ите', 4),
]

export const UKRAINIAN: readonly Paradigm[] = [
  paradigm('- а у ом ові і и ів ам ами ах', 3),
  paradigm('а и і у ою - ам ами ах', 3),
  paradigm('ь і ю ей ям ями ях', 3),
  paradigm('я і ю ею ь й ям ями ях', 3),
  paradigm('ня ню ням ні ь нями нях', 4, /[ея]н$/),
  paradigm('ий а е і ого ої ому ій им ою их ими у', 4, /(?:н|ськ|ичн|ов)$/),
]
