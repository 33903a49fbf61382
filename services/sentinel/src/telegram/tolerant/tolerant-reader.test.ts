import { Layers } from '../../../../../test/telegram-server/tl/layers'
import type { TlObject as Plain } from '../../../../../test/telegram-server/tl/codec'
import { Api, BinaryReader } from '../gramjs'
import type { TlObject } from '../tl'
import { readAround } from './tolerant-reader'
import { UnreadableError, type UnreadablePart } from './unreadable'

/** The simulated data centre writes what GramJS's schema does not have. */
const layers = new Layers()
const encode = (object: Plain) => layers.encode(layers.newest, object)
const UNKNOWN: Plain = { _: 'unknown', id: 0x7eadbee1, bytes: Buffer.from('0102030405060708', 'hex') }

const channel = (id: number): Plain => ({ _: 'peerChannel', channel_id: id })
const message = (id: number, fields: Record<string, unknown> = {}): Plain => ({
  ...{ _: 'message', id, from_id: { _: 'peerUser', user_id: 70 + id }, peer_id: channel(5), date: 1000 + id },
  message: `text ${id}`,
  ...fields,
})
const chat = (id: number): Plain => ({ _: 'chatForbidden', id, title: `Chat ${id}` })
const history = (messages: Plain[], chats: Plain[] = [chat(1)]): Plain => ({
  ...{ _: 'messages.channelMessages', pts: 9, count: 100, topics: [], messages, chats, users: [] },
})

const idsOf = (list: unknown) =>
  (list as (TlObject & UnreadablePart)[]).map((each) =>
    each.className === 'Unreadable' ? `?${each.header?.messageId ?? ''}` : String(each['id']),
  )

describe('reading around what is unknown', () => {
  const bad = (id: number) => message(id, { media: UNKNOWN })
  const cases: [string, Plain[], string[]][] = [
    ['the first of a list', [bad(3), message(2), message(1)], ['?3', '2', '1']],
    ['one in the middle', [message(3), bad(2), message(1)], ['3', '?2', '1']],
    ['the last', [message(3), message(2), bad(1)], ['3', '2', '?1']],
    ['the only one', [bad(7)], ['?7']],
    ['several in a row', [message(4), bad(3), bad(2), message(1)], ['4', '?3', '?2', '1']],
    ['all of them', [bad(3), bad(2), bad(1)], ['?3', '?2', '?1']],
    ['a message of a constructor that nobody knows', [message(3), UNKNOWN, message(1)], ['3', '?', '1']],
    ['two of those', [message(4), UNKNOWN, UNKNOWN, message(1)], ['4', '?', '?', '1']],
    ['those at the end', [message(4), UNKNOWN, UNKNOWN], ['4', '?', '?']],
  ]

  it.each(cases)('leaves out %s, and reads the rest', (_name, messages, expected) => {
    const read = readAround(encode(history(messages))) as TlObject
    expect(read.className).toBe('messages.ChannelMessages')
    expect(idsOf(read['messages'])).toEqual(expected)
    expect((read['chats'] as TlObject[]).map(({ className }) => className)).toEqual(['ChatForbidden'])
  })

  const VECTOR = 0x1cb5c415
  const words = (...numbers: number[]) => {
    const bytes = Buffer.alloc(4 * numbers.length)
    numbers.forEach((number, index) => bytes.writeUInt32LE(number, 4 * index))
    return bytes
  }
  const holding = (...numbers: number[]): Plain => ({ ...UNKNOWN, bytes: words(...numbers) })
  const entities = [{ _: 'messageEntityBold', offset: 0, length: 4 }]
  const reactions = {
    _: 'messageReactions',
    results: [{ _: 'reactionCount', reaction: { _: 'reactionEmoji', emoticon: '❤' }, count: 3 }],
  }
  const rich = (...blocks: Plain[]) => ({
    message: '',
    rich_message: { _: 'richMessage', blocks, photos: [], documents: [] },
  })
  /** A list within it, or what looks like one, is not what follows the messages. */
  const lists: [string, Plain[], string[]][] = [
    ['entities follow', [message(4), message(3, { media: UNKNOWN, entities }), message(2)], ['4', '?3', '2']],
    ['reactions follow', [message(4), message(3, { media: UNKNOWN, reactions }), message(2)], ['4', '?3', '2']],
    [
      'it begins like a list',
      [message(4), message(3, { media: holding(VECTOR, 0, VECTOR) }), message(2)],
      ['4', '?3', '2'],
    ],
    ['all begin like lists', [5, 4, 3].map((id) => message(id, { media: holding(VECTOR, 1, id) })), ['?5', '?4', '?3']],
    [
      'blocks do, and a message behind',
      [message(5, rich(holding(VECTOR))), bad(4), message(3, rich(holding(VECTOR, 1, 4, VECTOR))), message(2)],
      ['5', '?4', '3', '2'],
    ],
    [
      'there are many',
      Array.from({ length: 90 }, (_, index) =>
        message(90 - index, index % 9 === 3 ? { media: holding(VECTOR, 2), entities } : { entities, reactions }),
      ),
      Array.from({ length: 90 }, (_, index) => `${index % 9 === 3 ? '?' : ''}${90 - index}`),
    ],
  ]

  it.each(lists)('leaves out no more than what is unknown where %s', (_name, messages, expected) => {
    expect(idsOf((readAround(encode(history(messages))) as TlObject)['messages'])).toEqual(expected)
  })

  it('says which message it was, of which chat, by whom and when', () => {
    const read = readAround(encode(history([bad(3)]))) as TlObject
    const [part] = read['messages'] as UnreadablePart[]
    expect(part).toMatchObject({
      constructorId: 0x7eadbee1,
      header: { chatId: -1_000_000_000_005, messageId: 3, senderId: 73, date: 1003 },
    })
  })

  it('leaves out a chat, a user or an update that nobody knows', () => {
    const read = readAround(encode(history([message(1)], [chat(1), UNKNOWN, chat(2)]))) as TlObject
    expect((read['chats'] as TlObject[]).map((each) => each.className)).toEqual([
      ...['ChatForbidden', 'Unreadable', 'ChatForbidden'],
    ])
    const update = { _: 'updateNewMessage', message: message(8), pts: 4, pts_count: 1 }
    const pushed = { _: 'updates', updates: [UNKNOWN, update], users: [], chats: [], date: 5, seq: 0 }
    const updates = readAround(encode(pushed)) as TlObject
    expect(updates).toMatchObject({ className: 'Updates', date: 5, seq: 0 })
    expect((updates['updates'] as TlObject[]).map((each) => each.className)).toEqual(['Unreadable', 'UpdateNewMessage'])
  })

  it('names the channel of an update that it could not read', () => {
    const update = { _: 'updateNewChannelMessage', message: bad(8), pts: 4, pts_count: 1 }
    const pushed = { _: 'updates', updates: [update], users: [], chats: [], date: 5, seq: 0 }
    const [part] = (readAround(encode(pushed)) as TlObject)['updates'] as UnreadablePart[]
    expect(part?.header).toMatchObject({ chatId: -1_000_000_000_005, messageId: 8 })
  })

  it('keeps a message of which only a block is unknown, and says that it is not whole', () => {
    const paragraph = (text: string): Plain => ({ _: 'pageBlockParagraph', text: { _: 'textPlain', text } })
    const rich = {
      _: 'richMessage',
      blocks: [paragraph('before'), UNKNOWN, paragraph('after')],
      photos: [],
      documents: [],
    }
    const read = readAround(encode(history([message(2, { message: '', rich_message: rich })]))) as TlObject
    const [found] = read['messages'] as (TlObject & { unreadable?: unknown[] })[]
    expect((found?.['richMessage'] as TlObject)['blocks']).toHaveLength(3)
    expect(found?.unreadable).toHaveLength(1)
  })

  it('reads what GramJS reads as GramJS reads it', () => {
    const bytes = encode(history([message(2), message(1)]))
    expect(JSON.stringify(readAround(bytes))).toBe(JSON.stringify(new BinaryReader(bytes).tgReadObject()))
    expect(readAround(bytes)).toBeInstanceOf(Api.messages.ChannelMessages)
  })

  it.each([
    ['a root that nobody knows', encode(UNKNOWN)],
    ['bytes that are none', Buffer.from('not a message at all', 'latin1')],
    ['nothing', Buffer.alloc(0)],
    ['an answer that is cut short', encode(history([message(2)])).subarray(0, 40)],
  ])('gives up %s', (_name, bytes) => {
    expect(() => readAround(bytes)).toThrow(UnreadableError)
  })

  it('bounds its steps where an answer is made to keep it busy', () => {
    const vectors = Buffer.alloc(400_000)
    for (let at = 0; at < vectors.length; at += 4) vectors.writeUInt32LE(at % 8 === 0 ? 0x1cb5c415 : 1, at)
    const bytes = Buffer.concat([encode(history([bad(3), message(2)])).subarray(0, 60), vectors])
    expect(() => readAround(bytes)).toThrow(UnreadableError)
  })
})
