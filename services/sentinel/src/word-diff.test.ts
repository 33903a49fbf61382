import { wordDiff } from './word-diff'

/** `-` around what went, `+` around what came. */
function drawn(before: string, after: string): string[] {
  const { removed, added } = wordDiff(before, after)
  const mark = (text: string, sign: string, spans: { offset: number; length: number }[]) =>
    [...spans].reverse().reduce((marked, { offset, length }) => {
      const end = offset + length
      return `${marked.slice(0, offset)}${sign}${marked.slice(offset, end)}${sign}${marked.slice(end)}`
    }, text)
  return [mark(before, '-', removed), mark(after, '+', added)]
}

describe('what became another in a text', () => {
  test.each([
    ['Price 100 EUR', 'Price 90 EUR', 'Price -100- EUR', 'Price +90+ EUR'],
    ['a b c', 'a c', 'a -b -c', 'a c'],
    ['Open now', 'Open now, until 6', 'Open now', 'Open now+, until 6+'],
    ['old words here', 'new text here', '-old words- here', '+new text+ here'],
    ['same', 'same', 'same', 'same'],
    ['', 'all of it', '', '+all of it+'],
    ['Утечка подтверждена', 'Утечка опровергнута', 'Утечка -подтверждена-', 'Утечка +опровергнута+'],
    ['会议在三点', '会议在五点', '会议在-三-点', '会议在+五+点'],
    ['one two two three', 'two three', '-one two -two three', 'two three'],
  ])('%j to %j', (before, after, went, came) => {
    expect(drawn(before, after)).toEqual([went, came])
  })

  it('of long texts takes no time to speak of, and of endless ones takes the middle as a whole', () => {
    const words = (count: number, seed: number) =>
      Array.from({ length: count }, (_, index) => `w${(index * seed) % 97}`).join(' ')
    expect(wordDiff(words(900, 7), words(900, 5)).removed.length).toBeGreaterThan(0)
    const [before, after] = [`start ${words(4000, 7)} end`, `start ${words(4000, 5)}x end`]
    expect(wordDiff(before, after).removed).toHaveLength(1)
  })
})
