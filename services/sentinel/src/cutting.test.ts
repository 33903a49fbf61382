import { beginningOf, borderBefore, cutTo, cutToBytes, cutToPoints } from './cutting'
import { styledText, shortenedStyled } from './styled-text'

const FAMILY = '👨‍👩‍👧‍👦'
const WHOLE = ['🔥', FAMILY, '🇩🇪', '👍🏽', 'e\u0301', 'नि', '\r\n', '각', '❤️', '1️⃣']

describe('a text that is cut', () => {
  it.each(WHOLE)('keeps %j whole', (character) => {
    const text = `ab${character}cd`
    for (let at = 0; at <= text.length; at++) {
      const isInside = at > 2 && at < 2 + character.length
      expect(borderBefore(text, at)).toBe(isInside ? 2 : at)
      expect(cutTo(text, at + 1)).not.toMatch(/\p{Surrogate}/u)
    }
  })

  it('is as long as the receiver counts, ellipsis and all', () => {
    expect(cutTo('abcdef', 6)).toBe('abcdef')
    expect(cutTo('abcdef', 5)).toBe('abcd…')
    expect(cutTo(`abc${FAMILY}d`, 6)).toBe('abc…')
    expect(cutToPoints('🔥'.repeat(5), 4)).toBe('🔥🔥🔥…')
    expect(cutToPoints(`${FAMILY}${FAMILY}`, 10)).toBe(`${FAMILY}…`)
    for (const text of [FAMILY.repeat(99), 'ж'.repeat(999), '🇩🇪'.repeat(99), 'क्षि'.repeat(99)]) {
      const cut = cutToBytes(text, 100)
      expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(100)
      expect(text.startsWith(cut.slice(0, -1))).toBe(true)
      expect(cut.endsWith('…')).toBe(true)
    }
  })

  it('goes on where one character is longer than all that is allowed', () => {
    const heap = `a${'\u0301'.repeat(5000)}`
    expect(beginningOf(heap, 1000)).toHaveLength(1000)
    expect(beginningOf(`${'🔥'}x`, 1)).not.toBe('')
  })

  it('has its marks closed', () => {
    const cut = shortenedStyled(styledText(`<b>${'a'.repeat(10)}</b><i>${FAMILY}</i>`), 15)
    expect(cut).toEqual({ text: `${'a'.repeat(10)}…`, marks: [{ kind: 'bold', offset: 0, length: 10 }] })
  })
})
