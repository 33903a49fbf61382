import type { Session } from './mtproto/session'
import { historyMethods } from './rpc/history-methods'
import { Trouble } from './rpc/trouble'
import { differenceMethods, TELEGRAM_LIMITS } from './rpc/difference-methods'
import { GramJsStage } from './support/gramjs-stage'
import type { TlObject } from './tl/codec'
import { bareId } from './world/peers'

/** Times are bounds of what is bearable, several times what it takes. */
describe('a large account', () => {
  let stage: GramJsStage

  beforeEach(async () => {
    stage = await GramJsStage.open()
  })

  afterEach(() => stage.close())

  const call = (method: string, query: TlObject): TlObject => {
    const { world } = stage.server
    const limits = { ...TELEGRAM_LIMITS, channelSlice: 1000, channelTooLong: Infinity, accountTooLong: Infinity }
    const methods = { ...historyMethods(world), ...differenceMethods(world, limits, new Trouble()) }
    const caller = { account: world.accountOf(), session: undefined as unknown as Session }
    return methods[method]!(query, caller) as TlObject
  }

  const inputChannel = (chat: number) => {
    const { id, accessHash } = stage.server.world.channelOf(chat)
    return { channel_id: id, access_hash: accessHash }
  }

  it('has a hundred thousand messages in a hundred and fifty chats, none of them pushed', async () => {
    const chats = [stage.friend]
    for (let number = 1; number < 150; number++)
      chats.push((await stage.control.createSupergroup({ title: `Group ${number}` })).chat)
    const posted = { count: 100_000, chats, textFromCorpus: true, push: 'none' } as const
    await stage.control.burst(posted)
    const { accounts, channels } = await stage.control.state()
    expect(accounts[0]!.messages + channels.reduce((sum, { messages }) => sum + messages, 0)).toBe(100_000)
    expect(stage.updates()).toEqual([])
    const truth = await stage.control.truth()
    expect(truth.chats.reduce((sum, { messages }) => sum + messages.length, 0)).toBe(100_000)
  })

  it('pages through a hundred thousand messages without copying them', async () => {
    const { chat } = await stage.control.createSupergroup({ title: 'Long' })
    await stage.control.burst({ count: 100_000, chats: [chat], push: 'none' })
    const peer = { _: 'inputPeerChannel', ...inputChannel(chat) }
    const rest = { offset_date: 0, add_offset: 0, limit: 20, max_id: 0, min_id: 0 }
    const ids: number[] = []
    for (let from = 0; from !== 2;) {
      const { messages } = call('messages.getHistory', { _: '', peer, ...rest, offset_id: from })
      ids.push(...(messages as { id: number }[]).map(({ id }) => id))
      from = ids.at(-1)!
    }
    expect(ids).toEqual(Array.from({ length: 100_000 }, (_, index) => 100_001 - index))
  })

  it.each([
    ['channel', () => stage.control.createSupergroup({ title: 'Long' }).then(({ chat }) => chat)],
    ['private chat', () => Promise.resolve(stage.friend)],
  ])('catches up with a hundred thousand messages of a %s slice by slice', async (_name, create) => {
    const chat = await create()
    await stage.control.burst({ count: 100_000, chats: [chat], push: 'none' })
    let [pts, count, isLast] = [1, 0, false]
    while (!isLast) {
      const answer = chat > 0 ? accountSlice(pts) : channelSlice(chat, pts)
      const state = (answer['intermediate_state'] ?? answer['state'] ?? answer) as { pts: number }
      pts = state.pts
      count += (answer['new_messages'] as unknown[]).length
      isLast = answer['final'] === true || answer._ === 'updates.difference'
    }
    expect([pts, count]).toEqual([100_001, 100_000])
  })

  const accountSlice = (pts: number) => call('updates.getDifference', { _: '', pts, date: 1, qts: 0 })
  const channelSlice = (chat: number, pts: number) =>
    call('updates.getChannelDifference', { _: '', channel: inputChannel(chat), pts, limit: 1000 })

  it('lists a thousand channels page by page, each once and with its pts', async () => {
    const chats: number[] = []
    for (let number = 1; number <= 1000; number++)
      chats.push((await stage.control.createSupergroup({ title: `Group ${number}` })).chat)
    // Some without a message, and many with the same date.
    await stage.control.burst({ count: 2400, chats: chats.slice(0, 800), push: 'none' })
    await stage.control.setDialog({ chat: chats[3]!, isPinned: true })
    const seen = await readByPages()
    expect(seen.toSorted((a, b) => a.id - b.id)).toEqual(
      chats.map((chat, index) => ({ id: bareId(chat), pts: index < 800 ? 4 : 1 })),
    )
    expect(seen[0]!.id).toBe(bareId(chats[3]!))
  })

  /** Goes by the last dialog that has a message, as GramJS does, which finds places without one by the peer alone. */
  async function readByPages(): Promise<{ id: number; pts: number | undefined }[]> {
    const seen: { id: number; pts: number | undefined }[] = []
    for (let offset = {}; ;) {
      const page = await stage.dialogs(offset)
      const channelOf = (dialog: (typeof page.dialogs)[number]) =>
        (dialog.peer as { channelId: { toJSNumber(): number } }).channelId.toJSNumber()
      for (const dialog of page.dialogs)
        seen.push({ id: channelOf(dialog), pts: 'pts' in dialog ? dialog.pts : undefined })
      if (page.className !== 'messages.DialogsSlice' || page.dialogs.length < 100) return seen
      const last = page.dialogs.at(-1)!
      const message = page.messages.find(
        (one) => 'date' in one && JSON.stringify(one.peerId) === JSON.stringify(last.peer),
      )
      const where = message && 'date' in message ? { offsetId: message.id, offsetDate: message.date } : {}
      offset = { excludePinned: true, offsetPeer: stage.inputPeer(-1_000_000_000_000 - channelOf(last)), ...where }
    }
  }

  it('is listed by GramJS itself', async () => {
    const chats: number[] = []
    for (let number = 1; number <= 250; number++)
      chats.push((await stage.control.createSupergroup({ title: `Group ${number}` })).chat)
    await stage.control.burst({ count: 250, chats, push: 'none' })
    const listed = await stage.listedByGramJs()
    expect(listed.toSorted((a, b) => b - a)).toEqual(chats)
  })
})
