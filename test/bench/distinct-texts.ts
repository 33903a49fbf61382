/** How one language's words look: what they are made of, what they end with, and its most frequent ones. */
interface Language {
  syllables: string
  endings: string
  stops: string
  /** Between words; none where a script puts none. */
  blank?: string
}

const LANGUAGES: readonly Language[] = [
  { syllables: 'con tra ver ship pol mar ten dis fer gra lin mo bel nor stan rep', endings: 'ing ed s tion er ly ment', stops: 'the and to of in is it you that was for on are with' },
  { syllables: 'ver stand schau gel berg hand wär füh kom men lich zeug haus tür früh weis', endings: 'en er ung lich st te heit', stops: 'der die und in den von zu das mit sich des ist nicht für' },
  { syllables: 'pro mou rait chan bel lé voi ren tré gui cou sen dé fran per li', endings: 'tion é er ment eux ait es', stops: 'le la les de des du un une et est à que pas sur' },
  { syllables: 'gün baş kal çık göz dur söy yaz ver bul iş düş öğ ret sev tan', endings: 'lar ler ında iyor mak mış ı', stops: 've bir bu da de için ile çok ne daha gibi var mı ama' },
  { syllables: 'про вер ста гра мен дов лек рас цен зво пере тор вод нос каз бор', endings: 'ние ость ать ется ного ами ах', stops: 'и в не на что я с он как это по но мы её' },
  { syllables: 'пов вір ста гра мен дов лек роз цін дзво пере тор вод ніс каз бір', endings: 'ння ість ати ється ного ами ах', stops: 'і й в у не на що я з він як це по але' },
  { syllables: 'كتا مدر علم خبر سلا قول عمل شرك مال بيت نور حكم صوت جمع فتح وقت', endings: 'ة ون ين ات ها كم نا', stops: 'في من على إلى أن هذا التي كان مع عن لا ما هو قد' },
  { syllables: 'सम कर जान देश राज लोग विक पढ़ भार मिल नया घर बात शहर काम दिन', endings: 'ना ता ों ीय ने को ें', stops: 'के है में की से का और को यह पर नहीं एक था भी' },
  { syllables: '的 一 是 不 了 人 我 在 有 他 这 中 大 来 上 国 个 到 说 们 为 子 和 你 地 出 道 也 时 年', endings: '了 的 们 吗 着 过', stops: '的 是 在 不 了 有 和 人 这 我 ，', blank: '' },
  { syllables: '경 제 시 장 회 의 보 안 개 발 정 책 사 용 연 구', endings: '을 은 에서 으로 하고 입니다 까지', stops: '이 그 수 것 등 및 더 또 안 못 좀 잘 다 저' },
] // prettier-ignore

/** What stands among words in chats. */
const BESIDE = ['🔥', '👍🏽', '❤️', '🚀🚀', '😂', '🇩🇪', 'https://example.org/a/b?c=1', '@somebody', '#topic', '12.5%', '2026', 't.me/abc', '—', '…', '«да»', '"so"', '!!!'] // prettier-ignore

const WORDS_OF_LANGUAGE = 10_000
const SHARE_MATCHING = 0.05
const SHARE_BESIDE = 0.06
const MEAN_LENGTH = 130

/**
 * So many distinct texts, the same each time: words as frequent as in languages, of ten languages in six scripts, with what stands
 * among words in chats; one in twenty has one of `wanted`.
 */
export function distinctTexts(count: number, wanted: readonly string[]): string[] {
  const chance = chances(7)
  const vocabularies = LANGUAGES.map((language) => vocabularyOf(language))
  const texts = new Set<string>()
  while (texts.size < count) {
    const language = Math.floor(chance() * LANGUAGES.length)
    const { blank = ' ' } = LANGUAGES[language] as Language
    const found = chance() < SHARE_MATCHING ? pick(wanted, chance) : null
    texts.add(textOf(vocabularies[language] as string[], blank, found, chance))
  }
  return [...texts]
}

function textOf(words: readonly string[], blank: string, found: string | null, chance: () => number): string {
  const wantedLength = MEAN_LENGTH * (0.15 + 1.7 * chance())
  let text = ''
  let isBegin = true
  while (text.length < wantedLength) {
    const word = words[zipf(words.length, chance)] as string
    text += isBegin ? word.charAt(0).toUpperCase() + word.slice(1) : word
    const sign = chance()
    isBegin = sign < 0.08
    text += isBegin ? '. ' : sign < 0.14 ? ', ' : sign < 0.15 ? '\n' : blank
    if (chance() < SHARE_BESIDE) text += `${pick(BESIDE, chance)} `
  }
  return found === null ? text : `${text} ${found} ${words[zipf(words.length, chance)] as string}`
}

function vocabularyOf({ syllables, endings, stops, blank }: Language): string[] {
  const pieces = syllables.split(' ')
  const ends = endings.split(' ')
  const made = Array.from({ length: WORDS_OF_LANGUAGE }, (_, index) => {
    let word = ''
    for (let rest = index + pieces.length; rest > 0; rest = Math.floor(rest / pieces.length))
      word += pieces[rest % pieces.length]
    return blank === '' ? word.slice(0, 2) : word + (ends[(index * 11) % ends.length] as string)
  })
  return [...stops.split(' '), ...made]
}

/** The n-th is as frequent as 1/n. */
function zipf(count: number, chance: () => number): number {
  return Math.min(count - 1, Math.floor(count ** chance()) - 1)
}

function pick<T>(list: readonly T[], chance: () => number): T {
  return list[Math.floor(chance() * list.length)] as T
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function chances(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
