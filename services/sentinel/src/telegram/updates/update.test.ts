import bigInt from 'big-integer'
import type { TlObject } from '../tl'
import { readEnvelope } from './envelope'
import { readUpdate } from './update'

const SELF = { id: 700, usernames: ['alex'] }
const tl = (className: string, fields: Record<string, unknown> = {}): TlObject => ({ className, ...fields })
const CHANNEL = tl('PeerChannel', { channelId: bigInt(42) })
const CHAT_ID = -1_000_000_000_042
const user = (id: number) => tl('PeerUser', { userId: bigInt(id) })
const message = (fields: Record<string, unknown> = {}) =>
  tl('Message', { id: 9, peerId: CHANNEL, date: 1_700_000_000, message: 'hello', ...fields })

describe('an update', () => {
  it.each([
    ['a new message', tl('UpdateNewMessage', { message: message({ peerId: user(5) }), pts: 3, ptsCount: 1 }), 0, 3, 1],
    ['a post', tl('UpdateNewChannelMessage', { message: message(), pts: 11, ptsCount: 1 }), 42, 11, 1],
    ['an edit of a post', tl('UpdateEditChannelMessage', { message: message(), pts: 12, ptsCount: 1 }), 42, 12, 1],
    ['a deletion', tl('UpdateDeleteMessages', { messages: [1, 2], pts: 5, ptsCount: 2 }), 0, 5, 2],
    [
      'a deletion of posts',
      tl('UpdateDeleteChannelMessages', { channelId: bigInt(42), messages: [1], pts: 5, ptsCount: 1 }),
      42,
      5,
      1,
    ],
    ['what was read', tl('UpdateReadChannelInbox', { channelId: bigInt(42), pts: 12 }), 42, 12, 0],
    ['who is online', tl('UpdateUserStatus'), 0, null, 0],
    ['a pts of 0', tl('UpdateNewMessage', { message: message({ peerId: user(5) }), pts: 0, ptsCount: 0 }), 0, null, 0],
  ])('of %s has its box and steps', (_name, source, box, pts, count) => {
    expect(readUpdate(source, SELF)).toMatchObject({ box, pts, count })
  })

  it.each([
    [tl('UpdateDeleteMessages', { messages: [1, 2] }), { type: 'deleted', chatId: null, messageIds: [1, 2] }],
    [
      tl('UpdateDeleteChannelMessages', { channelId: bigInt(42), messages: [3] }),
      { type: 'deleted', chatId: CHAT_ID, messageIds: [3] },
    ],
    [
      tl('UpdatePinnedMessages', { peer: user(5), messages: [3], pinned: true }),
      { type: 'pinned', chatId: 5, messageIds: [3], isPinned: true },
    ],
    [
      tl('UpdatePinnedChannelMessages', { channelId: bigInt(42), messages: [3] }),
      { type: 'pinned', chatId: CHAT_ID, messageIds: [3], isPinned: false },
    ],
    [
      tl('UpdateChannelMessageViews', { channelId: bigInt(42), id: 3, views: 8 }),
      { type: 'counted', chatId: CHAT_ID, messageId: 3, counts: { views: 8 } },
    ],
    [
      tl('UpdateMessageReactions', {
        peer: CHANNEL,
        msgId: 3,
        reactions: tl('MessageReactions', {
          results: [
            tl('ReactionCount', { reaction: tl('ReactionEmoji', { emoticon: '👍' }), count: 4 }),
            tl('ReactionCount', { reaction: tl('ReactionCustomEmoji', { documentId: bigInt(77) }), count: 1 }),
          ],
        }),
      }),
      { type: 'counted', chatId: CHAT_ID, messageId: 3, counts: { reactions: { '👍': 4, '77': 1 } } },
    ],
  ])('says what became of messages: %#', (source, change) => {
    expect(readUpdate(source, SELF).changes).toEqual([change])
  })

  it('tells an edit from a reaction by what it hides', () => {
    const edit = (fields: object) =>
      tl('UpdateEditChannelMessage', { message: message({ editDate: 5, ...fields }), pts: 2, ptsCount: 1 })
    expect(readUpdate(edit({}), SELF).changes).toMatchObject([{ type: 'edited', message: { editedAt: 5 } }])
    expect(readUpdate(edit({ editHide: true }), SELF).changes).toMatchObject([
      { type: 'edited', message: { editedAt: null } },
    ])
  })

  it('reads topics and migrations out of service messages', () => {
    const service = (action: TlObject, fields = {}) =>
      readUpdate(
        tl('UpdateNewChannelMessage', {
          message: tl('MessageService', { id: 9, peerId: CHANNEL, date: 1, action, ...fields }),
          pts: 2,
          ptsCount: 1,
        }),
        SELF,
      ).changes
    expect(service(tl('MessageActionTopicCreate', { title: 'Ideas' }))).toEqual([
      { type: 'topic', chatId: CHAT_ID, topicId: 9, title: 'Ideas' },
    ])
    const inTopic = { replyTo: tl('MessageReplyHeader', { replyToMsgId: 4, forumTopic: true }) }
    expect(service(tl('MessageActionTopicEdit', { title: 'Plans' }), inTopic)).toEqual([
      { type: 'topic', chatId: CHAT_ID, topicId: 4, title: 'Plans' },
    ])
    expect(service(tl('MessageActionChannelMigrateFrom', { title: 'x', chatId: bigInt(7) }))).toEqual([
      { type: 'migrated', fromChatId: -7, toChatId: CHAT_ID },
    ])
  })

  it.each([
    ['UpdatePtsChanged', 'account_difference'],
    ['UpdateChannelTooLong', 'channel_difference'],
    ['UpdateChannel', 'channel_changed'],
  ])('%s demands: %s', (className, demand) => {
    expect(readUpdate(tl(className, { channelId: bigInt(42), pts: 99 }), SELF)).toMatchObject({ demand })
  })

  it('that says that a channel has too much to tell is no step of it', () => {
    expect(readUpdate(tl('UpdateChannelTooLong', { channelId: bigInt(42), pts: 99 }), SELF).pts).toBeNull()
  })
})

describe('an envelope', () => {
  const update = (pts: number, count = 1) =>
    tl('UpdateNewChannelMessage', { message: message({ id: pts }), pts, ptsCount: count })

  it('has its updates in the order of their steps', () => {
    const read = readEnvelope(
      tl('Updates', { updates: [update(9), update(7), update(8)], users: [], chats: [], date: 5, seq: 4 }),
      SELF,
    )
    expect(read?.updates.map(({ pts }) => pts)).toEqual([7, 8, 9])
    expect(read).toMatchObject({ date: 5, seqStart: 4, seq: 4, isIncomplete: false })
  })

  it('of several envelopes in one begins with the first of them', () => {
    expect(readEnvelope(tl('UpdatesCombined', { updates: [], seqStart: 4, seq: 6 }), SELF)).toMatchObject({
      seqStart: 4,
      seq: 6,
    })
  })

  it.each([
    ['UpdateShortMessage', { userId: bigInt(5) }, 5, 5],
    ['UpdateShortMessage', { userId: bigInt(5), out: true }, 5, 700],
    ['UpdateShortChatMessage', { fromId: bigInt(5), chatId: bigInt(7) }, -7, 5],
  ])('%s is a message without its people', (className, fields, chatId, senderId) => {
    const read = readEnvelope(tl(className, { id: 1, pts: 5, ptsCount: 1, date: 2, message: 'hi', ...fields }), SELF)
    expect(read).toMatchObject({ isShort: true, date: 2 })
    expect(read?.updates).toMatchObject([{ box: 0, pts: 5, message: { chatId, senderId, messageId: 1, text: 'hi' } }])
  })

  it.each(['UpdatesTooLong', 'UpdateShortSentMessage'])('%s is incomplete', (className) => {
    expect(readEnvelope(tl(className, { pts: 5, ptsCount: 1 }), SELF)).toMatchObject({
      isIncomplete: true,
      updates: [],
    })
  })

  it.each([undefined, null, 7, 'text', [], {}, tl('users.UserFull'), tl('messages.Messages')])(
    '%j is none',
    (value) => {
      expect(readEnvelope(value, SELF)).toBeNull()
    },
  )

  it.each([tl('Updates'), tl('UpdateShort'), tl('UpdateShort', { update: 7 })])('takes %j without harm', (value) => {
    expect(readEnvelope(value, SELF)?.updates).toEqual([])
  })
})
