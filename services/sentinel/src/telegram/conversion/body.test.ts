import type { TlObject } from '../tl'
import { bodyOf } from './body'
import { clock } from './file'

const message = (fields: Record<string, unknown>): TlObject => ({ className: 'Message', message: '', ...fields })
const tl = (className: string, fields: Record<string, unknown> = {}): TlObject => ({ className, ...fields })
const plain = (text: string) => tl('TextPlain', { text })
const words = (text: string) => tl('TextWithEntities', { text, entities: [] })
const block = (name: string, fields: Record<string, unknown>) => tl(`PageBlock${name}`, fields)
const paragraph = (text: unknown) => block('Paragraph', { text: typeof text === 'string' ? plain(text) : text })
const rich = (...blocks: TlObject[]) =>
  message({ richMessage: tl('RichMessage', { blocks, photos: [], documents: [] }) })
const document = (fields: Record<string, unknown>, attributes: TlObject[]) =>
  message({
    media: tl('MessageMediaDocument', {
      ...fields,
      document: tl('Document', { mimeType: 'a/b', size: 5, attributes }),
    }),
  })
const audio = (fields: object) => tl('DocumentAttributeAudio', { duration: 14, ...fields })

describe('what a message says', () => {
  it('as a rich message: its blocks, a line each, with entities where they stand', () => {
    const { text, entities } = bodyOf(
      rich(
        block('Heading1', { text: plain('Title') }),
        paragraph(
          tl('TextConcat', {
            texts: [
              plain('see '),
              tl('TextBold', { text: plain('this') }),
              plain(' at '),
              tl('TextUrl', { text: plain('the page'), url: 'https://zephyr.example/x' }),
            ],
          }),
        ),
        block('List', {
          items: [
            tl('PageListItemText', { text: plain('one') }),
            tl('PageListItemText', { text: plain('two'), checkbox: true, checked: true }),
            tl('PageListItemBlocks', { blocks: [paragraph('three'), paragraph('more')] }),
          ],
        }),
        block('OrderedList', { items: [tl('PageListOrderedItemText', { text: plain('first'), num: '1' })] }),
        block('Table', {
          title: plain('Prices'),
          rows: [
            tl('PageTableRow', {
              cells: [tl('PageTableCell', { text: plain('a') }), tl('PageTableCell', { text: plain('b') })],
            }),
          ],
        }),
        block('Preformatted', { text: plain('let x = 1'), language: 'ts' }),
        block('Blockquote', { text: plain('quoted'), caption: tl('TextEmpty') }),
        block('Photo', { caption: tl('PageCaption', { text: plain('a caption'), credit: plain('by Ada') }) }),
        block('Details', { title: plain('More'), blocks: [paragraph('inside')] }),
      ),
      null,
    )
    expect(text.split('\n')).toEqual([
      ...['Title', 'see this at the page', '• one', '• [x] two', '• three', 'more', '1. first', 'Prices', 'a | b'],
      ...['let x = 1', 'quoted', 'a caption', 'by Ada', 'More', 'inside'],
    ])
    const marked = entities.map(({ className, offset, length }) => [
      className.replace('MessageEntity', ''),
      text.slice(offset as number, (offset as number) + (length as number)),
    ])
    expect(marked).toEqual([
      ['Bold', 'this'],
      ['TextUrl', 'the page'],
      ['Pre', 'let x = 1'],
      ['Blockquote', 'quoted'],
    ])
  })

  it('as a checklist: its title and tasks, and who completed them', () => {
    const media = tl('MessageMediaToDo', {
      todo: tl('TodoList', {
        title: words('Trip'),
        list: [tl('TodoItem', { id: 1, title: words('Passport') }), tl('TodoItem', { id: 2, title: words('Tickets') })],
      }),
      completions: [tl('TodoCompletion', { id: 2, completedBy: tl('PeerUser', { userId: 70 }), date: 99 })],
    })
    const body = bodyOf(message({ media }), null)
    expect(body.text).toBe('Trip\n- Passport\n- Tickets')
    expect(body.label).toBe('Checklist')
    expect(body.checklist?.items).toEqual([
      { id: 1, text: 'Passport', completedBy: null, completedAt: null },
      { id: 2, text: 'Tickets', completedBy: 70, completedAt: 99 },
    ])
  })

  const link = (url: string, offset = 0, length = 5) => tl('MessageEntityTextUrl', { url, offset, length })
  const button = (text: string, type: TlObject) => tl('KeyboardButton', { text, type })
  const beside: [string, TlObject, string[]][] = [
    [
      'where a link leads',
      message({ message: 'click here', entities: [link('https://a.example/x')] }),
      ['https://a.example/x'],
    ],
    [
      'no address that the text shows',
      message({ message: 'https://a.example', entities: [link('https://a.example')] }),
      [],
    ],
    [
      'buttons, with where they lead',
      message({
        message: 'x',
        replyMarkup: tl('ReplyInlineMarkup', {
          rows: [
            tl('KeyboardButtonRow', {
              buttons: [
                button('Open', tl('InlineButtonTypeUrl', { url: 'https://b.example' })),
                button('Copy', tl('InlineButtonTypeCopy', { copyText: 'SALE10' })),
                button('Vote', tl('InlineButtonTypeCallback', { data: Buffer.alloc(2) })),
              ],
            }),
          ],
        }),
      }),
      ['Open https://b.example', 'Copy SALE10', 'Vote'],
    ],
    [
      'the name of a file',
      document({}, [tl('DocumentAttributeFilename', { fileName: 'zephyr-report.pdf' })]),
      ['zephyr-report.pdf'],
    ],
    ['performer and title', document({}, [audio({ title: 'Blue', performer: 'Joni' })]), ['Joni – Blue']],
    [
      'a contact',
      message({ media: tl('MessageMediaContact', { firstName: 'Ada', lastName: 'L', phoneNumber: '+1202' }) }),
      ['Ada L, +1202'],
    ],
    [
      'a place',
      message({ media: tl('MessageMediaVenue', { title: 'Zephyr Tower', address: 'Main St 1' }) }),
      ['Zephyr Tower, Main St 1'],
    ],
    [
      'an invoice',
      message({ media: tl('MessageMediaInvoice', { title: 'Zephyr', description: 'a kite' }) }),
      ['Zephyr, a kite'],
    ],
    [
      'a game',
      message({ media: tl('MessageMediaGame', { game: tl('Game', { title: 'Zephyr', description: 'fly' }) }) }),
      ['Zephyr, fly'],
    ],
    ['a prize', message({ media: tl('MessageMediaGiveaway', { prizeDescription: 'a kite' }) }), ['a kite']],
    [
      'the preview of a page',
      message({
        message: 'https://p.example',
        media: tl('MessageMediaWebPage', {
          webpage: tl('WebPage', { url: 'https://p.example', title: 'Zephyr', siteName: 'P' }),
        }),
      }),
      ['P, Zephyr'],
    ],
    [
      'the solution of a quiz',
      message({
        media: tl('MessageMediaPoll', {
          poll: tl('Poll', { quiz: true, question: words('2+2?'), answers: [tl('PollAnswer', { text: words('4') })] }),
          results: tl('PollResults', { solution: 'Count it.' }),
        }),
      }),
      ['Count it.'],
    ],
    [
      'whom it is from, and what it quotes',
      message({
        message: 'x',
        fwdFrom: tl('MessageFwdHeader', { fromName: 'Hidden Ada', date: 1 }),
        replyTo: tl('MessageReplyHeader', { quoteText: 'the zephyr line' }),
      }),
      ['Hidden Ada', 'the zephyr line'],
    ],
  ]

  it.each(beside)('beside its text: %s', (_name, source, expected) => {
    expect(bodyOf(source, null).extras.map(({ text }) => text)).toEqual(expected)
  })

  const labels: [string, TlObject][] = [
    ['Voice message, 0:14', document({ voice: true }, [audio({ voice: true })])],
    [
      'Video message, 1:05',
      document({ round: true }, [tl('DocumentAttributeVideo', { duration: 65, roundMessage: true })]),
    ],
    ['Video, 1:00:01', document({ video: true }, [tl('DocumentAttributeVideo', { duration: 3601 })])],
    ['Audio, 0:14', document({}, [audio({ title: 'x' })])],
    ['Sticker 🔥', document({}, [tl('DocumentAttributeSticker', { alt: '🔥' })])],
    ['Animation', document({}, [tl('DocumentAttributeAnimated'), tl('DocumentAttributeVideo', { duration: 2 })])],
    ['File', document({}, [])],
    ['Dice 🎲: 5', message({ media: tl('MessageMediaDice', { emoticon: '🎲', value: 5 }) })],
    ['Story', message({ media: tl('MessageMediaStory', { id: 1 }) })],
    ['Message of a kind that this version cannot read', message({ media: tl('MessageMediaUnsupported') })],
    [
      'Paid media: Photo',
      message({
        media: tl('MessageMediaPaidMedia', {
          extendedMedia: [tl('MessageExtendedMedia', { media: tl('MessageMediaPhoto') })],
        }),
      }),
    ],
  ]

  it.each(labels)('without a word is called "%s"', (label, source) => expect(bodyOf(source, null).label).toBe(label))

  const service = (name: string, fields: Record<string, unknown> = {}) =>
    tl('MessageService', { action: tl(`MessageAction${name}`, fields) })
  const services: [string, TlObject, string[]][] = [
    ['joined Telegram', service('ContactSignUp'), []],
    ['joined', service('ChatAddUser', { users: [70] }), []],
    ['added somebody', service('ChatAddUser', { users: [71] }), []],
    ['left', service('ChatDeleteUser', { userId: 70 }), []],
    ['changed the title', service('ChatEditTitle', { title: 'Zephyr' }), ['Zephyr']],
    ['called: video call, 2:05', service('PhoneCall', { video: true, duration: 125 }), []],
    ['completed 2 of the tasks', service('TodoCompletions', { completed: [1, 2], incompleted: [] }), []],
    [
      'sent a gift',
      service('StarGift', { gift: tl('StarGift', { title: 'Kite' }), message: words('for you') }),
      ['Kite', 'for you'],
    ],
    ['did something that this version cannot put into words', service('OfTomorrow'), []],
  ]

  it.each(services)('when somebody %s', (label, source, extras) => {
    const body = bodyOf(source, 70)
    expect([body.text, body.label, body.extras.map(({ text }) => text)]).toEqual(['', label, extras])
  })

  it.each([
    ['a block', rich(paragraph('x'), block('OfTomorrow', {}))],
    ['a text', rich(paragraph(tl('TextOfTomorrow')))],
    ['a medium', message({ message: 'x', media: tl('MessageMediaOfTomorrow') })],
    [
      'a button',
      message({
        message: 'x',
        replyMarkup: tl('ReplyInlineMarkup', {
          rows: [tl('KeyboardButtonRow', { buttons: [button('x', tl('InlineButtonTypeOfTomorrow'))] })],
        }),
      }),
    ],
  ])('is not all where %s is of a kind that nobody knows', (_name, source) => {
    expect(bodyOf(source, null).isPartial).toBe(true)
  })

  it('is bounded', () => {
    const rows = Array.from({ length: 300 }, () =>
      tl('KeyboardButtonRow', { buttons: [button('x'.repeat(9000), tl('InlineButtonTypeGame'))] }),
    )
    const { extras } = bodyOf(message({ message: 'x', replyMarkup: tl('ReplyInlineMarkup', { rows }) }), null)
    expect(extras.length).toBeLessThanOrEqual(100)
    expect(Math.max(...extras.map(({ text }) => text.length))).toBeLessThanOrEqual(4096)
  })

  it.each([
    [0, '0:00'],
    [59.6, '1:00'],
    [3599, '59:59'],
    [36_061, '10:01:01'],
  ])('%d seconds are %s', (seconds, text) => expect(clock(seconds)).toBe(text))
})
