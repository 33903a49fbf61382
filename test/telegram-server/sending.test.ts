import { Api, helpers } from 'telegram'
import type { AccountInfo } from './control/control'
import { startTelegramServer, type TelegramServer } from './server'
import { closeGramJs, gramJsClient, type GramJsClient } from './support/gramjs'
import { until } from './support/waiting'
import { bareId } from './world/peers'

const long = (value: bigint | number) => helpers.returnBigInt(value.toString())

describe('sending, as GramJS does it', () => {
  let server: TelegramServer
  let alex: AccountInfo
  let one: GramJsClient
  const clients: GramJsClient[] = []
  let randomId = 1

  beforeEach(async () => {
    server = await startTelegramServer()
    alex = await server.control.createAccount({ firstName: 'Alex' })
    one = await connect(alex)
  })

  afterEach(async () => {
    for (const client of clients.splice(0)) await closeGramJs(client)
    await server.close()
  })

  async function connect(account: AccountInfo): Promise<GramJsClient> {
    const made = await gramJsClient(server.port, account)
    clients.push(made)
    await made.client.connect()
    await made.client.invoke(new Api.updates.GetState())
    return made
  }

  const control = () => server.control
  const user = (id: number) =>
    new Api.InputPeerUser({ userId: long(id), accessHash: long(server.world.users.get(id)!.accessHash) })
  const channel = (chat: number) => ({
    channelId: long(bareId(chat)),
    accessHash: long(server.world.channelOf(chat).accessHash),
  })
  const send = (
    peer: Api.TypeInputPeer,
    message: string,
    options: Partial<ConstructorParameters<typeof Api.messages.SendMessage>[0]> = {},
  ) => one.client.invoke(new Api.messages.SendMessage({ peer, message, randomId: long(randomId++), ...options }))
  const received = ({ seen }: GramJsClient) =>
    seen.flatMap((envelope) =>
      envelope.className === 'Updates'
        ? (envelope as unknown as Api.Updates).updates.flatMap((update) =>
            'message' in update ? [update.message as Api.Message] : [],
          )
        : [],
    )

  it('answers shortly in a private chat, and tells the other session and the other side', async () => {
    const mara = await control().createAccount({ firstName: 'Mara' })
    const [second, other] = [await connect(alex), await connect(mara)]
    const sent = await send(user(mara.id), 'hello')
    expect(sent).toMatchObject({ className: 'UpdateShortSentMessage', out: true, id: 1, pts: 2, ptsCount: 1 })
    await until('both', () => received(second).length === 1 && received(other).length === 1)
    expect(received(second)).toMatchObject([{ out: true, message: 'hello' }])
    expect(received(other)).toMatchObject([{ out: false, message: 'hello', peerId: { userId: long(alex.id) } }])
    expect(received(one)).toEqual([])
    expect(await send(new Api.InputPeerSelf(), 'note')).toMatchObject({ id: 2, pts: 3 })
  })

  it('answers with updates in groups and channels, and moves their counters', async () => {
    const { chat: group } = await control().createGroup({ title: 'Group' })
    const { chat: team } = await control().createSupergroup({ title: 'Team' })
    const inGroup = (await send(new Api.InputPeerChat({ chatId: long(-group) }), 'one')) as Api.Updates
    expect(inGroup.updates).toMatchObject([
      { className: 'UpdateMessageID', id: 1, randomId: long(randomId - 1) },
      { className: 'UpdateNewMessage', pts: 2, ptsCount: 1, message: { out: true, message: 'one' } },
    ])
    const bold = new Api.MessageEntityBold({ offset: 0, length: 3 })
    const peer = new Api.InputPeerChannel(channel(team))
    const replyTo = new Api.InputReplyToMessage({ replyToMsgId: 2 })
    await send(peer, 'first')
    const inTeam = (await send(peer, 'two', { replyTo, entities: [bold] })) as Api.Updates
    expect(inTeam.updates[1]).toMatchObject({
      className: 'UpdateNewChannelMessage',
      pts: 3,
      message: { replyTo: { replyToMsgId: 2 }, entities: [{ className: 'MessageEntityBold' }] },
    })
  })

  it('keeps to the rules of a chat', async () => {
    const { chat: news } = await control().createChannel({ title: 'News' })
    const { chat: own } = await control().createChannel({ title: 'Own', admins: [alex.id] })
    const { chat: team } = await control().createSupergroup({ title: 'Team' })
    const peer = (chat: number) => new Api.InputPeerChannel(channel(chat))
    const refused = (chat: number) => expect(send(peer(chat), 'x')).rejects
    await refused(news).toMatchObject({ code: 403, errorMessage: 'CHAT_WRITE_FORBIDDEN' })
    expect(await send(peer(own), 'x')).toMatchObject({ className: 'Updates' })
    await control().setChatRules({ chat: team, slowmodeSeconds: 60 })
    await send(peer(team), 'x')
    await refused(team).toMatchObject({ seconds: expect.any(Number) as number })
    await control().setChatRules({ chat: team, slowmodeSeconds: 0, isWritable: false })
    await refused(team).toMatchObject({ errorMessage: 'CHAT_WRITE_FORBIDDEN' })
    await expect(send(new Api.InputPeerSelf(), '')).rejects.toMatchObject({ errorMessage: 'MESSAGE_EMPTY' })
    await expect(send(new Api.InputPeerSelf(), 'x'.repeat(4097))).rejects.toMatchObject({
      errorMessage: 'MESSAGE_TOO_LONG',
    })
  })

  it('takes a random id once', async () => {
    await send(new Api.InputPeerSelf(), 'once', { randomId: long(77) })
    await expect(send(new Api.InputPeerSelf(), 'once', { randomId: long(77) })).rejects.toMatchObject({ code: 500 })
    expect((await control().state()).accounts).toMatchObject([{ messages: 1 }])
  })

  it('has bots answer what they were told to', async () => {
    const { id: bot } = await control().createUser({ firstName: 'Bot', username: 'a_bot', isBot: true })
    await control().setBotReplies({
      bot,
      replies: [{ match: '/start', texts: ['Welcome', 'Ask me'], delayMs: 20 }, { texts: ['What?'] }],
    })
    const texts = () => received(one).map(({ message }) => message)
    await send(user(bot), '/START now')
    await until('two answers', () => texts().length === 2)
    await send(user(bot), 'hm')
    await until('the third', () => texts().length === 3)
    expect(texts()).toEqual(['Welcome', 'Ask me', 'What?'])
  })

  it('joins a public channel and leaves it', async () => {
    const { chat } = await control().createChannel({ title: 'News', username: 'daily_news', members: [] })
    const input = new Api.InputChannel(channel(chat))
    const joined = (await one.client.invoke(new Api.channels.JoinChannel({ channel: input }))) as Api.Updates
    expect(joined).toMatchObject({ updates: [{ className: 'UpdateChannel' }], chats: [{ left: false }] })
    await control().postMessage({ chat, text: 'for members' })
    await until('the post', () => received(one).length === 1)
    await one.client.invoke(new Api.channels.LeaveChannel({ channel: input }))
    await expect(one.client.invoke(new Api.channels.LeaveChannel({ channel: input }))).rejects.toMatchObject({
      errorMessage: 'CHANNEL_PRIVATE',
    })
    const { chat: closed } = await control().createSupergroup({ title: 'Closed', members: [] })
    await expect(
      one.client.invoke(new Api.channels.JoinChannel({ channel: new Api.InputChannel(channel(closed)) })),
    ).rejects.toMatchObject({ errorMessage: 'CHANNEL_PRIVATE' })
  })
})
