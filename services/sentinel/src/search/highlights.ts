import type { Term } from './query'
import type { Word } from './words'

export interface Span {
  offset: number
  length: number
}

/** Where the words and phrases that were searched for stand in a text, in its order. */
export function highlightsOf(words: readonly Word[], wanted: readonly Term[]): Span[] {
  const spans: Span[] = []
  for (let first = 0; first < words.length; first++) {
    // Of several that begin here the longest shows them all.
    const count = Math.max(0, ...wanted.filter((term) => standsAt(words, first, term)).map(({ forms }) => forms.length))
    if (count === 0) continue
    const offset = (words[first] as Word).start
    spans.push({ offset, length: (words[first + count - 1] as Word).end - offset })
  }
  return spans
}

function standsAt(words: readonly Word[], first: number, { forms, isPrefix }: Term): boolean {
  const last = forms.length - 1
  return forms.every((form, index) => {
    const found = words[first + index]?.form
    return isPrefix && index === last ? found?.startsWith(form) : found === form
  })
}
