const PLURAL =
  /^(.*([aıoueiöü])[^aıoueiöü]*)(l([ae])r)(?:[iıuü]|[iı]n[iıae]|[iı]n?d[ea]n?|[iı]?n[iı]n|[iıae]|d[ea]n?|[iı]m[iı]z|[iı]n[iı]z)?$/
/** Case and possessive of a base that shows itself to be Turkish by a letter. */
const ENDING =
  /^(.{4,}?)(?:s[iıuü](?:n[iıuüae]|nd[ea]n?|n[iıuü]n)?|y[iıuü]|y[ae]|n[iıuü]n|d[ea]n?|[iıuü]nd[ea]n?|[iıuü]|t[ea]n?)$/
const OWN_LETTER = /[ğışöüç]/

/**
 * The base of a Turkish word: the stemmer of the package takes off too much of some words and nothing of others. Plurals go
 * from any word whose vowels agree with the ending, bare cases only from one that has a Turkish letter.
 */
export function turkishBase(word: string): string {
  const base = singular(word)
  return (OWN_LETTER.test(base) ? ENDING.exec(base)?.[1] : undefined) ?? base
}

function singular(word: string): string {
  const [, base = '', vowel = '', , ending = ''] = PLURAL.exec(word) ?? []
  return base.length >= 4 && agree(vowel, ending) ? base : word
}

/** -lar follows a back vowel, -ler a front one. */
function agree(vowel: string, ending: string): boolean {
  return 'aıou'.includes(vowel) === (ending === 'a')
}
