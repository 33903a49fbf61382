import { Conversation, usualCast } from '../support/conversation'
import { SentinelProcess } from '../support/sentinel-process'
import { until } from '../support/until'

const QUICK = { env: { TG_POLLS_PER_MINUTE: '6000' } }

let talk: Conversation
let cast: Awaited<ReturnType<typeof usualCast>>

beforeEach(async () => {
  ;({ talk, cast } = await Conversation.open(usualCast, QUICK))
  // Everything that is there before is known: what comes after must not be missed.
  await until('the ledger', async () => (await talk.sentinel.api.coverage()).chats.length >= 7)
})

afterEach(() => talk.close())

const texts = () => talk.rows<{ text: string }>('SELECT text FROM messages ORDER BY id').map(({ text }) => text)

/** Runs while the sentinel is away. */
async function whileAway(work: () => Promise<void>): Promise<void> {
  const { dataDir } = talk.sentinel
  await talk.sentinel.crash()
  await work()
  talk.sentinel = await SentinelProcess.start({ dataDir, env: { ...talk.stage.env, ...QUICK.env } })
}

describe('what pushes do not bring', () => {
  it.each(['channel', 'supergroup', 'group', 'mara'] as const)('is fetched where some are lost: %s', async (name) => {
    const chat = cast[name]
    const from = chat === cast.channel ? {} : { from: cast.mara }
    await talk.post({ chat, ...from, text: 'one' })
    await talk.stage.control.losePushes({ count: 3 })
    for (const text of ['two', 'three', 'four']) await talk.send({ chat, ...from, text })
    await talk.send({ chat, ...from, text: 'five' })
    await talk.settled()
    expect(texts().sort()).toEqual(['five', 'four', 'one', 'three', 'two'])
  })

  it('is told in order where they come in disorder, and once where they come twice', async () => {
    await talk.stage.control.reversePushes({ count: 6 })
    for (let n = 0; n < 6; n++) await talk.send({ chat: cast.channel, text: `reversed ${n}` })
    await talk.stage.control.repeatPushes({ count: 3 })
    for (let n = 0; n < 3; n++) await talk.send({ chat: cast.group, from: cast.mara, text: `repeated ${n}` })
    await talk.settled()
    expect(texts().filter((text) => text.startsWith('reversed'))).toEqual(
      [0, 1, 2, 3, 4, 5].map((n) => `reversed ${n}`),
    )
    expect(talk.rows('SELECT 1 FROM messages')).toHaveLength(9)
  })

  it.each(['tooLong', 'channelTooLong'] as const)('is fetched after %s', async (push) => {
    await talk.send({ chat: cast.channel, text: 'hidden', push: push === 'tooLong' ? 'none' : push })
    await talk.send({ chat: cast.group, from: cast.mara, text: 'in the group', push })
    if (push === 'tooLong') await talk.send({ chat: cast.channel, text: 'after', push: 'updates' })
    await talk.settled()
    expect(texts().sort()).toEqual(['hidden', 'in the group', ...(push === 'tooLong' ? ['after'] : [])].sort())
  })

  it('is fetched where the sequence of envelopes has a hole', async () => {
    await talk.post({ chat: cast.group, from: cast.mara, text: 'one', withSeq: true })
    await talk.stage.control.losePushes({ count: 1 })
    await talk.send({ chat: cast.group, from: cast.mara, text: 'two', withSeq: true })
    await talk.stage.control.postMessage({ chat: cast.channel, text: 'three', withSeq: true })
    talk.posted += 1
    await talk.settled()
    expect(texts().sort()).toEqual(['one', 'three', 'two'])
  })

  it('is polled where a channel is never pushed, and the ledger says so', async () => {
    const chat = cast.channel
    await talk.stage.control.setChannelTimeout({ seconds: 1 })
    await talk.stage.control.setPushed({ chat, pushed: false })
    await talk.stage.control.dropConnections()
    for (let n = 0; n < 5; n++) await talk.post({ chat, text: `silent ${n}` })
    const { coverage } = await talk.sentinel.api.chatCoverage(chat)
    expect(coverage).toMatchObject({ confirmed_by: 'poll', open_gaps: 0, closed_reason: null })
    expect(coverage.up_to_id).toBe(talk.stage.server.world.channelOf(chat).lastMessageId)
  })
})

describe('after an absence', () => {
  it('everything is caught up in slices, once each', async () => {
    await talk.stage.control.setDifferenceLimits({ accountSlice: 7, channelSlice: 5 })
    await whileAway(async () => {
      for (let n = 0; n < 30; n++) {
        await talk.send({ chat: cast.channel, text: `news ${n}` })
        await talk.send({ chat: cast.group, from: cast.mara, text: `family ${n}` })
        await talk.send({ chat: cast.mara, text: `mara ${n}` })
      }
    })
    await talk.settled()
    expect(new Set(texts()).size).toBe(90)
    expect(talk.rows('SELECT 1 FROM messages')).toHaveLength(90)
  })

  it('what Telegram keeps no difference of is read from the history: messages, edits and deletions', async () => {
    const { control } = talk.stage
    const kept: Record<string, number[]> = { channel: [], group: [] }
    for (const n of [1, 2, 3]) {
      kept['channel']?.push(await talk.post({ chat: cast.channel, text: `early ${n}` }))
      kept['group']?.push(await talk.post({ chat: cast.group, from: cast.mara, text: `early in the group ${n}` }))
    }
    await control.setDifferenceLimits({ accountTooLong: 10, channelTooLong: 10 })
    await whileAway(async () => {
      for (const [name, chat] of [
        ['channel', cast.channel],
        ['group', cast.group],
      ] as const) {
        for (let n = 0; n < 130; n++) await talk.send({ chat, from: cast.mara, text: `${name} ${n}` })
        const [edited = 0, deleted = 0] = kept[name] ?? []
        await control.editMessage({ chat, messageId: edited, text: `${name} edited` })
        await control.deleteMessages({ chat, messageIds: [deleted] })
      }
    })
    await talk.settled()
    await until('the holes to be filled', async () => {
      const { summary, gaps } = await talk.sentinel.api.coverage()
      return summary.open_gaps === 0 && gaps.length > 0
    })
    expect(talk.rows('SELECT 1 FROM messages')).toHaveLength(266)
    for (const [name, chat] of [
      ['channel', cast.channel],
      ['group', cast.group],
    ] as const) {
      const [edited = 0, deleted = 0, left = 0] = kept[name] ?? []
      expect(await talk.sentinel.api.message(chat, edited)).toMatchObject({ text: `${name} edited`, versions: [{}] })
      expect((await talk.sentinel.api.message(chat, deleted)).deleted_at).not.toBeNull()
      expect(await talk.sentinel.api.message(chat, left)).toMatchObject({ deleted_at: null, versions: [] })
    }
    const { gaps } = await talk.sentinel.api.chatCoverage(cast.channel)
    expect(gaps).toMatchObject([{ reason: 'too_long', state: 'filled' }])
  })

  it.each([
    ['updates.getDifference', 'PERSISTENT_TIMESTAMP_INVALID'],
    ['updates.getChannelDifference', 'PERSISTENT_TIMESTAMP_INVALID'],
    ['updates.getDifference', 'PERSISTENT_TIMESTAMP_OUTDATED'],
    ['updates.getChannelDifference', 'PERSISTENT_TIMESTAMP_OUTDATED'],
  ])('%s that answers %s loses nothing', async (method, type) => {
    await whileAway(async () => {
      await talk.send({ chat: cast.channel, text: 'news' })
      await talk.send({ chat: cast.mara, text: 'a word' })
      await talk.stage.control.failMethod({ method, code: type.endsWith('OUTDATED') ? 500 : 400, type, times: 1 })
    })
    await talk.settled()
    expect(texts().sort()).toEqual(['a word', 'news'])
    await until('no hole', async () => (await talk.sentinel.api.coverage()).summary.open_gaps === 0)
  })
})

describe('a channel that closes', () => {
  it('is on display, is not asked for ever, and is caught up when it opens again', async () => {
    const { control } = talk.stage
    const chat = cast.supergroup
    await talk.post({ chat, from: cast.mara, text: 'before' })
    await control.setMember({ chat, member: false })
    const closed = await until('the closure', async () => {
      const { coverage, gaps } = await talk.sentinel.api.chatCoverage(chat)
      return coverage.closed_reason !== null && { coverage, gaps }
    })
    expect(closed).toMatchObject({ coverage: { closed_reason: 'CHANNEL_PRIVATE' }, gaps: [{ state: 'closed' }] })
    expect((await talk.sentinel.api.coverage({ show: 'trouble' })).chats.map((row) => row.chat.id)).toEqual([
      String(chat),
    ])
    const refused = async () => {
      const metrics = await talk.sentinel.metrics()
      return /\{[^}]*outcome="CHANNEL_PRIVATE"[^}]*\} (\d+)/.exec(metrics)?.[1]
    }
    const before = await refused()
    await talk.stage.control.dropConnections()
    await talk.post({ chat: cast.channel, text: 'elsewhere' })
    expect([before, await refused()]).toEqual(['1', '1'])
    await control.postMessage({ chat, from: cast.mara, text: 'unseen' })
    talk.posted += 1
    await control.setMember({ chat, member: true })
    await talk.settled()
    expect(texts()).toEqual(['before', 'elsewhere', 'unseen'])
    const { coverage, gaps } = await talk.sentinel.api.chatCoverage(chat)
    expect({ coverage, gaps }).toMatchObject({ coverage: { closed_reason: null }, gaps: [{ state: 'filled' }] })
  })
})

describe('people', () => {
  it('that an envelope does not name are found out by their messages', async () => {
    const { control } = talk.stage
    const { id } = await control.createUser({ firstName: 'Unheard', lastName: 'Of' })
    await control.setOmittedPeers({ enabled: true })
    await talk.post({ chat: cast.supergroup, from: id, text: 'guess who' })
    await until(
      'the name',
      () => talk.rows<{ name: string }>('SELECT name FROM users WHERE id = ?', id)[0]?.name === 'Unheard Of',
    )
  })

  it('that a short message takes to be known come with the difference', async () => {
    const { id } = await talk.stage.control.createUser({ firstName: 'Newcomer' })
    await talk.post({ chat: id, text: 'hi there', push: 'short' })
    expect(talk.rows('SELECT name FROM users WHERE id = ?', id)).toEqual([{ name: 'Newcomer' }])
  })

  it('that are told as min keep the access hash that is known', async () => {
    await talk.stage.control.setMinPeers({ enabled: true })
    await talk.post({ chat: cast.supergroup, from: cast.mara, text: 'hello' })
    const reply = await talk.sentinel.api.request('GET', `/api/telegram/chats/${cast.mara}`)
    expect(reply.status).toBe(200)
  })
})

describe('a session of another program', () => {
  it('is taken over where that stopped: what was posted since is fetched', async () => {
    const { control } = talk.stage
    const bytes = await talk.stage.sessionBytes({ withEntities: true, withUpdateState: true })
    const other = await SentinelProcess.start({ env: { ...talk.stage.env, ...QUICK.env } })
    try {
      await control.postMessage({ chat: cast.channel, text: 'while nobody read' })
      await control.postMessage({ chat: cast.group, from: cast.mara, text: 'nor here' })
      await other.api.importSession(bytes)
      await until('both', async () => (await other.api.stats()).total_messages === 2)
    } finally {
      await other.stop()
    }
  })
})
