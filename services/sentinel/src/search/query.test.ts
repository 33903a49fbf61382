import { highlightsOf } from './highlights'
import { matchOf, parseQuery } from './query'
import { Words } from './words'

const words = new Words()
const match = (q: string, facets: string[][] = []) => matchOf(parseQuery(q, words), facets, ['=l0', '=len'])

describe('a query means', () => {
  test.each([
    ['words that all have to be there', 'zero day', '"zero" AND "day"'],
    ['words that follow one another', '"zero day" now', '"zero day" AND "now"'],
    ['the same in other quotes', '“zero day” «раз два» „eins zwei“', '"zero day" AND "раз два" AND "eins zwei"'],
    ['a quote that nobody closed', '"zero day', '"zero day"'],
    ['the begin of a word', 'vulner*', '"vulner" *'],
    ['the begin of the last word of several', '"zero day"*', '"zero day" *'],
    ['a word alone where its begin is too short', 'vu* в* 회*', '"vu" AND "в" AND "회"'],
    ['the begin of a word in Korean', '회의*', '"회의" *'],
    ['what must not be there', 'zero -day -"in time"', '("zero") NOT ("day" OR "in time")'],
    ['nothing but what must not be there', '-day', '(("=l0" OR "=len")) NOT ("day")'],
    [
      'what is written together as following one another',
      "zero-day don't a.b@c.org",
      '"zero day" AND "don t" AND ("a b c org" AND "=wa．b" AND "=wb＠c" AND "=wc．org")',
    ],
    ['a run of characters as following one another', '東京都 テスト', '"東 京 都" AND "テ ス ト"'],
    ['mixed scripts', 'iPhone手机', '"iphone 手 机"'],
    ['c++ as it is', 'C++', '("c" AND "=wc＋＋")'],
    ['a sentence that ends', '"zero. day"', '"zero =． day"'],
    ['a Persian half-space, or none', 'می‌خواهم', '("مي خواهم" OR "ميخواهم")'],
    [
      'operators of others as words',
      'a OR b NEAR(c) col:x ^y',
      '"a" AND "or" AND "b" AND "near c" AND ("col x" AND "=wcol：x") AND "y"',
    ],
    ['signs as nothing', '( ) * - -- -* "" "-" \' ; % _ \\ {}', '("=l0" OR "=len")'],
    ['a facet that somebody types as a word', '=c-100 =x', '"c 100" AND "x"'],
    ['a star within as nothing', 'abc*d ef**', '"abc d" AND "ef"'],
    ['stars at the end as one', 'abc***', '"abc" *'],
  ])('%s: %s', (_what, q, expected) => {
    expect(match(q)).toBe(expected)
  })

  test('facets besides: all of the lists, one of each', () => {
    expect(match('zero', [['=c1', '=c2'], ['=hphoto']])).toBe('"zero" AND ("=c1" OR "=c2") AND ("=hphoto")')
    expect(match('', [['=c1']])).toBe('("=c1")')
    expect(match('-zero', [['=c1']])).toBe('(("=c1")) NOT ("zero")')
  })
})

describe('highlights', () => {
  const marked = (text: string, q: string) =>
    highlightsOf(words.of(text), parseQuery(q, words).wanted).map(({ offset, length }) =>
      text.slice(offset, offset + length),
    )

  test.each([
    ['a word each time', 'Alpha beta ALPHA', 'alpha', ['Alpha', 'ALPHA']],
    ['an accent in the text', 'Cafe\u0301 Müller', 'cafe muller', ['Cafe\u0301', 'Müller']],
    ['a phrase as one', 'a zero-day! zero', '"zero day"', ['zero-day']],
    ['the longest that begins there', 'zero day', 'zero "zero day"', ['zero day']],
    ['a whole word of which the begin was given', 'vulnerability', 'vulner*', ['vulnerability']],
    ['a run of characters', '我在北京大学', '北京', ['北京']],
    ['Cyrillic', 'Новая Ёлка', 'елка', ['Ёлка']],
    ['nothing of what must not be there', 'alpha beta', 'alpha -gamma', ['alpha']],
    ['nothing in a text without words', '🙏', 'alpha', []],
  ])('%s', (_what, text, q, expected) => {
    expect(marked(text, q)).toEqual(expected)
  })
})
