import { bareForm } from '../scoring/letters'
import { Words } from './words'

const words = new Words()
const formsOf = (text: string) => words.of(text).map(({ form }) => form)

describe('words are looked for', () => {
  test.each([
    ['in any case', 'Zero DAY', ['zero', 'day']],
    ['without accents of Latin letters', 'Café Müller naïve São Łódź', ['cafe', 'muller', 'naive', 'sao', 'lodz']],
    ['with letters that are two', 'Straße Æsir œuvre', ['strasse', 'aesir', 'oeuvre']],
    ['in Turkish', 'İstanbul ıhlamur ŞİMDİ', ['istanbul', 'ihlamur', 'simdi']],
    ['in Vietnamese', 'Tiếng Việt Đà Nẵng', ['tieng', 'viet', 'da', 'nang']],
    ['in Greek', 'Αθήνα ΣΟΦΟΣ σοφός', ['αθηνα', 'σοφοσ', 'σοφοσ']],
    ['in Russian, ё as е and й as it is', 'Ёлка Йод чай', ['елка', 'йод', 'чай']],
    ['in Ukrainian', 'Їжак і Ґанок', ['їжак', 'і', 'ґанок']],
    ['in Arabic without vowel signs and hamza', 'مُحَمَّد أهلا مـــرحبا', ['محمد', 'اهلا', 'مرحبا']],
    ['in Hebrew without points', 'שָׁלוֹם', ['שלום']],
    ['in Hindi with their signs', 'हिन्दी में', ['हिन्दी', 'में']],
    ['in Korean', '회의 자료', ['회의', '자료']],
    ['in Chinese, each character', '北京大学', ['北', '京', '大', '学']],
    ['in Japanese, each character, narrow kana as wide', 'テスト ﾃｽﾄ', ['テ', 'ス', 'ト', 'テ', 'ス', 'ト']],
    ['in Thai, each character', 'ไทย', ['ไ', 'ท', 'ย']],
    ['with what is invisible in them left out', 'pass\u200bword soft\u00adhyphen', ['password', 'softhyphen']],
    ['in wide letters', 'ＡＢＣ１２３', ['abc123']],
    ['without the signs at them, which are looked for besides', 'C++ c# f#', ['c', 'c', 'f']],
    ['beside emoji, which are words', '🔥hot🔥 👩‍💻code', ['🔥', 'hot', '🔥', '👩‍💻', 'code']],
    ['never where there are none', '!!! … ---', []],
  ])('%s', (_what, text, forms) => {
    expect(formsOf(text)).toEqual(forms)
  })

  test('where they stand in the text as it was given, in UTF-16 units', () => {
    const text = '🔥 Cafe\u0301 北京 Straße'
    expect(words.of(text).map(({ form, start, end }) => [form, text.slice(start, end)])).toEqual([
      ['🔥', '🔥'],
      ['cafe', 'Cafe\u0301'],
      ['北', '北'],
      ['京', '京'],
      ['strasse', 'Straße'],
    ])
  })

  test('by their first 64 units where they are longer, and no character is torn', () => {
    expect(bareForm('a'.repeat(100))).toBe('a'.repeat(64))
    expect(bareForm(`й${'а'.repeat(62)}\u{10400}x`)).toBe(`й${'а'.repeat(62)}`)
  })
})
