/** Groups of words that count as forms of one another, as a person says. */
export type DictionaryGroups = string[][]

/** The same without what is said twice; a group of which one word is left says nothing. Pure. */
export function withoutRepetition(groups: readonly (readonly string[])[]): DictionaryGroups {
  const distinct = groups.map(distinctWords).filter((group) => group.length > 1)
  const byWords = new Map(distinct.map((group) => [JSON.stringify(group.map(wordKey).sort()), group]))
  return [...byWords.values()]
}

/** In the order in which they came, each as it was written first. */
function distinctWords(words: readonly string[]): string[] {
  const byKey = new Map<string, string>()
  for (const word of words) if (!byKey.has(wordKey(word))) byKey.set(wordKey(word), word.trim())
  return [...byKey.values()]
}

function wordKey(word: string): string {
  return word.trim().normalize('NFKC').toLowerCase()
}
