/** Groups of words that count as forms of one another, as a person says. */
export type DictionaryGroups = string[][]

/** The same without what is said twice; a group of which one word is left says nothing. Pure. */
export function withoutRepetition(groups: readonly (readonly string[])[]): DictionaryGroups {
  const distinct = groups.map(byKey).filter((group) => group.size > 1)
  const byWords = new Map(distinct.map((group) => [JSON.stringify([...group.keys()].sort()), group]))
  return [...byWords.values()].map((group) => [...group.values()])
}

/** In the order in which they came, each as it was written first. */
function byKey(words: readonly string[]): Map<string, string> {
  const distinct = new Map<string, string>()
  for (const word of words) {
    const key = wordKey(word)
    if (!distinct.has(key)) distinct.set(key, word.trim())
  }
  return distinct
}

function wordKey(word: string): string {
  return word.trim().normalize('NFKC').toLowerCase()
}
