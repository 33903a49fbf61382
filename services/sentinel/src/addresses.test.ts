import { addressesIn, piecesOf } from './addresses'

/** A text, and the addresses that a reader sees in it. */
const TABLE: [string, string[]][] = [
  ['(see https://example.org/a).', ['https://example.org/a']],
  ['https://example.org/a, and https://example.org/b; then https://example.org/c!', ['a', 'b', 'c'].map(of)],
  ['https://en.example.org/wiki/Foo_(bar)', ['https://en.example.org/wiki/Foo_(bar)']],
  ['(https://en.example.org/wiki/Foo_(bar))', ['https://en.example.org/wiki/Foo_(bar)']],
  ['[https://example.org/a]', [of('a')]],
  ['{https://example.org/a}', [of('a')]],
  ['https://example.org/a[1]', ['https://example.org/a[1]']],
  ['“https://example.org/a”', [of('a')]],
  ["'https://example.org/a'", [of('a')]],
  ['«https://example.org/a»', [of('a')]],
  ['「https://example.org/a」。', [of('a')]],
  ['请看https://example.org/a。谢谢', [of('a')]],
  ['看（https://example.org/a）吧', [of('a')]],
  ['https://example.org/a،', [of('a')]],
  ['https://example.org/a؟', [of('a')]],
  ['https://example.org/a।', [of('a')]],
  ['https://example.org/a…', [of('a')]],
  ['https://example.org/a...', [of('a')]],
  ['https://example.org/a?!', [of('a')]],
  ['https://example.org/a — so', [of('a')]],
  ['**https://example.org/a**', [of('a')]],
  ['<https://example.org/a>', [of('a')]],
  ['`https://example.org/a`', [of('a')]],
  ['https://example.org/a?b=c&d=%20e#f', ['https://example.org/a?b=c&d=%20e#f']],
  ['https://example.org/a/', ['https://example.org/a/']],
  ['https://example.org/it’s', ['https://example.org/it’s']],
  ['https://example.org/weiß/путь', ['https://example.org/weiß/путь']],
  ['https://пример.рф.', ['https://пример.рф']],
  ['HTTPS://EXAMPLE.ORG/A.', ['HTTPS://EXAMPLE.ORG/A']],
  ['http://[::1]:80/a)', ['http://[::1]:80/a']],
  ['a\nhttps://example.org/a\nb', [of('a')]],
  ['https://example.org/a\u00a0b', [of('a')]],
  ['https://example.org/a\u200bb', [of('a')]],
  ['https://', []],
  ['https://)', []],
  ['xhttps://example.org/a', []],
  ['no address at all', []],
]

function of(path: string): string {
  return `https://example.org/${path}`
}

describe('an address in running text', () => {
  it.each(TABLE)('%j ends where a reader ends it', (text, expected) => {
    expect(addressesIn(text).map(({ offset, length }) => text.slice(offset, offset + length))).toEqual(expected)
    expect(
      piecesOf(text)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text)
  })
})
