import { Api, helpers } from 'telegram'
import { startTelegramServer, type TelegramServer } from './server'
import { closeGramJs, newGramJsClient, type GramJsClient } from './support/gramjs'
import { bareId } from './world/peers'

const PHONE = '+49 151 1234567'
const zero = helpers.returnBigInt(0)
const long = (value: bigint | number) => helpers.returnBigInt(value.toString())

describe('chats, people and their pictures, as GramJS sees them', () => {
  let server: TelegramServer
  let one: GramJsClient

  beforeEach(async () => {
    server = await startTelegramServer({ dcs: [2, 4] })
    await server.control.createAccount({ firstName: 'Alex', username: 'alexmorgan', phone: PHONE })
    one = await newGramJsClient(server)
    await one.client.connect()
    const settings = new Api.CodeSettings({})
    const sendCode = new Api.auth.SendCode({ phoneNumber: PHONE, apiId: 1, apiHash: 'hash', settings })
    const { phoneCodeHash } = (await one.client.invoke(sendCode)) as Api.auth.SentCode
    const { code } = await server.control.lastCode({ phone: PHONE })
    await one.client.invoke(new Api.auth.SignIn({ phoneNumber: PHONE, phoneCodeHash, phoneCode: code }))
  })

  afterEach(async () => {
    await closeGramJs(one)
    await server.close()
  })

  const control = () => server.control
  const resolve = (username: string) => one.client.invoke(new Api.contacts.ResolveUsername({ username }))
  const inputChannel = (chat: number) =>
    new Api.InputChannel({ channelId: long(bareId(chat)), accessHash: long(server.world.channelOf(chat).accessHash) })
  const inputPeer = (chat: number) => {
    const { channelId, accessHash } = inputChannel(chat)
    return new Api.InputPeerChannel({ channelId, accessHash })
  }
  const dialogs = (options: Partial<ConstructorParameters<typeof Api.messages.GetDialogs>[0]> = {}) =>
    one.client.invoke(
      new Api.messages.GetDialogs({
        ...{ offsetDate: 0, offsetId: 0, offsetPeer: new Api.InputPeerEmpty(), limit: 100, hash: zero },
        ...options,
      }),
    ) as Promise<Api.messages.DialogsSlice>
  const titles = ({ dialogs: list, chats }: Api.messages.DialogsSlice) =>
    list.map(({ peer }) => {
      const { channelId } = peer as Api.PeerChannel
      return chats.map((chat) => chat as Api.Channel).find(({ id }) => id.equals(channelId))?.title
    })

  it('gives the list of chats in slices, pinned ones first and the archive apart', async () => {
    const chats: number[] = []
    for (const title of ['A', 'B', 'C', 'D', 'E']) {
      const { chat } = await control().createSupergroup({ title })
      await control().postMessage({ chat, text: title, date: 1000 + chats.length })
      chats.push(chat)
    }
    await control().setDialog({ chat: chats[1]!, isPinned: true })
    await control().setDialog({ chat: chats[4]!, folderId: 1 })
    const first = await dialogs({ limit: 2, folderId: 0 })
    expect([titles(first), first.count]).toEqual([['B', 'D'], 4])
    expect(first.dialogs[0]).toMatchObject({ pinned: true })
    const next = { limit: 1, folderId: 0, offsetDate: 1003, offsetId: 1, offsetPeer: inputPeer(chats[3]!) }
    expect(titles(await dialogs(next))).toEqual(['C'])
    expect(titles(await dialogs({ ...next, limit: 9, offsetPeer: new Api.InputPeerEmpty() }))).toEqual(['C', 'A'])
    const end = { folderId: 0, offsetDate: 1000, offsetId: 1, offsetPeer: inputPeer(chats[0]!) }
    expect(titles(await dialogs(end))).toEqual([])
    expect(titles(await dialogs({ folderId: 1 }))).toEqual(['E'])
    expect(titles(await dialogs({ excludePinned: true }))).toEqual(['E', 'D', 'C', 'A'])
  })

  it('gives the folders with their peers', async () => {
    const { chat } = await control().createSupergroup({ title: 'Team' })
    const { chat: group } = await control().createGroup({ title: 'Group' })
    await control().createFolder({ title: 'Work', include: [chat, group], flags: ['broadcasts', 'exclude_archived'] })
    const { filters } = await one.client.invoke(new Api.messages.GetDialogFilters())
    expect(filters).toMatchObject([
      { className: 'DialogFilterDefault' },
      {
        id: 2,
        title: { text: 'Work' },
        broadcasts: true,
        excludeArchived: true,
        groups: false,
        includePeers: [{ className: 'InputPeerChannel' }, { className: 'InputPeerChat' }],
      },
    ])
  })

  it('tells all of a channel, of a group and of a user', async () => {
    const { chat } = await control().createSupergroup({ title: 'Team', about: 'We work', username: 'team_chat' })
    const { id: bot } = await control().createUser({ firstName: 'Bot', username: 'a_bot', isBot: true, about: 'Helps' })
    const { chat: group } = await control().createGroup({ title: 'Group', admins: [bot] })
    await control().setChatRules({ chat, slowmodeSeconds: 30 })
    const full = await one.client.invoke(new Api.channels.GetFullChannel({ channel: inputChannel(chat) }))
    expect(full.fullChat).toMatchObject({ about: 'We work', slowmodeSeconds: 30, pts: 1 })
    const basic = await one.client.invoke(new Api.messages.GetFullChat({ chatId: long(-group) }))
    expect(basic.users).toHaveLength(2)
    expect((basic.fullChat as Api.ChatFull).participants).toMatchObject({
      participants: [{ className: 'ChatParticipant' }, { className: 'ChatParticipantAdmin' }],
    })
    const { users } = await resolve('A_Bot')
    const user = users[0] as Api.User
    const id = new Api.InputUser({ userId: user.id, accessHash: user.accessHash! })
    const { fullUser } = await one.client.invoke(new Api.users.GetFullUser({ id }))
    expect(fullUser).toMatchObject({ about: 'Helps', botInfo: { description: 'Helps' } })
    const two = await one.client.invoke(new Api.channels.GetChannels({ id: [inputChannel(chat)] }))
    const three = await one.client.invoke(new Api.messages.GetChats({ id: [long(-group)] }))
    expect([two.chats, three.chats]).toMatchObject([[{ title: 'Team' }], [{ title: 'Group' }]])
  })

  it('gives the people of a channel page by page, by name and by rank', async () => {
    const { chat } = await control().createSupergroup({ title: 'Team' })
    await control().addParticipants({ chat, count: 450 })
    const { users: admins } = await control().addParticipants({ chat, count: 2, admin: true })
    const page = (offset: number, filter: Api.TypeChannelParticipantsFilter = new Api.ChannelParticipantsRecent()) =>
      one.client.invoke(
        new Api.channels.GetParticipants({ channel: inputChannel(chat), filter, offset, limit: 500, hash: zero }),
      ) as Promise<Api.channels.ChannelParticipants>
    const sizes: number[] = []
    for (let offset = 0; ;) {
      const { participants, users } = await page(offset)
      sizes.push(participants.length)
      expect(users).toHaveLength(participants.length)
      if (participants.length === 0) break
      offset += participants.length
    }
    expect(sizes).toEqual([200, 200, 53, 0])
    const ranked = await page(0, new Api.ChannelParticipantsAdmins())
    expect(ranked.users.map(({ id }) => id.toJSNumber())).toEqual(admins)
    expect((await page(0, new Api.ChannelParticipantsSearch({ q: 'person 44' }))).count).toBe(11)
    const { chat: news } = await control().createChannel({ title: 'News' })
    const hidden = { channel: inputChannel(news), filter: new Api.ChannelParticipantsRecent(), offset: 0, limit: 9 }
    await expect(one.client.invoke(new Api.channels.GetParticipants({ ...hidden, hash: zero }))).rejects.toMatchObject({
      errorMessage: 'CHAT_ADMIN_REQUIRED',
    })
  })

  it('finds who bears a name, and shows a public channel to who is not in it', async () => {
    const { chat } = await control().createChannel({ title: 'News', username: 'daily_news', members: [] })
    await control().postMessage({ chat, text: 'public' })
    expect((await resolve('Daily_News')).chats).toMatchObject([{ title: 'News', left: true }])
    const history = await one.client.invoke(
      new Api.messages.GetHistory({ peer: inputPeer(chat), limit: 9, hash: zero }),
    )
    expect(history).toMatchObject({ messages: [{ message: 'public' }] })
    await expect(resolve('nobody_here')).rejects.toMatchObject({ errorMessage: 'USERNAME_NOT_OCCUPIED' })
    await expect(resolve('1x')).rejects.toMatchObject({ errorMessage: 'USERNAME_INVALID' })
    const { chat: closed } = await control().createSupergroup({ title: 'Closed', members: [] })
    const { chats } = await one.client.invoke(new Api.channels.GetChannels({ id: [inputChannel(closed)] }))
    expect(chats).toMatchObject([{ className: 'ChannelForbidden', title: 'Closed' }])
  })

  it('serves pictures on a connection of their own, and from the data centre that has them', async () => {
    const { id: friend } = await control().createUser({ firstName: 'Mara', username: 'maralind' })
    const { chat } = await control().createSupergroup({ title: 'Team' })
    await control().setPhoto({ peer: friend })
    await control().setPhoto({ peer: chat, dc: 4 })
    const [mara] = (await resolve('maralind')).users
    const near = await one.client.downloadProfilePhoto(mara!)
    const far = await one.client.downloadProfilePhoto(inputPeer(chat))
    for (const jpeg of [near, far]) {
      expect(Buffer.isBuffer(jpeg) && jpeg.subarray(0, 3).toString('hex')).toBe('ffd8ff')
    }
    expect(near).toEqual(server.world.users.get(friend)!.photo!.jpeg)
    expect(far).toEqual(server.world.channelOf(chat).photo!.jpeg)
    const { sessions } = await control().state()
    expect(new Set(sessions.map(({ dc }) => dc))).toEqual(new Set([2, 4]))
    expect((await control().calls()).calls.map(({ method }) => method)).toContain('auth.importAuthorization')
  })

  it('refuses a picture that is elsewhere, another, or cut badly', async () => {
    const { chat } = await control().createSupergroup({ title: 'Team' })
    const { photoId } = await control().setPhoto({ peer: chat, dc: 4 })
    const ask = (photo: string, limit: number) =>
      one.client.invoke(
        new Api.upload.GetFile({
          location: new Api.InputPeerPhotoFileLocation({ peer: inputPeer(chat), photoId: long(BigInt(photo)) }),
          offset: zero,
          limit,
        }),
      )
    await expect(ask('1', 4096)).rejects.toMatchObject({ errorMessage: 'LOCATION_INVALID' })
    await expect(ask(photoId, 4096)).rejects.toMatchObject({ newDc: 4 })
    await control().setPhoto({ peer: chat })
    const here = server.world.channelOf(chat).photo!.id.toString()
    await expect(ask(here, 1000)).rejects.toMatchObject({ errorMessage: 'LIMIT_INVALID' })
    expect(await ask(here, 4096)).toMatchObject({ type: { className: 'storage.FileJpeg' } })
  })

  it('pages through history both ways and searches it', async () => {
    const { chat } = await control().createSupergroup({ title: 'Team' })
    const { id: friend } = await control().createUser({ firstName: 'Mara' })
    for (let index = 1; index <= 10; index++)
      await control().postMessage({ chat, from: friend, text: `${index % 2 ? 'odd' : 'Even'} ${index}` })
    const ids = async (options: object) => {
      const query = new Api.messages.GetHistory({ peer: inputPeer(chat), limit: 3, hash: zero, ...options })
      const { messages } = (await one.client.invoke(query)) as Api.messages.ChannelMessages
      return messages.map(({ id }) => id)
    }
    expect(await ids({})).toEqual([11, 10, 9])
    expect(await ids({ offsetId: 8 })).toEqual([7, 6, 5])
    expect(await ids({ offsetId: 8, addOffset: -3 })).toEqual([10, 9, 8])
    expect(await ids({ offsetId: 8, addOffset: 1 })).toEqual([6, 5, 4])
    expect(await ids({ offsetId: 8, minId: 5 })).toEqual([7, 6])
    const found = (await one.client.invoke(
      new Api.messages.Search({
        ...{ peer: inputPeer(chat), q: 'even', filter: new Api.InputMessagesFilterEmpty() },
        ...{ minDate: 0, maxDate: 0, offsetId: 0, addOffset: 0, limit: 2, maxId: 0, minId: 0, hash: zero },
      }),
    )) as Api.messages.ChannelMessages
    expect([found.count, found.messages.map(({ id }) => id)]).toEqual([5, [11, 9]])
  })
})
