import bigInt from 'big-integer'
import { MessageFlag } from '../model'
import { readEnvelope, readMessage, type TlObject } from './envelope'

const SELF = { id: 700, username: 'Alex' }

/** An object of Telegram's schema as GramJS gives it. */
function tl(className: string, fields: Record<string, unknown> = {}): TlObject {
  return { className, ...fields }
}

const CHANNEL = tl('PeerChannel', { channelId: bigInt(42) })
const user = (id: number) => tl('PeerUser', { userId: bigInt(id) })

function message(fields: Record<string, unknown>): TlObject {
  return tl('Message', { id: 9, peerId: CHANNEL, date: 1_700_000_000, message: 'hello', ...fields })
}

function flagNames(flags: number): string[] {
  return Object.entries(MessageFlag)
    .filter(([, bit]) => (flags & bit) !== 0)
    .map(([name]) => name)
}

describe('a message', () => {
  it.each([
    ['a channel', { peerId: CHANNEL }, -1_000_000_000_042, null],
    ['a group', { peerId: tl('PeerChat', { chatId: bigInt(7) }), fromId: user(5) }, -7, 5],
    ['a private chat, from the other', { peerId: user(5) }, 5, 5],
    ['a private chat, from me', { peerId: user(5), out: true }, 5, 700],
    [
      'a group, posted as a channel',
      { peerId: CHANNEL, fromId: tl('PeerChannel', { channelId: bigInt(43) }) },
      -1_000_000_000_042,
      -1_000_000_000_043,
    ],
  ])('of %s has its marked chat and sender', (_name, fields, chatId, senderId) => {
    expect(readMessage(message(fields), SELF)).toMatchObject({ chatId, senderId, messageId: 9, text: 'hello' })
  })

  it.each([
    [{}, []],
    [{ out: true }, ['outgoing']],
    [{ mentioned: true }, ['mentioned']],
    [{ post: true, fwdFrom: tl('MessageFwdHeader') }, ['forwarded', 'post']],
    [{ entities: [tl('MessageEntityUrl', { offset: 0, length: 5 })] }, ['link']],
    [{ media: tl('MessageMediaWebPage') }, ['link']],
    [{ entities: [tl('MessageEntityPre', { offset: 0, length: 5 })] }, ['code']],
    [{ media: tl('MessageMediaPhoto') }, ['media']],
    [{ message: 'hi @alex', entities: [tl('MessageEntityMention', { offset: 3, length: 5 })] }, ['namesMe']],
    [{ message: 'hi @alexa', entities: [tl('MessageEntityMention', { offset: 3, length: 6 })] }, []],
    [{ entities: [tl('MessageEntityMentionName', { offset: 0, length: 5, userId: bigInt(700) })] }, ['namesMe']],
  ])('with %j has the flags %j', (fields, names) => {
    expect(flagNames(readMessage(message(fields), SELF)?.flags ?? 0)).toEqual(names)
  })

  it.each([
    ['none', undefined, null, null],
    ['an answer', { replyToMsgId: 3 }, null, 3],
    ['a post in a topic', { replyToMsgId: 3, forumTopic: true }, 3, null],
    ['an answer in a topic', { replyToMsgId: 8, replyToTopId: 3, forumTopic: true }, 3, 8],
  ])('with a reply header of %s has its topic and what it answers', (_name, header, topicId, replyToId) => {
    const replyTo = header && tl('MessageReplyHeader', header)
    expect(readMessage(message({ replyTo }), SELF)).toMatchObject({ topicId, replyToId })
  })

  it('of a poll reads as question and answers', () => {
    const text = (value: string) => tl('TextWithEntities', { text: value })
    const poll = tl('Poll', {
      question: text('Ship it?'),
      answers: [tl('PollAnswer', { text: text('Yes') }), tl('PollAnswer', { text: text('No') })],
    })
    const read = readMessage(message({ message: '', media: tl('MessageMediaPoll', { poll }) }), SELF)
    expect(read).toMatchObject({ text: 'Ship it?\nYes\nNo', media: 'poll' })
  })

  it('that pins another is a service message with its flag', () => {
    const pin = tl('MessageService', { id: 9, peerId: CHANNEL, date: 1, action: tl('MessageActionPinMessage') })
    const read = readMessage(pin, SELF)
    expect(read).toMatchObject({ media: 'service:pin_message', text: '' })
    expect(flagNames(read?.flags ?? 0)).toEqual(['pinned'])
  })

  it('that is empty is none', () => {
    expect(readMessage(tl('MessageEmpty', { id: 9, peerId: CHANNEL }), SELF)).toBeNull()
  })

  it('keeps all digits of an album’s id', () => {
    expect(readMessage(message({ groupedId: bigInt('9223372036854775807') }), SELF)?.groupedId).toBe(
      '9223372036854775807',
    )
  })
})

describe('an envelope', () => {
  it('brings messages with the cursor of each one’s box, and its peers', () => {
    const intake = readEnvelope(
      tl('Updates', {
        updates: [
          tl('UpdateNewChannelMessage', { message: message({}), pts: 11, ptsCount: 1 }),
          tl('UpdateNewMessage', { message: message({ id: 10, peerId: user(5) }), pts: 3, ptsCount: 1 }),
          tl('UpdateReadChannelInbox', { channelId: bigInt(42), pts: 12 }),
          tl('UpdateUserStatus', {}),
        ],
        users: [
          tl('User', {
            id: bigInt(5),
            firstName: 'Ada',
            lastName: 'L',
            usernames: [tl('Username', { username: 'ada', active: true })],
          }),
        ],
        chats: [tl('Channel', { id: bigInt(42), title: 'Releases', username: 'rel', megagroup: true })],
        date: 1_700_000_001,
        seq: 4,
      }),
      SELF,
    )
    expect(intake?.messages.map(({ messageId }) => messageId)).toEqual([9, 10])
    expect(intake?.cursors).toEqual([
      { box: 42, pts: 12, qts: 0, date: 0, seq: 0 },
      { box: 0, pts: 3, qts: 0, date: 1_700_000_001, seq: 4 },
    ])
    expect(intake?.users).toEqual([{ id: 5, name: 'Ada L', username: 'ada' }])
    expect(intake?.chats).toEqual([
      { id: -1_000_000_000_042, kind: 'supergroup', title: 'Releases', username: 'rel' },
      { id: 5, kind: 'private', title: 'Ada L', username: 'ada' },
    ])
  })

  it.each([
    ['UpdateShortMessage', { userId: bigInt(5) }, 5, 5],
    ['UpdateShortMessage', { userId: bigInt(5), out: true }, 5, 700],
    ['UpdateShortChatMessage', { fromId: bigInt(5), chatId: bigInt(7) }, -7, 5],
  ])('%s is a message without its envelope', (className, fields, chatId, senderId) => {
    const intake = readEnvelope(tl(className, { id: 1, pts: 5, ptsCount: 1, date: 2, message: 'hi', ...fields }), SELF)
    expect(intake?.messages).toMatchObject([{ chatId, senderId, messageId: 1, text: 'hi', date: 2 }])
    expect(intake?.cursors).toEqual([{ box: 0, pts: 5, qts: 0, date: 2, seq: 0 }])
  })

  it('UpdateShort carries one update', () => {
    const update = tl('UpdateNewChannelMessage', { message: message({}), pts: 11, ptsCount: 1 })
    const intake = readEnvelope(tl('UpdateShort', { update, date: 2 }), SELF)
    expect(intake?.messages).toHaveLength(1)
    expect(intake?.cursors[0]).toMatchObject({ box: 42, pts: 11 })
  })

  it.each([undefined, null, 7, 'text', [], {}, tl('UpdatesTooLong'), tl('users.UserFull'), tl('Updates')])(
    'takes %j without harm',
    (value) => {
      const intake = readEnvelope(value, SELF)
      expect(intake === null || intake.messages.length === 0).toBe(true)
    },
  )
})
