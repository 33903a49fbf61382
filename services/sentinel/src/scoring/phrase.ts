import type { Matching } from './lexicon'
import { Tokens } from './tokens'

/** One word of what is looked for, and the signs that were typed with it, which have to be there then. */
export interface Part {
  word: string
  matching: Matching
  /** Signs that it begins and ends with: #btc, c++. */
  before?: string
  after?: string
  /** Signs that bind it to the word before: node.js. */
  within?: string
  /** Parted from the word before by a Persian half-space only: people write both as one word, too. */
  isHalf?: boolean
}

/** Why a phrase can be found nowhere: the place in it, in UTF-16 units. */
export interface PhraseFlaw {
  kind: 'no word' | 'sentence ends'
  offset: number
  length: number
}

const tokens = new Tokens()

/** The folded words of what is looked for; none where it has no letter, digit or emoji. */
export function partsOf(text: string, matching: Matching): Part[] {
  tokens.read(text)
  return Array.from({ length: tokens.count }, (_, index) => partAt(index, matching))
}

/** Null where a message can have it. */
export function flawOf(text: string): PhraseFlaw | null {
  tokens.read(text)
  if (tokens.count === 0) return { kind: 'no word', offset: 0, length: text.length }
  for (let index = 1; index < tokens.count; index++) {
    if (!tokens.beginsSentence(index)) continue
    const offset = tokens.ends[index - 1] as number
    return { kind: 'sentence ends', offset, length: (tokens.starts[index] as number) - offset }
  }
  return null
}

/** The same where words that a half-space parts are written as one; null where there are none. */
export function joinedHalves(parts: readonly Part[]): Part[] | null {
  if (!parts.some(({ isHalf }) => isHalf)) return null
  const joined: Part[] = []
  for (const part of parts) {
    const last = joined.at(-1)
    if (!part.isHalf || !last) joined.push({ ...part })
    else Object.assign(last, { word: last.word + part.word, matching: part.matching, after: part.after })
  }
  return joined
}

function partAt(index: number, matching: Matching): Part {
  const isBound = index > 0 && !tokens.hasBlankBefore(index)
  const isFollowed = index + 1 < tokens.count && !tokens.hasBlankBefore(index + 1)
  const within = index === 0 ? '' : tokens.within(index)
  const before = isBound || within !== '' ? '' : tokens.before(index)
  const after = isFollowed || (index + 1 < tokens.count && tokens.within(index + 1) !== '') ? '' : tokens.after(index)
  return {
    ...{ word: tokens.word(index), matching },
    ...(before ? { before } : {}),
    ...(after ? { after } : {}),
    ...(within ? { within } : {}),
    ...(tokens.halves.includes(index) ? { isHalf: true } : {}),
  }
}
