import { Api, helpers } from 'telegram'
import { gramJsClient, type GramJsClient } from './support/gramjs'
import { until } from './support/waiting'
import { startTelegramServer, type TelegramServer } from './server'
import type { AccountInfo } from './control/control'

const BROKEN = 0
const zero = helpers.returnBigInt(0)

describe('the simulated data centre, as GramJS sees it', () => {
  let server: TelegramServer
  let account: AccountInfo
  const clients: GramJsClient[] = []

  beforeEach(async () => {
    server = await startTelegramServer()
    account = await server.control.createAccount({ firstName: 'Alex', username: 'alexmorgan' })
  })

  afterEach(async () => {
    for (const { client } of clients.splice(0)) await client.destroy()
    await server.close()
  })

  async function connect(transport?: 'full' | 'obfuscated'): Promise<GramJsClient> {
    const made = await gramJsClient(server.port, account, transport)
    clients.push(made)
    await made.client.connect()
    return made
  }

  async function self({ client }: GramJsClient): Promise<Api.User> {
    const [user] = await client.invoke(new Api.users.GetUsers({ id: [new Api.InputUserSelf()] }))
    return user as Api.User
  }

  const pushed = (seen: GramJsClient['seen'], className: string) =>
    until(className, () => seen.find((one) => one.className === className))

  it.each(['full', 'obfuscated'] as const)('answers get_me over the %s transport', async (transport) => {
    const user = await self(await connect(transport))
    expect(user.id.toJSNumber()).toBe(account.id)
    expect(user.self).toBe(true)
  })

  it('pushes each kind of envelope with rising pts', async () => {
    const one = await connect()
    await self(one)
    const { id: friend } = await server.control.createUser({ firstName: 'Mara' })
    const { chat: group } = await server.control.createGroup({ title: 'Group' })
    const { chat: channel } = await server.control.createChannel({ title: 'News' })
    await server.control.postMessage({ chat: friend, text: 'one', push: 'updates' })
    await server.control.postMessage({ chat: friend, text: 'two', push: 'short' })
    await server.control.postMessage({ chat: group, from: friend, text: 'three', push: 'short' })
    await server.control.postMessage({ chat: channel, text: 'four', push: 'updateShort' })
    await server.control.postMessage({ chat: friend, text: 'five', push: 'tooLong' })

    const updates = (await pushed(one.seen, 'Updates')) as unknown as Api.Updates
    const short = (await pushed(one.seen, 'UpdateShortMessage')) as unknown as Api.UpdateShortMessage
    const inGroup = (await pushed(one.seen, 'UpdateShortChatMessage')) as unknown as Api.UpdateShortChatMessage
    const inChannel = (await pushed(one.seen, 'UpdateShort')) as unknown as Api.UpdateShort
    await pushed(one.seen, 'UpdatesTooLong')
    expect(updates.users).toHaveLength(1)
    expect([short.message, short.pts, inGroup.message, inGroup.pts]).toEqual(['two', 3, 'three', 4])
    expect((inChannel.update as Api.UpdateNewChannelMessage).message).toMatchObject({ message: 'four', post: true })
  })

  it('gives the difference that was missed, and nothing when nothing was', async () => {
    const one = await connect()
    const before = await one.client.invoke(new Api.updates.GetState())
    const { id: friend } = await server.control.createUser({ firstName: 'Mara' })
    await server.control.postMessage({ chat: friend, text: 'missed', push: 'none' })
    const ask = (pts: number) => one.client.invoke(new Api.updates.GetDifference({ pts, date: before.date, qts: 0 }))
    const difference = (await ask(before.pts)) as Api.updates.Difference
    expect(difference.newMessages).toMatchObject([{ message: 'missed' }])
    expect(await ask(difference.state.pts)).toMatchObject({ className: 'updates.DifferenceEmpty' })
  })

  it('gives history, dialogs and the difference of a channel', async () => {
    const one = await connect()
    const { id: friend } = await server.control.createUser({ firstName: 'Mara' })
    const { chat } = await server.control.createForum({ title: 'Forum', topics: ['Talk'] })
    await server.control.postMessage({ chat, from: friend, text: 'hello @alexmorgan', topic: 2 })
    await server.control.postMessage({
      chat,
      from: friend,
      text: 'Q',
      media: { kind: 'poll', question: 'Q', answers: ['a', 'b'] },
    })
    const dialogs = (await one.client.invoke(
      new Api.messages.GetDialogs({
        offsetDate: 0,
        offsetId: 0,
        offsetPeer: new Api.InputPeerEmpty(),
        limit: 100,
        hash: zero,
      }),
    )) as Api.messages.Dialogs
    expect(dialogs.dialogs).toMatchObject([{ pts: 3 }])
    const { id, accessHash } = dialogs.chats[0] as Api.Channel
    const channel = { channelId: id, accessHash: accessHash! }
    const history = (await one.client.invoke(
      new Api.messages.GetHistory({ peer: new Api.InputPeerChannel(channel), limit: 10, hash: zero }),
    )) as Api.messages.ChannelMessages
    expect(history.messages.map(({ className }) => className)).toEqual(['Message', 'Message'])
    expect(history.messages[1]).toMatchObject({ mentioned: true, replyTo: { forumTopic: true, replyToMsgId: 2 } })
    const difference = await one.client.invoke(
      new Api.updates.GetChannelDifference({
        channel: new Api.InputChannel(channel),
        filter: new Api.ChannelMessagesFilterEmpty(),
        pts: 2,
        limit: 100,
      }),
    )
    expect(difference).toMatchObject({ className: 'updates.ChannelDifference', final: true, pts: 3 })
  })

  it('marks own messages, answers to them, forwards, albums and pins', async () => {
    const one = await connect()
    await self(one)
    const { id: friend } = await server.control.createUser({ firstName: 'Mara' })
    const { chat } = await server.control.createSupergroup({ title: 'Team' })
    const [own] = await server.control.postMessage({ chat, from: account.id, text: 'mine' })
    await server.control.postMessage({ chat, from: friend, text: 'answer', replyTo: own!.messageId })
    await server.control.postMessage({ chat, from: friend, text: 'seen elsewhere', forward: { from: friend } })
    await server.control.postMessage({ chat, from: friend, text: '', media: { kind: 'photo' }, groupedId: 77 })
    await server.control.postMessage({ chat, from: friend, text: '', pins: own!.messageId })
    await server.control.postMessage({ chat, from: friend, text: 'see [here](https://example.org) `x`', markup: true })
    await server.control.postMessage({ chat: friend, text: 'in private' })
    const messages = () =>
      one.seen.flatMap((envelope) =>
        envelope.className === 'Updates'
          ? (envelope as unknown as Api.Updates).updates.map((update) => (update as Api.UpdateNewMessage).message)
          : [],
      )
    await until('all of them', () => messages().length === 7)
    expect(messages()).toMatchObject([
      { out: true, mentioned: false, message: 'mine' },
      { out: false, mentioned: true, replyTo: { replyToMsgId: own!.messageId } },
      { fwdFrom: { className: 'MessageFwdHeader' } },
      { media: { className: 'MessageMediaPhoto' } },
      { className: 'MessageService', action: { className: 'MessageActionPinMessage' } },
      { message: 'see here x', entities: [{ className: 'MessageEntityTextUrl', offset: 4, length: 4 }, { length: 1 }] },
      { message: 'in private', fromId: null },
    ])
  })

  it('keeps a silent channel to itself, and closes one to who has left it', async () => {
    const one = await connect()
    await self(one)
    const { chat } = await server.control.createChannel({ title: 'News' })
    await server.control.setPushed({ chat, pushed: false })
    await server.control.postMessage({ chat, text: 'unheard' })
    const { id, accessHash } = server.world.channelOf(chat)
    const ask = () =>
      one.client.invoke(
        new Api.updates.GetChannelDifference({
          channel: new Api.InputChannel({
            channelId: zero.add(id),
            accessHash: helpers.returnBigInt(accessHash.toString()),
          }),
          filter: new Api.ChannelMessagesFilterEmpty(),
          pts: 1,
          limit: 10,
        }),
      )
    expect(await ask()).toMatchObject({ newMessages: [{ message: 'unheard' }] })
    expect(one.seen.some(({ className }) => className === 'Updates')).toBe(false)
    await server.control.setMember({ chat, member: false })
    await expect(ask()).rejects.toMatchObject({ errorMessage: 'CHANNEL_PRIVATE' })
  })

  it('refuses an unknown method, a wrong access hash and a revoked session', async () => {
    const one = await connect()
    await expect(one.client.invoke(new Api.account.GetAutoDownloadSettings())).rejects.toMatchObject({ code: 400 })
    const stranger = new Api.InputUser({ userId: zero.add(account.id), accessHash: zero })
    await expect(one.client.invoke(new Api.users.GetUsers({ id: [stranger] }))).rejects.toMatchObject({
      errorMessage: 'USER_ID_INVALID',
    })
    await server.control.revoke({ type: 'SESSION_REVOKED' })
    await expect(self(one)).rejects.toMatchObject({ code: 401, errorMessage: 'SESSION_REVOKED' })
  })

  it('asks for patience as often as it was told to', async () => {
    const one = await connect()
    await server.control.floodWait({ method: 'users.getUsers', seconds: 31, times: 2 })
    await expect(self(one)).rejects.toMatchObject({ seconds: 31 })
    await expect(self(one)).rejects.toMatchObject({ seconds: 31 })
    await self(one)
    const { calls } = await server.control.calls()
    expect(calls.filter(({ method }) => method === 'users.getUsers')).toHaveLength(3)
  })

  it('counts the calls in flight', async () => {
    const one = await connect()
    await server.control.delayMethod({ method: 'users.getUsers', delayMs: 50, times: 3 })
    await Promise.all([self(one), self(one), self(one)])
    expect((await server.control.calls()).maxInFlight).toBe(3)
    const first = { account: account.id, first: 'users.getUsers', second: 'users.getUsers' }
    expect(await server.control.callOrder()).toEqual({ overlappingPairs: 3, examples: [first, first, first] })
    expect(await server.control.callOrder({ ignore: ['users.getUsers'] })).toMatchObject({ overlappingPairs: 0 })
    await server.control.clearCalls()
    await self(one)
    await self(one)
    expect(await server.control.callOrder({ account: account.id })).toMatchObject({ overlappingPairs: 0 })
  })

  it('goes on after its connections were dropped and after a restart on the same port', async () => {
    const one = await connect()
    await self(one)
    await server.control.dropConnections()
    await until('a new connection', async () => (await server.control.state()).connections === 1)
    await until('an answer', () => self(one).catch(() => undefined))
    await server.control.stopListening()
    await server.control.startListening()
    await until('an answer after the restart', () => self(one).catch(() => undefined))
  })

  it('sends its new salt to a client that uses the old one', async () => {
    const one = await connect()
    await server.control.changeSalts()
    await self(one)
  })

  it('packs long answers and offers several sessions of a key their pushes', async () => {
    await server.control.setGzipOver({ sizeBytes: 10 })
    const both = [await connect(), await connect('obfuscated')]
    for (const one of both) await self(one)
    const { id: friend } = await server.control.createUser({ firstName: 'Mara' })
    await server.control.postMessage({ chat: friend, text: 'for both' })
    for (const { seen } of both) await pushed(seen, 'Updates')
  })

  it('loses, repeats and reverses pushes on demand', async () => {
    const one = await connect()
    await self(one)
    const { id: friend } = await server.control.createUser({ firstName: 'Mara' })
    const say = (text: string) => server.control.postMessage({ chat: friend, text, push: 'short' })
    await server.control.losePushes({ count: 1 })
    await say('lost')
    await server.control.repeatPushes({ count: 1 })
    await say('twice')
    await server.control.reversePushes({ count: 2 })
    await say('later')
    await say('sooner')
    const texts = () =>
      one.seen.flatMap((update) => (update.className === 'UpdateShortMessage' ? [update['message']] : []))
    await until('four pushes', () => texts().length === 4)
    expect(texts()).toEqual(['twice', 'twice', 'sooner', 'later'])
  })

  it('answers nothing while muted', async () => {
    const one = await connect()
    const { packets } = await server.control.state()
    await server.control.setMuted({ muted: true })
    const answered: string[] = []
    void self(one).then(
      () => answered.push('while muted'),
      () => undefined,
    )
    await until('the call to arrive', async () => (await server.control.state()).packets > packets)
    await server.control.setMuted({ muted: false })
    await self(one)
    expect(answered).toEqual([])
  })

  it('closes the door to a key it has forgotten', async () => {
    const one = await connect()
    await server.control.forgetKey({})
    void self(one).catch(() => undefined)
    await until('the broken state', () => one.seen.some((update) => update['state'] === BROKEN))
  })
})
