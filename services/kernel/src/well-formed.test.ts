import { illFormedPart, mayBeIllFormed, wellFormed } from './well-formed'

describe('a text', () => {
  it.each([
    [{ a: ['fine', 'a\0b'] }, 'a.1', 'a null character'],
    [{ a: { b: 'x\ud83d' } }, 'a.b', 'half of a character (a lone surrogate)'],
    [{ a: '\udd25\ud83d' }, 'a', 'half of a character (a lone surrogate)'],
    [{ a: { '\udc00': 1 } }, 'a', 'a field whose name has half of a character (a lone surrogate)'],
    ['\ud800', '', 'half of a character (a lone surrogate)'],
  ])('%j has no such part', (value, place, what) => {
    expect(mayBeIllFormed(JSON.stringify(value))).toBe(true)
    expect(illFormedPart(value)).toEqual({ place, what })
  })

  it.each([[{ a: '🔥', b: [null, 1, true] }], ['\ufffd'], [{ text: '\\ud83d' }]])('%j is well-formed', (value) => {
    expect(illFormedPart(value)).toBe(null)
  })

  it('gets a sign of replacement for each half, as long as before', () => {
    expect(wellFormed('a\ud83d🔥\udd25')).toBe('a\ufffd🔥\ufffd')
  })
})
