import bigInt from 'big-integer'
import { MessageFlag } from '../model'
import { readMessage } from './message'
import type { TlObject } from './tl'

const SELF = { id: 700, usernames: ['Alex'] }

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
