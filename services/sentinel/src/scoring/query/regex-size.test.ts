import { sizeOf } from './regex-size'

describe('the size of a pattern', () => {
  it.each([
    ['abc', 3],
    ['a{10}', 10],
    ['(ab){10}', 30],
    ['\\d{4}-\\d{2}', 7],
    ['[a-z]{3,}', 4],
    ['(a{1,30}){30}', 930],
    ['\\p{L}\\p{L}', 6],
  ])('%s: about %d steps', (source, least) => {
    expect(sizeOf(source)).toBeGreaterThanOrEqual(least)
    expect(sizeOf(source)).toBeLessThanOrEqual(least + 30)
  })

  it.each([
    '(a{1,30}){1,40}',
    '((a{1,10}){1,10}){1,11}',
    '(a?){500}a{500}',
    '(x{0,100}y?){0,20}',
    '\\p{L}{1,400}',
    '[\\p{L}\\d]{0,300}',
  ])('%s: too many', (source) => {
    expect(sizeOf(source)).toBeGreaterThan(1000)
  })

  it.each(['(', ')', '[', '\\', '{3}', 'a{', 'a{1', '', '(?i)a', '[[:alpha:]]', '[]a]', '\\Q{9}\\E'])(
    '%j has one, too',
    (source) => {
      expect(sizeOf(source)).toBeLessThan(100)
    },
  )

  it.each(['foo.{0,200}bar.{0,200}baz', 'CVE-\\d{4}-\\d{4,7}', '\\b[A-Z]{2}\\d{2}( ?\\d{4}){3,7}\\b'])(
    '%s is small enough',
    (source) => {
      expect(sizeOf(source)).toBeLessThan(1000)
    },
  )
})
