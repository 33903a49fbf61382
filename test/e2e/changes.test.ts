import { Conversation, usualCast } from '../support/conversation'
import { SentinelProcess } from '../support/sentinel-process'
import { until } from '../support/until'

let talk: Conversation
let cast: Awaited<ReturnType<typeof usualCast>>

beforeAll(async () => {
  ;({ talk, cast } = await Conversation.open(usualCast))
  await until('the ledger', async () => (await talk.sentinel.api.coverage()).chats.length >= 7)
})

afterAll(() => talk.close())

const record = (chat: number, messageId: number) => talk.sentinel.api.message(chat, messageId)

async function becomes<T>(
  what: string,
  chat: number,
  messageId: number,
  probe: (m: Awaited<ReturnType<typeof record>>) => T,
) {
  return until(what, async () => {
    const message = await record(chat, messageId)
    return probe(message) && message
  })
}

describe('what becomes of messages', () => {
  it.each(['channel', 'group', 'mara'] as const)('an edit keeps what was said before: %s', async (name) => {
    const chat = cast[name]
    const messageId = await talk.post({ chat, from: cast.mara, text: 'first' })
    await talk.stage.control.editMessage({ chat, messageId, text: 'second' })
    await talk.stage.control.editMessage({ chat, messageId, text: 'third' })
    const message = await becomes('the edits', chat, messageId, ({ text }) => text === 'third')
    expect(message.versions.map(({ text }) => text)).toEqual(['first', 'second'])
    expect(message.edited_at).not.toBeNull()
    const isFound = async () => (await talk.sentinel.api.search({ q: 'third', in: String(chat) })).hits.length > 0
    await until('the new text in the index', isFound)
  })

  it.each(['edit', 'update'] as const)('a reaction is no edit, and is counted: by %s', async (how) => {
    const messageId = await talk.post({ chat: cast.supergroup, from: cast.mara, text: 'like it?' })
    const reactions = [{ emoticon: '👍', count: 3 }]
    await talk.stage.control.setReactions({ chat: cast.supergroup, messageId, reactions, how })
    const message = await becomes('the reaction', cast.supergroup, messageId, ({ counts }) => counts.length > 0)
    expect(message).toMatchObject({ versions: [], edited_at: null, counts: [{ reactions: { '👍': 3 } }] })
  })

  it('views, forwards and answers are counted over time', async () => {
    const messageId = await talk.post({ chat: cast.channel, text: 'read me' })
    await talk.stage.control.setCounts({ chat: cast.channel, messageId, views: 120, forwards: 4 })
    await talk.stage.control.setCounts({ chat: cast.channel, messageId, replies: 2 })
    const message = await becomes('the counts', cast.channel, messageId, ({ counts }) => counts[0]?.replies === 2)
    expect(message.counts).toMatchObject([{ views: 120, forwards: 4, replies: 2 }])
  })

  it('a deletion leaves a tombstone, and a peerless one touches no message of a channel', async () => {
    const inGroup = await talk.post({ chat: cast.group, from: cast.mara, text: 'in the group' })
    const { lastMessageId } = talk.stage.server.world.channelOf(cast.channel)
    for (let id = lastMessageId + 1; id < inGroup; id++) await talk.send({ chat: cast.channel, text: `filler ${id}` })
    const inChannel = await talk.post({ chat: cast.channel, text: 'with the same id' })
    expect(inChannel).toBe(inGroup)
    await talk.stage.control.deleteMessages({ chat: cast.group, messageIds: [inGroup] })
    const gone = await becomes('the deletion', cast.group, inGroup, ({ deleted_at: at }) => at !== null)
    expect(gone.text).toBe('in the group')
    expect((await record(cast.channel, inChannel)).deleted_at).toBeNull()
    await talk.stage.control.deleteMessages({ chat: cast.channel, messageIds: [inChannel] })
    await becomes('the other deletion', cast.channel, inChannel, ({ deleted_at: at }) => at !== null)
  })

  it('pins are known, and when they are gone', async () => {
    const messageId = await talk.post({ chat: cast.supergroup, from: cast.mara, text: 'important' })
    await talk.stage.control.pinMessages({ chat: cast.supergroup, messageIds: [messageId], pinned: true })
    await becomes('the pin', cast.supergroup, messageId, ({ is_pinned: isPinned }) => isPinned)
    await talk.stage.control.pinMessages({ chat: cast.supergroup, messageIds: [messageId], pinned: false })
    await becomes('no pin', cast.supergroup, messageId, ({ is_pinned: isPinned }) => !isPinned)
  })

  it('votes of a poll, a file and a forward are told', async () => {
    const media = { kind: 'poll' as const, question: 'Ship it?', answers: ['Yes', 'No'] }
    const poll = await talk.post({ chat: cast.supergroup, from: cast.mara, text: '', media })
    await talk.stage.control.votePoll({ chat: cast.supergroup, messageId: poll, voters: [5, 2] })
    const voted = await becomes('the votes', cast.supergroup, poll, ({ facts }) => facts?.poll?.voters === 7)
    expect(voted.facts?.poll).toMatchObject({
      answers: [
        { text: 'Yes', voters: 5 },
        { text: 'No', voters: 2 },
      ],
    })
    const document = { kind: 'document' as const, fileName: 'plan.pdf', mimeType: 'application/pdf', size: 4096 }
    const forward = { from: cast.noor, date: 1_700_000_000 }
    const file = await talk.post({ chat: cast.mara, text: 'see here', media: document, forward })
    expect((await record(cast.mara, file)).facts).toMatchObject({
      file: { name: 'plan.pdf', mime_type: 'application/pdf', size_bytes: 4096 },
      forward: { from: String(cast.noor) },
    })
  })

  it('topics have their titles', async () => {
    const { topic } = await talk.stage.control.createTopic({ chat: cast.forum, title: 'Ideas' })
    talk.posted += 1
    const title = () =>
      talk.rows<{ title: string }>('SELECT title FROM topics WHERE chat_id = ? AND topic_id = ?', cast.forum, topic)[0]
        ?.title
    await until('the topic', () => title() === 'Ideas')
    await talk.stage.control.renameTopic({ chat: cast.forum, topic, title: 'Plans' })
    talk.posted += 1
    await until('its new title', () => title() === 'Plans')
  })
})

describe('an album', () => {
  it('raises one alert, also where a part of it comes after a restart', async () => {
    await talk.sentinel.api.createProfile({ name: 'Launch', keywords: { general: { words: ['launch'] } } })
    const part = { chat: cast.channel, media: { kind: 'photo' as const }, groupedId: 4711 }
    await talk.post({ ...part, text: 'the launch' })
    await talk.post({ ...part, text: '' })
    const { dataDir } = talk.sentinel
    await talk.sentinel.crash()
    talk.sentinel = await SentinelProcess.start({ dataDir, env: talk.stage.env })
    await talk.send({ ...part, text: 'the launch once more' })
    await talk.settled()
    const alerts = (await talk.sentinel.api.alerts()).filter(({ profile_name: name }) => name === 'Launch')
    expect(alerts).toHaveLength(1)
  })
})

describe('a group that becomes a supergroup', () => {
  it('keeps its rules: what is watched, and what profiles listen to', async () => {
    const { api } = talk.sentinel
    const profile = await api.createProfile({
      name: 'Family only',
      keywords: { general: { words: ['dinner'] } },
      scope: { chats: [String(cast.group)] },
    })
    await api.request('PUT', '/api/telegram/watch', { json: { mode: 'picked', chats: [String(cast.group)] } })
    const { chat } = await talk.stage.control.migrateGroup({ chat: cast.group })
    await until('the new chat in the profile', async () =>
      (await api.profiles()).find(({ id }) => id === profile.id)?.scope.chats?.includes(String(chat)),
    )
    await talk.stage.control.postMessage({ chat, from: cast.mara, text: 'dinner is ready' })
    await until('the alert', async () =>
      (await api.alerts()).some((alert) => alert.chat.id === String(chat) && alert.profile_id === profile.id),
    )
  })
})
