import { answerKeyboard, pressData, pressOf, withPressed } from './answer-buttons'

const LINK = 'https://t.me/newswire/7'

describe('buttons below alerts', () => {
  it('say what they are for, and open the message where it has an address', () => {
    const texts = (...links: (string | null)[]) =>
      answerKeyboard(
        links.map((link, index) => ({ id: index + 1, link })),
        null,
        links.length > 1,
      ).map((row) => row.map(({ text }) => text))
    expect(texts(LINK)).toEqual([['Wanted', 'Not wanted', 'Snooze 1 h', 'Open']])
    expect(texts(null, LINK)).toEqual([
      ['1 · Wanted', '1 · Not wanted', '1 · Snooze 1 h'],
      ['2 · Wanted', '2 · Not wanted', '2 · Snooze 1 h', 'Open'],
    ])
  })

  it.each([
    ['wanted:7', { answer: 'wanted', alertId: 7, destinationId: null }],
    [
      'not_wanted:999999999999999:999999999999999',
      { answer: 'not_wanted', alertId: 999999999999999, destinationId: 999999999999999 },
    ],
    ['snooze:1:2', { answer: 'snooze', alertId: 1, destinationId: 2 }],
  ])('are read as they are written: %s', (data, press) => {
    expect(pressOf(data)).toEqual(press)
    expect(pressData(pressOf(data) as never)).toBe(data)
    expect(Buffer.byteLength(data)).toBeLessThanOrEqual(64)
  })

  it.each([
    '',
    'wanted',
    'wanted:0',
    'wanted:07',
    'wanted:1:',
    'wanted:1:0',
    'delete:1',
    'wanted:1:2:3',
    ' wanted:1',
    'wanted:1e3',
  ])('are not taken for ours: %j', (data) => expect(pressOf(data)).toBeUndefined())

  it('mark the one that was pressed last, of its alert alone', () => {
    const alerts = [
      { id: 1, link: LINK },
      { id: 2, link: null },
    ]
    const texts = (...presses: string[]) =>
      presses.reduce(withPressed, answerKeyboard(alerts, null)).map((row) => row.map(({ text }) => text))
    expect(texts('wanted:1', 'not_wanted:2', 'not_wanted:1')).toEqual([
      ['Wanted', '✓ Not wanted', 'Snooze 1 h', 'Open'],
      ['Wanted', '✓ Not wanted', 'Snooze 1 h'],
    ])
  })
})
