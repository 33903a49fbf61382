import type { Part, Term } from './query'
import type { Word } from './words'

export interface Span {
  offset: number
  length: number
}

/** Where the words and phrases that were searched for stand in a text, in its order. */
export function highlightsOf(words: readonly Word[], wanted: readonly Term[]): Span[] {
  const spans: Span[] = []
  for (let first = 0; first < words.length; first++) {
    const found = wanted.filter((term) => standsAt(words, first, term)).map((term) => spanOf(words, first, term))
    // Of several that begin here the longest shows them all.
    const [longest] = found.sort((a, b) => b.length - a.length)
    if (longest) spans.push(longest)
  }
  const joined = joinedSpans(words, wanted).filter(({ offset }) => !spans.some((span) => span.offset === offset))
  return [...spans, ...joined].sort((a, b) => a.offset - b.offset)
}

function spanOf(words: readonly Word[], first: number, { parts }: Term): Span {
  const begin = words[first] as Word
  const end = words[first + parts.length - 1] as Word
  const offset = parts[0]?.before ? begin.signStart : begin.start
  return { offset, length: (parts.at(-1)?.after ? end.signEnd : end.end) - offset }
}

function standsAt(words: readonly Word[], first: number, { parts, isPrefix }: Term): boolean {
  const last = parts.length - 1
  return parts.every((part, index) => {
    const word = words[first + index]
    if (!word || (index > 0 && word.beginsSentence !== part.beginsSentence)) return false
    return (
      hasSigns(word, part) && (isPrefix && index === last ? word.form.startsWith(part.form) : word.form === part.form)
    )
  })
}

function hasSigns(word: Word, { before, after, within }: Part): boolean {
  return (
    (before === '' || word.before === before) &&
    (after === '' || word.after === after) &&
    (within === '' || word.within === within)
  )
}

/** Words that half-spaces part, where they were searched for as one. */
function joinedSpans(words: readonly Word[], wanted: readonly Term[]): Span[] {
  const whole = new Set(wanted.map(({ parts }) => parts.map(({ form }) => form).join('')))
  const spans: Span[] = []
  for (let at = 1; at < words.length; at++) {
    const first = at - 1
    let form = (words[first] as Word).form
    while (words[at]?.isHalf) form += (words[at++] as Word).form
    const offset = (words[first] as Word).start
    if (at - 1 > first && whole.has(form)) spans.push({ offset, length: (words[at - 1] as Word).end - offset })
  }
  return spans
}
