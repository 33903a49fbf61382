import type { Span } from './model'

/** What went from one text and what came into the other, word by word, in UTF-16 code units. */
export interface WordDiff {
  removed: Span[]
  added: Span[]
}

interface Word {
  text: string
  offset: number
}

/** Beyond so many comparisons what is not alike at both ends counts as another text. */
const MAX_CELLS = 4_000_000
/** Scripts without spaces between words are compared by the character. */
const WORDS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{N}\p{M}_]+|\s+|[^\p{L}\p{N}\p{M}_\s]/gu

/** The longest sequence of words that both have stays; what is not in it went, or came. Pure. */
export function wordDiff(before: string, after: string): WordDiff {
  const [old, now] = [wordsOf(before), wordsOf(after)]
  const start = commonLength(old, now, (words, index) => words[index])
  const rest = (words: Word[]) => words.slice(start)
  const end = commonLength(rest(old), rest(now), (words, index) => words[words.length - 1 - index])
  const [oldPart, nowPart] = [old.slice(start, old.length - end), now.slice(start, now.length - end)]
  const kept = keptOf(oldPart, nowPart)
  return { removed: spansOf(oldPart, kept.old, before), added: spansOf(nowPart, kept.now, after) }
}

function wordsOf(text: string): Word[] {
  return [...text.matchAll(WORDS)].map((match) => ({ text: match[0], offset: match.index }))
}

function commonLength(one: Word[], other: Word[], at: (words: Word[], index: number) => Word | undefined): number {
  const most = Math.min(one.length, other.length)
  let length = 0
  while (length < most && at(one, length)?.text === at(other, length)?.text) length++
  return length
}

/** Which words of each belong to the longest common sequence, by their places. */
function keptOf(old: Word[], now: Word[]): { old: Set<number>; now: Set<number> } {
  const kept = { old: new Set<number>(), now: new Set<number>() }
  if (old.length * now.length > MAX_CELLS) return kept
  const lengths = commonLengths(old, now)
  const width = now.length + 1
  for (let i = 0, j = 0; i < old.length && j < now.length;) {
    if (old[i]?.text === now[j]?.text) {
      kept.old.add(i++)
      kept.now.add(j++)
    } else if ((lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0)) i++
    else j++
  }
  return kept
}

/** By place in each, row after row: the length of the longest common sequence from there on. */
function commonLengths(old: Word[], now: Word[]): Uint16Array {
  const width = now.length + 1
  const lengths = new Uint16Array((old.length + 1) * width)
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      const [below, right] = [lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0]
      const isSame = old[i]?.text === now[j]?.text
      lengths[i * width + j] = isSame ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1 : Math.max(below, right)
    }
  }
  return lengths
}

/** Neighbours are one span, also over the spaces between them. */
function spansOf(words: Word[], kept: ReadonlySet<number>, text: string): Span[] {
  const spans: Span[] = []
  words.forEach(({ text: word, offset }, index) => {
    if (kept.has(index)) return
    const last = spans.at(-1)
    const end = last && last.offset + last.length
    if (last && text.slice(end, offset).trim() === '') last.length = offset + word.length - last.offset
    else spans.push({ offset, length: word.length })
  })
  return spans
}
