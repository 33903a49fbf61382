import type { SearchLanguage } from '../model'
import { languagesWith, type SpacedLanguage } from './stopwords'
import type { Word } from './words'

export const LANGUAGES: readonly SearchLanguage[] = [
  'ar',
  'de',
  'en',
  'es',
  'fr',
  'it',
  'ja',
  'ko',
  'pt',
  'ru',
  'tr',
  'uk',
  'zh',
]

/** How much is looked at: the begin tells. */
const MAX_WORDS = 60
const MAX_LENGTH = 500

type Script = 'han' | 'kana' | 'hangul' | 'arabic' | 'latin' | 'cyrillic'

const SCRIPTS: [Script, RegExp][] = [
  ['latin', /\p{Script=Latin}/u],
  ['cyrillic', /\p{Script=Cyrillic}/u],
  ['han', /\p{Script=Han}/u],
  ['kana', /[\p{Script=Hiragana}\p{Script=Katakana}]/u],
  ['hangul', /\p{Script=Hangul}/u],
  ['arabic', /\p{Script=Arabic}/u],
]

/** Letters of a text that only one of our languages of its script has; the text, since search forms have lost their accents. */
const LETTERS: [SpacedLanguage, RegExp][] = [
  ['uk', /[іїєґ]/i],
  ['ru', /[ыэъ]/i],
  ['de', /ß/],
  ['es', /[ñ¿¡]/i],
  ['pt', /[ãõ]/i],
  ['tr', /[ğışİ]/],
  ['fr', /[œèêùû]/i],
]

/** Arabic letters of Persian, Urdu, Pashto and others. */
const OTHER_ARABIC = /[پچژگکیےںٹڈڑټډړ]/

/** Language of a text by its script, frequent words and letters; null where that does not tell. Pure. */
export function languageOf(whole: string, all: readonly Word[]): SearchLanguage | null {
  const text = whole.slice(0, MAX_LENGTH)
  const words = all.slice(0, MAX_WORDS)
  const counts = scriptsOf(words)
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  if (total === 0) return null
  const share = (script: Script) => (counts.get(script) ?? 0) / total
  // Kana is what Japanese has and Chinese has not, though half of the characters may be common to both.
  if (share('kana') > 0.15) return 'ja'
  if (share('han') > 0.5) return 'zh'
  if (share('hangul') > 0.4) return 'ko'
  if (share('arabic') > 0.5) return OTHER_ARABIC.test(text) ? null : 'ar'
  return spacedLanguageOf(text, words)
}

/** Characters of a script that is written without spaces are words of their own, so that words can be counted. */
function scriptsOf(words: readonly Word[]): Map<Script, number> {
  const counts = new Map<Script, number>()
  for (const { form } of words) {
    const script = SCRIPTS.find(([, pattern]) => pattern.test(form))?.[0]
    if (script) counts.set(script, (counts.get(script) ?? 0) + 1)
  }
  return counts
}

function spacedLanguageOf(text: string, words: readonly Word[]): SearchLanguage | null {
  const scores = new Map<SpacedLanguage, number>()
  const add = (language: SpacedLanguage, score: number) => scores.set(language, (scores.get(language) ?? 0) + score)
  for (const { form } of words) {
    // A word that several languages share tells less.
    const languages = languagesWith(form)
    for (const language of languages) add(language, 1 / languages.length)
  }
  for (const [language, letters] of LETTERS) if (letters.test(text)) add(language, 1)
  const [best, second] = [...scores].sort(([, a], [, b]) => b - a)
  if (!best || best[1] < 0.5 || best[1] - (second?.[1] ?? 0) < 0.3) return null
  return best[0]
}
