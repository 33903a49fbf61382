import type { Span } from '../../model'
import { areForms } from '../forms/forms'
import { Tokens } from '../tokens'

/** What of a message's manner tells, whatever it is about; each 0 to 1. */
export interface Cues {
  promotion: number
  /** Of what was found, the share beside which a negation stands. */
  negation: number
  question: number
  /** Numbers, versions, names with digits: something particular. */
  particulars: number
  /** Names of somebody or something: words with a capital letter within a sentence. */
  names: number
  /** Hardly any words. */
  brevity: number
}

interface Place {
  first: number
  end: number
}

/** Words of people who sell or recruit, in any form; from experience with channels, not from the set that measures them. */
const PROMOTING =
  'скидка акция промокод распродажа вебинар курс интенсив марафон регистрация подписаться подписка подпишитесь бесплатно бесплатный подарок розыгрыш реклама запишитесь успейте предложение гарантия доставка консультация научим обучение лекция тренинг мастер-класс конференция билет выгодный заказать купить тариф кэшбэк бонус партнёр дайджест рассылка подборка топ читайте канал ' +
  'discount sale promo coupon webinar course bootcamp workshop register signup subscribe subscription newsletter free trial offer giveaway sponsored learn enroll training conference ticket buy order pricing plan demo bonus partner deal digest ebook guide masterclass limited'
const NEGATING =
  'не нет ни никакой никто нигде никогда без отсутствовать ложный фейк опровергнуть опровержение отменить отмена уже исключить отклонить неактуально ' +
  'no not none never nothing without false fake hoax denied cancelled nobody nor isn wasn aren weren didn doesn don won cannot unaffected closed'

/** A message of fewer words rarely tells anything. How long others are is left alone: it tells more of a bench than of life. */
const FEW_WORDS = 4
const MAX_WORDS = 200
const MOST_NAMES = 3
/** After a word of the same sentence. */
const NAME = /(?<=[\p{L}\p{N},] )\p{Lu}\p{L}+/gu
/** So many words before and after count as beside. */
const BESIDE = 4

const promoting = indexOf(PROMOTING)
const negating = indexOf(NEGATING)
const tokens = new Tokens()

/**
 * Pure.
 * @param found where something of interest stands, in UTF-16 units
 */
export function cuesOf(text: string, found: readonly Span[]): Cues {
  tokens.read(text)
  const words = Array.from({ length: Math.min(tokens.count, MAX_WORDS) }, (_, index) => tokens.word(index))
  const places = found.map(({ offset, length }) => placeOf(words.length, offset, offset + length))
  const negated = places.filter((place) => isNegated(words, place)).length
  return {
    promotion: saturated(words.filter((word) => isAmong(promoting, word)).length, 2),
    negation: found.length === 0 ? 0 : negated / found.length,
    question: text.includes('?') ? 1 : 0,
    particulars: saturated(words.filter((word) => /\d/.test(word)).length, 2),
    names: Math.min(MOST_NAMES, text.match(NAME)?.length ?? 0) / MOST_NAMES,
    brevity: words.length < FEW_WORDS ? 1 : 0,
  }
}

/** Russian puts a negation before, English also after: "leak ruled out". A few words on each side, whatever the language. */
function isNegated(words: readonly string[], { first, end }: Place): boolean {
  if (first === end) return false
  const near = [...words.slice(Math.max(0, first - BESIDE), first), ...words.slice(end, end + BESIDE)]
  return near.some((word) => isAmong(negating, word))
}

/** The words that a span covers, of those that were read. */
function placeOf(words: number, from: number, to: number): Place {
  let [first, end] = [0, 0]
  while (first < words && (tokens.ends[first] as number) <= from) first++
  for (end = first; end < words && (tokens.starts[end] as number) < to;) end++
  return { first, end }
}

/** 0 for none, one half at `half`, nearing 1. */
function saturated(count: number, half: number): number {
  return count / (count + half)
}

/** By their first letters. */
function indexOf(list: string): Map<string, string[]> {
  const index = new Map<string, string[]>()
  for (const word of list.split(' ')) index.set(keyOf(word), [...(index.get(keyOf(word)) ?? []), word])
  return index
}

function isAmong(index: Map<string, string[]>, word: string): boolean {
  return index.get(keyOf(word))?.some((known) => known === word || areForms(known, word)) ?? false
}

function keyOf(word: string): string {
  return word.slice(0, 3)
}
