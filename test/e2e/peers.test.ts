import { TelegramStage } from '../support/telegram-stage'
import { SentinelProcess } from '../support/sentinel-process'
import { Conversation } from '../support/conversation'
import { until } from '../support/until'

const NAMES = ['newswire', 'wire', 'wirewatch']

async function cast({ control }: TelegramStage) {
  const mara = await control.createUser({ firstName: 'Mara', lastName: 'Lind', usernames: ['mara_l', 'lind'] })
  const ivo = await control.createUser({ firstName: 'Ivo', lastName: 'Krat', username: 'ivo_k' })
  const channel = await control.createChannel({ title: 'News', usernames: NAMES })
  const other = await control.createChannel({ title: 'Elsewhere' })
  const team = await control.createSupergroup({ title: 'Team' })
  const nameless = await control.createChannel({ title: '', username: 'nameless' })
  const chats = { channel: channel.chat, other: other.chat, team: team.chat, nameless: nameless.chat }
  for (const chat of Object.values(chats)) await control.postMessage({ chat, text: 'welcome', push: 'none' })
  for (const chat of [mara.id, ivo.id]) await control.postMessage({ chat, text: 'welcome', push: 'none' })
  return { mara: mara.id, ivo: ivo.id, ...chats }
}

describe('people and chats', () => {
  let talk: Conversation
  let all: Awaited<ReturnType<typeof cast>>

  beforeAll(async () => {
    ;({ talk, cast: all } = await Conversation.open(cast, { env: { TG_SEND_ALLOW: '@wirewatch' } }))
    for (const { id } of await talk.sentinel.api.profiles()) await talk.sentinel.api.deleteProfile(id)
  })

  afterAll(() => talk.close())

  async function profile(fields: Record<string, unknown>): Promise<void> {
    for (const { id } of await talk.sentinel.api.profiles()) await talk.sentinel.api.deleteProfile(id)
    await talk.sentinel.api.createProfile({ name: 'Names', min_score: 1, ...fields } as never)
  }

  const zephyr = { keywords: { general: { words: ['zephyr'], weight: 2 } } }
  const post = (chat: number, from?: number) =>
    talk.alertsFor({ chat, text: 'zephyr', ...(from === undefined ? {} : { from }) })

  const found = async (query: Record<string, string>): Promise<number> =>
    until('the index to be whole', async () => {
      const { hits, waiting } = await talk.sentinel.api.search(query)
      return waiting === 0 && hits.length + 1
    }).then((count) => count - 1)

  it.each(NAMES)('a profile listens to @%s, by whichever of its names a channel is named', async (name) => {
    await profile({ ...zephyr, scope: { chats: [`@${name}`] } })
    expect(await post(all.channel)).toHaveLength(1)
    expect(await post(all.team, all.mara)).toEqual([])
    await profile({ ...zephyr, scope: { exclude_chats: [`@${name}`] } })
    expect(await post(all.channel)).toEqual([])
    expect(await post(all.team, all.mara)).toHaveLength(1)
  })

  it.each(['mara_l', 'lind'])(
    'a VIP and one that is left out is known as @%s, and so is who is searched for',
    async (name) => {
      await profile({ vip_senders: [`@${name}`] })
      const message = await talk.post({ chat: all.team, from: all.mara, text: `sent by ${name}` })
      expect(await talk.alertsOf(all.team, message)).toHaveLength(1)
      await profile({ ...zephyr, excluded_senders: [`@${name}`] })
      expect(await post(all.team, all.mara)).toEqual([])
      expect(await post(all.team, all.ivo)).toHaveLength(1)
      expect(await found({ from: `@${name}` })).toBeGreaterThan(0)
    },
  )

  it('a search is in a chat by any of its names', async () => {
    const counts = []
    for (const name of NAMES) counts.push(await found({ q: 'zephyr', in: `@${name}` }))
    expect(counts[0]).toBeGreaterThan(0)
    expect(new Set(counts).size).toBe(1)
  })

  it('a chat may be written to that TG_SEND_ALLOW names by another of its names', async () => {
    await talk.stage.control.addParticipants({ chat: all.channel, users: [talk.stage.account.id], admin: true })
    const json = { chat: '@newswire', text: 'allowed', limit: 0 }
    const { body } = await talk.sentinel.api.request<{ code?: string }>('POST', '/api/telegram/relay', { json })
    expect(body.code).not.toBe('SEND_NOT_ALLOWED')
    const refused = { ...json, chat: '@nameless' }
    const reply = await talk.sentinel.api.request<{ code?: string }>('POST', '/api/telegram/relay', { json: refused })
    expect(reply.body.code).toBe('SEND_NOT_ALLOWED')
  })

  it('who is deleted keeps the name that was known', async () => {
    await talk.post({ chat: all.team, from: all.ivo, text: 'before' })
    const before = await found({ from: '@ivo_k' })
    await talk.stage.control.deleteUser({ user: all.ivo })
    await profile(zephyr)
    const [alert] = await post(all.team, all.ivo)
    expect(alert?.sender).toMatchObject({ name: 'Ivo Krat', username: 'ivo_k' })
    expect(await found({ from: '@ivo_k' })).toBe(before + 1)
  })

  it('an answer to a message of another chat is none to me', async () => {
    await profile({ detectors: { reply_to_me: 2 } })
    const mine = await talk.post({ chat: all.team, from: talk.stage.account.id, text: 'mine' })
    const channel_id = -all.other - 1_000_000_000_000
    const reply = (peer?: object) => ({
      ...{ _: 'messageReplyHeader', reply_to_msg_id: mine },
      ...(peer && { reply_to_peer_id: peer }),
    })
    const post = (reply_to: object) => ({ chat: all.team, from: all.mara, text: 'an answer', fields: { reply_to } })
    expect(await talk.alertsFor(post(reply({ _: 'peerChannel', channel_id })))).toEqual([])
    expect(await talk.alertsFor(post(reply()))).toHaveLength(1)
  })

  it('a channel without a title is called by its name', async () => {
    await profile(zephyr)
    const [alert] = await post(all.nameless)
    expect(alert?.chat.title).toBe('@nameless')
  })
})

describe('an account with collectible names only', () => {
  it('is told by the first, and mentioned by each', async () => {
    const stage = await TelegramStage.open()
    const account = await stage.control.createAccount({ firstName: 'Sam', usernames: ['sam_one', 'samtwo'] })
    const { chat } = await stage.control.createSupergroup({ title: 'Team', members: [account.id] })
    const { id: from } = await stage.control.createUser({ firstName: 'Mara' })
    await stage.control.postMessage({ chat, from, text: 'welcome', push: 'none' })
    const sentinel = await SentinelProcess.start({ env: stage.env })
    try {
      await stage.signIn(sentinel, { account: account.id })
      expect((await sentinel.api.status()).user_info?.username).toBe('sam_one')
      for (const { id } of await sentinel.api.profiles()) await sentinel.api.deleteProfile(id)
      await sentinel.api.createProfile({ name: 'Me', min_score: 1, detectors: { mention: 2 } } as never)
      for (const text of ['@sam_one look', '@SamTwo look', '@somebody look']) {
        const entities = [{ type: 'mention' as const, offset: 0, length: text.indexOf(' ') }]
        await stage.control.postMessage({ chat, from, text, entities })
      }
      await until('two alerts', async () => {
        const { total_messages: stored } = await sentinel.api.stats()
        return stored === 3 && (await sentinel.api.status()).backlog === 0
      })
      const alerts = await sentinel.api.alerts({ chat: String(chat) })
      expect(alerts.map(({ text }) => text).sort()).toEqual(['@SamTwo look', '@sam_one look'])
    } finally {
      await sentinel.stop()
      await stage.close()
    }
  })
})
