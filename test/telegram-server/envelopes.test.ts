import { Api } from 'telegram'
import { GramJsStage, type Seen } from './support/gramjs-stage'
import { until } from './support/waiting'

describe('what is pushed, at its worst', () => {
  let stage: GramJsStage
  let team: number

  beforeEach(async () => {
    stage = await GramJsStage.open()
    team = (await stage.control.createSupergroup({ title: 'Team' })).chat
  })

  afterEach(() => stage.close())

  const envelope = (at: number) => until(`envelope ${at}`, () => pushedEnvelopes()[at])
  // A change of the connection's state has no class.
  const pushedEnvelopes = () => stage.seen.filter(({ className }) => className?.startsWith('Update'))
  const say = (options: object = {}) =>
    stage.control.postMessage({ chat: team, from: stage.friend, text: 'hello', ...options })

  it('says only how far a channel got', async () => {
    await say({ push: 'channelTooLong' })
    expect(await stage.pushed('UpdateChannelTooLong')).toMatchObject({ pts: 2, channelId: {} })
    expect(await envelope(0)).toMatchObject({ className: 'UpdateShort' })
    await say({ chat: stage.friend, push: 'channelTooLong' })
    expect(await envelope(1)).toMatchObject({ className: 'UpdatesTooLong' })
    const [changed] = await stage.control.deleteMessages({ chat: team, messageIds: [2], push: 'channelTooLong' })
    expect(await envelope(2)).toMatchObject({ update: { pts: changed!.pts } })
  })

  it('counts envelopes on request', async () => {
    await say()
    await say({ withSeq: true })
    await stage.control.editMessage({ chat: team, messageId: 2, text: 'x', withSeq: true })
    await say({ withSeq: true, push: 'short' })
    await say({ withSeq: true, chat: stage.friend })
    expect((await envelope(4))['seq']).toBe(4)
    expect(pushedEnvelopes().map(({ seq }) => seq ?? null)).toEqual([0, 2, 3, null, 4])
    expect(await stage.invoke(new Api.updates.GetState())).toMatchObject({ seq: 4 })
  })

  it('gives users of channels access hashes that are good for nothing', async () => {
    await stage.control.setMinPeers({ enabled: true })
    await say({ from: stage.account.id })
    await say()
    await say({ chat: stage.friend, from: undefined })
    const users = async (at: number) => (await envelope(at))['users'] as Api.User[]
    const hash = (user: Api.User | undefined) => BigInt(user!.accessHash!.toString())
    const { accessHash } = stage.server.world.users.get(stage.friend)!
    const [mara] = await users(1)
    expect(await users(0)).toMatchObject([{ self: true, min: false }])
    expect(mara).toMatchObject({ firstName: 'Mara', min: true })
    expect(hash(mara)).not.toBe(accessHash)
    expect(await users(2)).toMatchObject([{ firstName: 'Mara', min: false }])
    expect(hash((await stage.channelDifference(team, 1)).users.at(-1) as Api.User)).toBe(accessHash)
    const id = new Api.InputUser({ userId: mara!.id, accessHash: mara!.accessHash! })
    await expect(stage.invoke(new Api.users.GetFullUser({ id }))).rejects.toMatchObject({ code: 400 })
    await stage.control.burst({ count: 2, chats: [team, stage.friend], batchSize: 2 })
    expect(await users(3)).toMatchObject([{ firstName: 'Mara', min: false }])
  })

  it('leaves out whom it speaks of', async () => {
    await stage.control.setOmittedPeers({ enabled: true })
    await say()
    await stage.control.burst({ count: 1, chats: [stage.friend] })
    await stage.control.setMember({ chat: team, member: false })
    for (const at of [0, 1, 2]) expect(await envelope(at)).toMatchObject({ users: [], chats: [], updates: [{}] })
    await stage.control.setMember({ chat: team, member: true, push: 'none' })
    expect((await stage.channelDifference(team, 1)).users).toHaveLength(1)
    await stage.control.clearTrouble()
    await say()
    expect(await envelope(3)).toMatchObject({ users: [{}], chats: [{}] })
  })

  it('tells an account that its place in a channel has changed', async () => {
    const { chat: open } = await stage.control.createChannel({ title: 'News', username: 'the_news' })
    await stage.control.setMember({ chat: team, member: true })
    await stage.control.setMember({ chat: team, member: false })
    await stage.control.setMember({ chat: open, member: false })
    const seen = (at: number): Promise<Seen> => envelope(at)
    expect(await seen(0)).toMatchObject({
      updates: [{ className: 'UpdateChannel' }],
      chats: [{ className: 'ChannelForbidden', title: 'Team', megagroup: true }],
    })
    expect(await seen(1)).toMatchObject({ chats: [{ className: 'Channel', left: true }] })
    await expect(stage.channelDifference(team, 1)).rejects.toMatchObject({ errorMessage: 'CHANNEL_PRIVATE' })
    await stage.control.setMember({ chat: team, member: true })
    expect(await seen(2)).toMatchObject({ chats: [{ className: 'Channel', left: false }] })
    expect(await stage.channelDifference(team, 1)).toMatchObject({ className: 'updates.ChannelDifferenceEmpty' })
  })

  it('asks for as much patience with channels as it was told to', async () => {
    await stage.control.setChannelTimeout({ seconds: 2 })
    expect(await stage.channelDifference(team, 1)).toMatchObject({ timeout: 2 })
    await stage.post(team, 'one')
    expect(await stage.channelDifference(team, 1)).toMatchObject({ timeout: 2, newMessages: [{}] })
    await stage.control.setDifferenceLimits({ channelTooLong: 0 })
    expect(await stage.channelDifference(team, 1)).toMatchObject({ timeout: 2, dialog: { pts: 2 } })
  })

  it('minds the other fields of a difference', async () => {
    await stage.post(stage.friend, 'one')
    await stage.post(stage.friend, 'two')
    const refused = (options: object) => expect(stage.difference(1, options)).rejects
    await refused({ date: 0 }).toMatchObject({ errorMessage: 'DATE_EMPTY' })
    await refused({ qts: 9 }).toMatchObject({ errorMessage: 'PERSISTENT_TIMESTAMP_INVALID' })
    const slice = {
      className: 'updates.DifferenceSlice',
      newMessages: [{ message: 'one' }],
      intermediateState: { pts: 2 },
    }
    expect(await stage.difference(1, { ptsLimit: 1 })).toMatchObject(slice)
    expect(await stage.difference(1, { ptsTotalLimit: 1 })).toMatchObject({
      className: 'updates.DifferenceTooLong',
      pts: 3,
    })
  })
})
