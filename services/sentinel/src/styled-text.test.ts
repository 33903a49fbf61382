import { escaped, slice, styledText } from './styled-text'

describe('a styled text', () => {
  it('takes marks out of the text, counted as Telegram counts', () => {
    expect(styledText('🙂 <b>loud <i>and</i></b> <a href="https://x.example/?a=1&amp;b">here</a>')).toEqual({
      text: '🙂 loud and here',
      marks: [
        { kind: 'bold', offset: 3, length: 8 },
        { kind: 'italic', offset: 8, length: 3 },
        { kind: 'link', offset: 12, length: 4, url: 'https://x.example/?a=1&b' },
      ],
    })
  })

  it.each(['<script>', '<b onclick="x">', '<a href="javascript:x">', '<a>', '</b>', 'a < b && c > d', '&nbsp;'])(
    'takes %s for text',
    (text) => expect(styledText(`x ${text} y`).marks).toEqual([]),
  )

  it('holds any value as it is', () => {
    for (const value of ['<b>x</b>', '&lt;b&gt;', '"quoted" & \'so\'', '&amp;amp;', '<a href="https://x.example">'])
      expect(styledText(`x${escaped(value)}x`)).toEqual({ text: `x${value}x`, marks: [] })
  })

  it('loses spaces at its ends, and what is cut keeps its marks', () => {
    const styled = styledText('\n <b>one two</b> ')
    expect(styled).toEqual({ text: 'one two', marks: [{ kind: 'bold', offset: 0, length: 7 }] })
    expect(slice(styled, 3, 7)).toEqual({ text: 'two', marks: [{ kind: 'bold', offset: 0, length: 3 }] })
  })
})
