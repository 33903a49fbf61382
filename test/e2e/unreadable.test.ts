import Database from '@tgsentinel/sqlite-driver'
import type { TlObject } from '../telegram-server/tl/codec'
import { Conversation, readRows, usualCast } from '../support/conversation'
import { SentinelProcess } from '../support/sentinel-process'
import { TelegramStage } from '../support/telegram-stage'
import { until } from '../support/until'

/** A constructor that no schema has. */
const UNKNOWN: TlObject = { _: 'unknown', id: 0x7eadbee1, bytes: Buffer.from('00112233445566778899aabb', 'hex') }
/** So much of it that there is no reading around: whatever answer it is in is lost as a whole. */
const ENDLESS: TlObject = {
  _: 'unknown',
  id: 0x7eadbee2,
  bytes: Buffer.alloc(600_000, Buffer.from('15c4b51c01000000', 'hex')),
}
const unreadable = { text: 'nobody can read this', fields: { media: UNKNOWN } }

type Cast = Awaited<ReturnType<typeof usualCast>>

describe('what this version cannot read', () => {
  let talk: Conversation
  let cast: Cast

  beforeEach(async () => {
    ;({ talk, cast } = await Conversation.open(usualCast))
    // What is posted before a channel is known of is no news.
    await until('the list of chats', async () => (await talk.sentinel.api.status()).coverage.chats >= 4)
  })

  afterEach(() => talk.close())

  const textsIn = (chat: number) =>
    talk
      .rows<{ text: string }>('SELECT text FROM messages WHERE chat_id = ? ORDER BY message_id', chat)
      .map(({ text }) => text)
  const unreadableIn = async (chat: number) => (await talk.sentinel.api.chatCoverage(chat)).unreadable
  const toBeRead = (chat: number, ...texts: string[]) =>
    until(`${texts.join(', ')} in ${chat}`, async () => texts.every((text) => textsIn(chat).includes(text)))

  it.each(['channel', 'supergroup', 'group', 'mara'] as const)(
    'is a row in the coverage of a %s, and what comes after it is stored',
    async (place) => {
      const chat = cast[place]
      const from = place === 'channel' ? {} : { from: cast.mara }
      const [sent] = await talk.stage.control.postMessage({ chat, ...from, ...unreadable })
      await talk.send({ chat, ...from, text: 'after one' })
      await talk.send({ chat, ...from, text: 'after two' })
      await toBeRead(chat, 'after one', 'after two')
      await until('a row', async () => (await unreadableIn(chat)).length === 1)
      expect((await unreadableIn(chat))[0]).toMatchObject({
        message_id: sent?.messageId,
        reason: 'unknown',
        constructor: '7eadbee1',
        sender_id: place === 'channel' ? null : String(cast.mara),
      })
      const { chats, summary } = await talk.sentinel.api.coverage({ show: 'trouble' })
      expect(chats.map(({ chat: { id }, unreadable: count }) => [id, count])).toContainEqual([String(chat), 1])
      expect(summary.open_gaps).toBe(0)
      const metrics = await fetch(`${talk.sentinel.baseUrl}/metrics`, {
        headers: { Authorization: `Bearer ${talk.sentinel.token}` },
      })
      expect(await metrics.text()).toContain(`tgsentinel_unreadable_messages{chat="${chat}"} 1`)
    },
  )

  it('in one push with a private message does not keep that from being stored', async () => {
    const { control, account } = talk.stage
    const [posted] = await control.postMessage({ chat: cast.mara, text: 'beside an unknown update', push: 'none' })
    expect(posted).toBeDefined()
    await control.pushEnvelope({
      account: account.id,
      envelope: { _: 'updates', updates: [UNKNOWN], users: [], chats: [], date: 1_790_000_000, seq: 0 },
    })
    await toBeRead(cast.mara, 'beside an unknown update')
  })

  it('as a whole push makes the account and its channels be asked', async () => {
    const { control, account } = talk.stage
    await control.postMessage({ chat: cast.channel, text: 'in the channel', push: 'none' })
    await control.postMessage({ chat: cast.mara, text: 'in private', push: 'none' })
    await control.pushEnvelope({ account: account.id, envelope: UNKNOWN })
    await toBeRead(cast.mara, 'in private')
    await toBeRead(cast.channel, 'in the channel')
  })

  it('of an edit is said, too, and the message keeps what it said', async () => {
    const id = await talk.post({ chat: cast.channel, text: 'as it was' })
    await talk.stage.control.editMessage({ chat: cast.channel, messageId: id, ...unreadable })
    await until('a row', async () => (await unreadableIn(cast.channel)).length === 1)
    expect(textsIn(cast.channel)).toContain('as it was')
    await talk.stage.control.editMessage({ chat: cast.channel, messageId: id, text: 'as it is', fields: {} })
    await toBeRead(cast.channel, 'as it is')
    await until('no row', async () => (await unreadableIn(cast.channel)).length === 0)
  })

  it('in what happened while nobody listened is read around, in every chat, whatever it is packed in', async () => {
    const { dataDir } = talk.sentinel
    await talk.sentinel.crash()
    const { control } = talk.stage
    await control.setGzipOver({ sizeBytes: 200 })
    for (const chat of [cast.channel, cast.supergroup, cast.mara]) {
      for (let number = 1; number <= 30; number++) {
        const what = number % 7 === 3 ? unreadable : { text: `missed ${number}` }
        await control.postMessage({ chat, ...(chat === cast.supergroup && { from: cast.mara }), ...what, push: 'none' })
      }
    }
    talk.sentinel = await SentinelProcess.start({ dataDir, env: talk.stage.env })
    for (const chat of [cast.channel, cast.supergroup, cast.mara]) {
      await toBeRead(chat, 'missed 1', 'missed 15', 'missed 30')
      await until(`the rows of ${chat}`, async () => (await unreadableIn(chat)).length === 4)
    }
  })

  it('is read again by a newer version, is scored then, and is unreadable no longer', async () => {
    const { control, server, env } = talk.stage
    await talk.sentinel.api.createProfile({
      ...{ name: 'Later', min_score: 1 },
      keywords: { general: { words: ['nobody'], weight: 2 } },
    } as never)
    const [sent] = await control.postMessage({ chat: cast.channel, ...unreadable })
    await until('a row', async () => (await unreadableIn(cast.channel)).length === 1)
    const { dataDir, databasePath } = talk.sentinel
    await talk.sentinel.crash()
    // An older program wrote the row, and this one's schema has the constructor.
    const database = new Database(databasePath)
    database.prepare('UPDATE unreadable_messages SET layer = 198').run()
    database.close()
    const message = server.world.channelOf(cast.channel).messages.get(sent?.messageId ?? 0)
    delete message?.fields
    talk.sentinel = await SentinelProcess.start({ dataDir, env })
    await toBeRead(cast.channel, 'nobody can read this')
    await until('no row', async () => (await unreadableIn(cast.channel)).length === 0)
    await until('an alert', async () => (await talk.alertsOf(cast.channel, sent?.messageId ?? 0)).length === 1)
  })

  it('where Telegram keeps no difference is read around in the history', async () => {
    const { control } = talk.stage
    const { dataDir } = talk.sentinel
    await talk.sentinel.crash()
    await control.setDifferenceLimits({ channelTooLong: 5 })
    for (let number = 1; number <= 60; number++)
      await control.postMessage({
        ...{ chat: cast.channel, push: 'none' as const },
        ...(number % 9 === 4 ? unreadable : { text: `old ${number}` }),
      })
    talk.sentinel = await SentinelProcess.start({ dataDir, env: talk.stage.env })
    await toBeRead(cast.channel, 'old 1', 'old 30', 'old 60')
    await until('the rows', async () => (await unreadableIn(cast.channel)).length === 7)
    await until('no gap', async () => (await talk.sentinel.api.status()).coverage.open_gaps === 0)
  })
})

describe('an answer of which nothing can be read', () => {
  it('costs the message that makes it so, and none beside it', async () => {
    const { talk, cast } = await Conversation.open(usualCast)
    await until('the list of chats', async () => (await talk.sentinel.api.status()).coverage.chats >= 4)
    const { control } = talk.stage
    const { dataDir } = talk.sentinel
    await talk.sentinel.crash()
    await control.setDifferenceLimits({ channelTooLong: 5 })
    const lost = new Set([7, 20, 21])
    for (let number = 1; number <= 30; number++)
      await control.postMessage({
        ...{ chat: cast.channel, text: `beside ${number}`, push: 'none' as const },
        ...(lost.has(number) && { fields: { media: ENDLESS } }),
      })
    talk.sentinel = await SentinelProcess.start({ dataDir, env: talk.stage.env })
    const texts = () =>
      talk
        .rows<{ text: string }>("SELECT text FROM messages WHERE text LIKE 'beside %' ORDER BY message_id")
        .map(({ text }) => Number(text.slice('beside '.length)))
    const readable = Array.from({ length: 30 }, (_, index) => index + 1).filter((number) => !lost.has(number))
    await until('all that can be read', () => texts().length === readable.length)
    expect(texts()).toEqual(readable)
    await until('no gap', async () => (await talk.sentinel.api.status()).coverage.open_gaps === 0)
    const { unreadable: rows, gaps } = await talk.sentinel.api.chatCoverage(cast.channel)
    expect([rows.length, gaps.map(({ state }) => state)]).toEqual([lost.size, ['filled']])
    await talk.close()
  })
})

describe('a newest message that this version cannot read', () => {
  let stage: TelegramStage
  let sentinel: SentinelProcess | undefined

  afterEach(async () => {
    await sentinel?.stop()
    await stage.close()
  })

  it('keeps no chat out of the list of chats at sign-in', async () => {
    stage = await TelegramStage.open()
    const cast = await usualCast(stage)
    await stage.control.postMessage({ chat: cast.channel, ...unreadable, push: 'none' })
    sentinel = await SentinelProcess.start({ env: stage.env })
    await stage.signIn(sentinel)
    type List = { total: number; refresh_error: string | null; read_at: string | null }
    const list = await until('the list', async () => {
      const { body } = await (sentinel as SentinelProcess).api.request<{ data: List }>('GET', '/api/telegram/chats')
      return body.data.read_at !== null && body.data
    })
    expect(list).toMatchObject({ total: 7, refresh_error: null })
    await stage.control.postMessage({ chat: cast.channel, text: 'and it goes on' })
    const stored = () => readRows<{ text: string }>(sentinel?.databasePath ?? '', 'SELECT text FROM messages')
    await until('the next message', async () => stored().some(({ text }) => text === 'and it goes on'))
  })
})
