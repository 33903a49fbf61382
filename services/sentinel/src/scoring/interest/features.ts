import { deu, eng, fra, ita, por, rus, spa, tur, ukr } from 'stopword'
import { foldText } from '../fold'
import { stemsOf } from '../forms/forms'
import { bareForm } from '../letters'
import { unmixed } from '../look-alikes'
import { Tokens } from '../tokens'

/** Features are numbers below this: hashes of what was found. */
export const FEATURES = 1 << 18

/** What a text consists of: distinct features and how much each says. */
export interface TextFeatures {
  ids: number[]
  weights: number[]
  /** Words that are no function words. */
  words: number
}

const FUNCTION_WORDS = new Set([eng, rus, ukr, deu, fra, spa, ita, por, tur].flat().map(functionWord))
const STEM = 1
const GRAM = 0.25
const GRAM_LENGTH = 4
const LONGEST = 40
/** Bounds memory; a chat's vocabulary is smaller. */
const MAX_KNOWN = 50_000
const MAX_WORDS = 400

const tokens = new Tokens()
const known = new Map<string, number[]>()

/**
 * Stems and pieces of four letters of a text's words, in any language; what a language strings its sentences together with is
 * left out. Pure but for what it remembers of words.
 */
export function featuresOf(text: string): TextFeatures {
  tokens.read(text)
  const weights = new Map<number, number>()
  let words = 0
  for (let index = 0; index < Math.min(tokens.count, MAX_WORDS); index++) {
    const [stem, ...grams] = wordFeatures(tokens.word(index))
    if (stem === undefined) continue
    words++
    weights.set(stem, STEM)
    for (const gram of grams) if (!weights.has(gram)) weights.set(gram, GRAM)
  }
  return { ids: [...weights.keys()], weights: [...weights.values()], words }
}

/** The words that count, where they stand in the text (UTF-16 units), each with the feature of its stem. */
export function stemsIn(text: string): { id: number; word: string; offset: number; length: number }[] {
  tokens.read(text)
  return Array.from({ length: Math.min(tokens.count, MAX_WORDS) }, (_, index) => index).flatMap((index) => {
    const [id] = wordFeatures(tokens.word(index))
    const offset = tokens.starts[index] as number
    const end = tokens.ends[index] as number
    return id === undefined ? [] : [{ id, word: text.slice(offset, end), offset, length: end - offset }]
  })
}

/** The stem first, then the pieces; nothing for a function word, a number or a letter. */
function wordFeatures(word: string): number[] {
  const before = known.get(word)
  if (before) return before
  if (known.size >= MAX_KNOWN) known.clear()
  const features = featuresOfWord(unmixed(word) ?? word)
  known.set(word, features)
  return features
}

function featuresOfWord(word: string): number[] {
  if (FUNCTION_WORDS.has(word) || word.length > LONGEST || !/\p{L}/u.test(word)) return []
  if ([...word].length < 2 && !/\p{Script=Han}/u.test(word)) return []
  const [inflected] = stemsOf(word)
  // Where no language that we know inflects it, what scripts write in several ways is one word.
  const whole = inflected === undefined ? bareForm(word) : word
  const stem = inflected ?? whole
  const grams = whole.length > GRAM_LENGTH ? piecesOf(` ${whole} `) : []
  return [featureId(`w ${stem}`), ...grams.map((gram) => featureId(`g ${gram}`))]
}

function functionWord(word: string): string {
  return foldText(word).replaceAll('ß', 'ss')
}

function piecesOf(word: string): string[] {
  return Array.from({ length: word.length - GRAM_LENGTH + 1 }, (_, at) => word.slice(at, at + GRAM_LENGTH))
}

/** FNV-1a over UTF-16 units, mixed down to the number of features. */
export function featureId(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash ^= hash >>> 15
  hash = Math.imul(hash, 0x2c1b3c6d)
  return (hash ^ (hash >>> 13)) & (FEATURES - 1)
}
