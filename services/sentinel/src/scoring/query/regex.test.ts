import { QueryError } from './error'
import { compileRegex, spansOf } from './regex'

const AT = { offset: 0, length: 1 }

function found(source: string, text: string, ignoresCase = false): string[] {
  const pattern = compileRegex({ kind: 'regex', source, ignoresCase, ...AT })
  return spansOf(pattern, text, 20).map(({ offset, length }) => text.slice(offset, offset + length))
}

describe('a pattern knows words of all scripts', () => {
  it.each<[source: string, text: string, spans: string[]]>([
    ['\\bкод\\b', 'это код тут', ['код']],
    ['\\bкод\\b', 'кодекс и код, код', ['код', 'код']],
    ['\\bкод\\b', 'кодкод', []],
    ['код\\b', 'штрихкод', ['код']],
    ['\\Bкод', 'штрихкод код', ['код']],
    ['\\Bкод\\B', 'акода код', ['код']],
    ['\\bcode\\b', 'codeа code', ['code']],
    ['\\bcode\\b', 'code barcode', ['code']],
    ['^\\bкод', 'код', ['код']],
    ['код\\b$', 'мой код', ['код']],
    ['\\bк.д\\b', 'кот кид', ['кид']],
    ['\\bк[^о]д\\b', 'код кид', ['кид']],
    ['\\b(?:код|пин)\\b', 'пин кода', ['пин']],
    ['\\bко+д{1,2}\\b', '🔥 коодд 🔥', ['коодд']],
    ['\\bqué\\b', '¿qué?', ['qué']],
    ['\\b\\bкод\\b\\b', 'код', ['код']],
    ['\\b^код', 'код', ['код']],
    ['\\w+', 'naïve код 数字 हिन्दी!', ['naïve', 'код', '数字', 'हिन्दी']],
    ['[\\w-]+', 'веб-код.', ['веб-код']],
    ['\\W', 'код!', ['!']],
    ['[^\\w ]', 'код да?', ['?']],
    ['\\d{2}', '١٢ и 34 और १२', ['١٢', '34', '१२']],
    ['\\D+', '12а34', ['а']],
    ['а\\sб', 'а\u00a0б', ['а\u00a0б']],
    ['\\bCVE-\\d+\\b', 'дыра CVE-12.', ['CVE-12']],
    ['\\Qа.б\\E', 'а.б', ['а.б']],
    ['[[:alpha:]]+\\b', 'код abc', ['abc']],
  ])('%s in %j', (source, text, spans) => {
    expect(found(source, text)).toEqual(spans)
  })

  it('in any case', () => {
    expect(found('\\bкод\\b', 'КОД', true)).toEqual(['КОД'])
  })

  it.each(['[\\W_]', '[\\b]', '\\b', '\\B', 'a*'])('%s is refused, with the way to write it', (source) => {
    expect(() => found(source, '')).toThrow(QueryError)
  })
})
