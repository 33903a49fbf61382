import { Api } from 'telegram'
import { GramJsStage } from './support/gramjs-stage'
import { until } from './support/waiting'

describe('what happens to messages, as GramJS sees it', () => {
  let stage: GramJsStage
  let team: number

  beforeEach(async () => {
    stage = await GramJsStage.open()
    team = (await stage.control.createSupergroup({ title: 'Team' })).chat
  })

  afterEach(() => stage.close())

  const heart = [{ emoticon: '❤', count: 3 }]

  describe('an edit', () => {
    it('is pushed with its date and pts, and seen in the history', async () => {
      const messageId = await stage.post(team, 'frist')
      const at = { chat: team, messageId }
      expect(await stage.control.editMessage({ ...at, text: 'first #one', date: 5000 })).toEqual([
        { account: stage.account.id, pts: 3 },
      ])
      const message = { id: messageId, message: 'first #one', editDate: 5000, editHide: false }
      const entities = [{ className: 'MessageEntityHashtag' }]
      expect(await stage.pushed('UpdateEditChannelMessage')).toMatchObject({
        pts: 3,
        ptsCount: 1,
        message: { ...message, entities },
      })
      expect(await stage.history(team)).toMatchObject([message])
      await stage.control.editMessage({ ...at, text: 'bold', entities: [{ type: 'bold', offset: 0, length: 4 }] })
      expect(await stage.history(team)).toMatchObject([{ entities: [{ className: 'MessageEntityBold' }] }])
    })

    it('is in the difference as it was, beside the message as it is by now', async () => {
      const { chat: group } = await stage.control.createGroup({ title: 'Group' })
      for (const chat of [team, group]) {
        const messageId = await stage.post(chat, 'one')
        for (const text of ['two', 'three']) await stage.control.editMessage({ chat, messageId, text, push: 'none' })
      }
      const expected = {
        newMessages: [{ message: 'three' }],
        otherUpdates: [
          { pts: 3, message: { message: 'two' } },
          { pts: 4, message: { message: 'three' } },
        ],
      }
      expect(await stage.channelDifference(team, 1)).toMatchObject({ pts: 4, ...expected })
      expect(await stage.difference(1)).toMatchObject({ state: { pts: 4 }, ...expected })
      const later = await stage.difference(2)
      expect([later.newMessages, later.chats, later.users]).toMatchObject([
        [],
        [{ title: 'Group' }],
        [{ firstName: 'Mara' }],
      ])
      expect(stage.updates()).toEqual([])
    })

    it('changes one account’s copy of a message in a basic group', async () => {
      const mara = await stage.control.createAccount({ firstName: 'Mara' })
      await stage.control.postMessage({ chat: stage.friend, account: mara.id, text: 'moves the ids apart' })
      const { chat } = await stage.control.createGroup({ title: 'Group' })
      const posted = await stage.control.postMessage({ chat, from: stage.friend, text: 'one' })
      expect(posted.map(({ messageId }) => messageId)).toEqual([1, 2])
      await stage.control.editMessage({ chat, messageId: 1, text: 'mine' })
      await stage.control.editMessage({ chat, account: mara.id, messageId: 2, text: 'hers' })
      expect(await stage.history(chat)).toMatchObject([{ id: 1, message: 'mine' }])
      expect(await stage.pushed('UpdateEditMessage')).toMatchObject({ pts: 3, message: { message: 'mine' } })
      const { chats } = await stage.control.truth({ account: mara.id })
      expect(chats.find((one) => one.chat === chat)).toMatchObject({ messages: [{ id: 2, text: 'hers', edits: 1 }] })
    })

    it('is refused for what is not there', async () => {
      const messageId = await stage.post(team, 'one')
      const edit = (options: object) => stage.control.editMessage({ chat: team, messageId, text: 'two', ...options })
      await expect(edit({ messageId: 77 })).rejects.toThrow(`No message 77 in chat ${team}`)
      await expect(edit({ chat: stage.friend })).rejects.toThrow('No message')
      const pin = await stage.post(team, '', { pins: messageId })
      await expect(edit({ messageId: pin })).rejects.toThrow('is a service message')
    })
  })

  describe('reactions and counts', () => {
    it('come as an edit that is to be hidden', async () => {
      const messageId = await stage.post(team, 'one')
      await stage.control.setReactions({ chat: team, messageId, reactions: heart })
      const message = {
        message: 'one',
        editHide: true,
        editDate: expect.any(Number) as number,
        reactions: { results: [{ count: 3, reaction: { emoticon: '❤' } }] },
      }
      expect(await stage.pushed('UpdateEditChannelMessage')).toMatchObject({ pts: 3, ptsCount: 1, message })
      expect(await stage.history(team)).toMatchObject([message])
      expect((await stage.control.truth()).chats[0]!.messages).toMatchObject([{ edits: 0 }])
    })

    it('leave a real edit to be seen', async () => {
      const messageId = await stage.post(team, 'one')
      await stage.control.editMessage({ chat: team, messageId, text: 'two', date: 5000, push: 'none' })
      await stage.control.setReactions({ chat: team, messageId, reactions: heart })
      expect(await stage.pushed('UpdateEditChannelMessage')).toMatchObject({ message: { editHide: true } })
      expect(await stage.history(team)).toMatchObject([{ message: 'two', editHide: false, editDate: 5000 }])
    })

    it('come without pts on request', async () => {
      const messageId = await stage.post(stage.friend, 'one')
      const told = await stage.control.setReactions({ chat: stage.friend, messageId, reactions: heart, how: 'update' })
      expect(told).toEqual([{ account: stage.account.id, pts: 0 }])
      expect(await stage.pushed('UpdateMessageReactions')).toMatchObject({
        msgId: messageId,
        reactions: { results: [{}] },
      })
      expect((await stage.difference(1)).otherUpdates).toEqual([])
      expect(await stage.history(stage.friend)).toMatchObject([
        { editDate: null, reactions: { results: [{ count: 3 }] } },
      ])
    })

    it('count views, forwards and replies of a post', async () => {
      const { chat } = await stage.control.createChannel({ title: 'News' })
      const messageId = await stage.post(chat, 'one')
      await stage.control.setCounts({ chat, messageId, views: 700, forwards: 8, replies: 9 })
      expect(await stage.pushed('UpdateChannelMessageViews')).toMatchObject({ id: messageId, views: 700 })
      expect(await stage.pushed('UpdateChannelMessageForwards')).toMatchObject({ id: messageId, forwards: 8 })
      const replies = { replies: 9, repliesPts: 2 }
      expect(await stage.pushed('UpdateEditChannelMessage')).toMatchObject({ message: { editHide: true, replies } })
      expect(await stage.history(chat)).toMatchObject([{ message: 'one', views: 700, forwards: 8, replies }])
      await stage.control.setCounts({ chat: team, messageId: await stage.post(team, 'seen'), views: 2 })
      expect(await stage.history(team)).toMatchObject([{ views: 2, forwards: 0 }])
    })

    it('count the votes of a poll', async () => {
      const media = { kind: 'poll', question: 'Which?', answers: ['a', 'b'] } as const
      const messageId = await stage.post(team, '', { media })
      await stage.control.votePoll({ chat: team, messageId, voters: [2, 5] })
      const results = { totalVoters: 7, results: [{ voters: 2 }, { voters: 5 }] }
      const [message] = await stage.history(team)
      const { poll } = message!.media as Api.MessageMediaPoll
      expect(await stage.pushed('UpdateMessagePoll')).toMatchObject({ pollId: poll.id, results })
      expect(message!.media).toMatchObject({ results })
      const plain = await stage.post(team, 'no poll')
      await expect(stage.control.votePoll({ chat: team, messageId: plain, voters: [] })).rejects.toThrow('is no poll')
    })
  })

  describe('a deletion', () => {
    it('takes messages out of the history and steps over as many pts', async () => {
      const ids = [await stage.post(team, 'one'), await stage.post(team, 'two'), await stage.post(team, 'three')]
      await stage.control.deleteMessages({ chat: team, messageIds: ids.slice(0, 2) })
      expect(await stage.pushed('UpdateDeleteChannelMessages')).toMatchObject({
        messages: ids.slice(0, 2),
        pts: 6,
        ptsCount: 2,
      })
      expect(await stage.history(team)).toMatchObject([{ message: 'three' }])
      const query = { channel: stage.inputChannel(team), id: ids.map((id) => new Api.InputMessageID({ id })) }
      const { messages } = (await stage.invoke(new Api.channels.GetMessages(query))) as Api.messages.ChannelMessages
      expect(messages.map(({ className }) => className)).toEqual(['MessageEmpty', 'MessageEmpty', 'Message'])
      await expect(stage.control.deleteMessages({ chat: team, messageIds: [ids[0]!] })).rejects.toThrow('No message')
      const truth = (await stage.control.truth()).chats[0]!.messages
      expect(truth.map(({ text, deleted }) => [text, deleted])).toEqual([
        ['one', true],
        ['two', true],
        ['three', false],
      ])
    })

    it('leaves the difference without the message, whose pts count on', async () => {
      const ids = [await stage.post(team, 'one'), await stage.post(team, 'two')]
      await stage.control.deleteMessages({ chat: team, messageIds: [ids[0]!], push: 'none' })
      expect(await stage.channelDifference(team, 1, 1)).toMatchObject({ pts: 2, final: false, newMessages: [] })
      expect(await stage.channelDifference(team, 2)).toMatchObject({
        pts: 4,
        newMessages: [{ message: 'two' }],
        otherUpdates: [{ className: 'UpdateDeleteChannelMessages', messages: [ids[0]], pts: 4, ptsCount: 1 }],
      })
    })

    it('names no chat where the account numbers its messages', async () => {
      const { chat: group } = await stage.control.createGroup({ title: 'Group' })
      const [inPrivate, inGroup] = [await stage.post(stage.friend, 'one'), await stage.post(group, 'two')]
      await stage.control.deleteMessages({ chat: group, messageIds: [inGroup] })
      const { messages, pts } = await stage.pushed('UpdateDeleteMessages')
      expect([messages, pts]).toEqual([[inGroup], 4])
      expect(await stage.history(group)).toEqual([])
      expect(await stage.history(stage.friend)).toMatchObject([{ id: inPrivate }])
      expect((await stage.difference(1)).newMessages).toMatchObject([{ message: 'one' }])
      const id = [new Api.InputMessageID({ id: inGroup })]
      expect(await stage.invoke(new Api.messages.GetMessages({ id }))).toMatchObject({
        messages: [{ className: 'MessageEmpty' }],
      })
    })
  })

  it('pins messages and lets go of them', async () => {
    const messageId = await stage.post(team, 'one')
    const inPrivate = await stage.post(stage.friend, 'two')
    await stage.control.pinMessages({ chat: team, messageIds: [messageId], pinned: true })
    await stage.control.pinMessages({ chat: stage.friend, messageIds: [inPrivate], pinned: true })
    const update = { pinned: true, pts: 3, ptsCount: 1 }
    expect(await stage.pushed('UpdatePinnedChannelMessages')).toMatchObject({ ...update, messages: [messageId] })
    expect(await stage.pushed('UpdatePinnedMessages')).toMatchObject({ ...update, messages: [inPrivate] })
    expect(await stage.history(team)).toMatchObject([{ pinned: true }])
    await stage.control.pinMessages({ chat: team, messageIds: [messageId], pinned: false })
    await until('the unpinning', async () => (await stage.pushed('UpdatePinnedChannelMessages'))['pinned'] === false)
    expect(await stage.history(team)).toMatchObject([{ pinned: false }])
    expect((await stage.channelDifference(team, 2)).otherUpdates).toMatchObject([{ pinned: true }, { pinned: false }])
  })

  it('makes topics and renames them', async () => {
    const { chat } = await stage.control.createForum({ title: 'Forum' })
    const { topic } = await stage.control.createTopic({ chat, title: 'Tlak', from: stage.friend })
    const [renamed] = await stage.control.renameTopic({ chat, topic, title: 'Talk', push: 'short' })
    const inTopic = await stage.post(chat, 'hello', { topic })
    expect(await stage.history(chat)).toMatchObject([
      { id: inTopic, replyTo: { forumTopic: true, replyToMsgId: topic } },
      {
        id: renamed!.messageId,
        replyTo: { forumTopic: true, replyToMsgId: topic },
        action: { className: 'MessageActionTopicEdit', title: 'Talk' },
      },
      { id: topic, action: { className: 'MessageActionTopicCreate', title: 'Tlak' } },
    ])
    await until('both', () => stage.updates().length === 2)
    await expect(stage.control.createTopic({ chat: team, title: 'x' })).rejects.toThrow('is no forum')
    await expect(stage.control.renameTopic({ chat, topic: 99, title: 'x' })).rejects.toThrow('No topic 99')
  })

  it('tells of the admins of a basic group, and of those of a supergroup nobody', async () => {
    const { chat: group } = await stage.control.createGroup({ title: 'Group' })
    for (const chat of [team, group]) await stage.control.setAdmin({ chat, user: stage.friend, isAdmin: true })
    const className = 'UpdateChatParticipantAdmin'
    await until('the update', () => stage.updates().some((update) => update.className === className))
    expect(stage.updates()).toMatchObject([{ className, isAdmin: true }])
  })

  it('makes a supergroup of a basic group', async () => {
    const { chat: group } = await stage.control.createGroup({ title: 'Group', admins: [stage.friend] })
    await stage.post(group, 'old')
    const { chat } = await stage.control.migrateGroup({ chat: group })
    const channelId = stage.inputChannel(chat).channelId
    const old = { className: 'Chat', title: 'Group', deactivated: true, migratedTo: { channelId } }
    const chats = [old, { className: 'Channel', id: channelId, megagroup: true, title: 'Group', left: false }]
    const [ending, beginning] = await until('both', () => stage.seen.length >= 3 && stage.seen.slice(-2))
    expect(ending).toMatchObject({ chats, updates: [{ pts: 3, message: { action: { channelId } } }] })
    expect(beginning).toMatchObject({ chats: chats.toReversed(), updates: [{ pts: 2, message: { id: 1 } }] })
    const action = { className: 'MessageActionChannelMigrateFrom', title: 'Group' }
    expect(await stage.history(chat)).toMatchObject([{ id: 1, action }])
    expect((await stage.difference(2)).chats).toMatchObject(chats)
    expect((await stage.channelDifference(chat, 1)).chats).toHaveLength(2)
    expect(await stage.history(group)).toMatchObject([{}, { message: 'old' }])
    await stage.post(chat, 'new')
    await expect(stage.post(group, 'late')).rejects.toThrow('has become a supergroup')
    await expect(stage.control.migrateGroup({ chat: group })).rejects.toThrow('has become a supergroup')
    expect((await stage.control.state()).channels).toHaveLength(2)
  })
})
