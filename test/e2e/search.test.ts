import Database from '@tgsentinel/sqlite-driver'
import { Conversation, readRows, usualCast } from '../support/conversation'
import type { SearchHit, SearchQuery } from '../support/sentinel-api'
import { SentinelProcess } from '../support/sentinel-process'
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder'
import { until } from '../support/until'

let talk: Conversation
let cast: Awaited<ReturnType<typeof usualCast>>

const dataDir = makeTemporaryFolder()

beforeAll(async () => {
  ;({ talk, cast } = await Conversation.open(usualCast, { dataDir }))
})

afterAll(async () => {
  await talk.close()
  removeFolder(dataDir)
})

async function hitsOf(query: SearchQuery): Promise<SearchHit[]> {
  return (await talk.sentinel.api.search({ limit: 200, ...query })).hits
}

async function textsOf(query: SearchQuery): Promise<string[]> {
  return (await hitsOf(query)).map(({ text }) => text)
}

/** Until what was posted can be found. */
async function indexed(): Promise<void> {
  await talk.settled()
  await until('the index', async () => (await talk.sentinel.api.search({ limit: 1 })).waiting === 0)
}

describe('what is posted is found', () => {
  it('in every kind of chat, by words of any script, with a link to it and the words marked', async () => {
    const { chat: closed } = await talk.stage.control.createSupergroup({ title: 'Closed room' })
    const posts: [chat: number, text: string, link: (id: number) => string | null][] = [
      [cast.channel, 'Уязвимость нулевого дня в Ёлке', (id) => `https://t.me/newswire/${id}`],
      [cast.supergroup, 'the zero-day is patched', (id) => `https://t.me/c/${-cast.supergroup - 1e12}/${id}`],
      [closed, '北京大学的服务器', (id) => `https://t.me/c/${-closed - 1e12}/${id}`],
      [cast.group, 'サーバーのテスト', () => null],
      [cast.mara, 'café um neun?', () => 'https://t.me/mara'],
      [cast.noor, 'مرحبا بالعالم', () => `tg://user?id=${cast.noor}`],
      [cast.bot, 'build failed', () => 'https://t.me/buildbot'],
    ]
    const ids: number[] = []
    for (const [chat, text] of posts) ids.push(await talk.send({ chat, text, from: chat > 0 ? chat : cast.mara }))
    await indexed()
    const words = ['уязвим* елке', '"zero day"', '大学', 'テスト', 'CAFE', 'بالعالم', 'build failed']
    for (const [index, [chat, text, link]] of posts.entries()) {
      const [hit, ...others] = await hitsOf({ q: words[index] ?? '', in: String(chat) })
      expect([hit?.text, hit?.link, others.length]).toEqual([text, link(ids[index] ?? 0), 0])
      expect(hit?.highlights.length).toBeGreaterThan(0)
    }
    const [hit] = await hitsOf({ q: 'uskladneny OR', in: String(cast.mara) })
    expect(hit).toBeUndefined()
    const [zero] = await hitsOf({ q: 'zero-day' })
    expect(zero?.highlights.map(({ offset, length }) => zero.text.slice(offset, offset + length))).toEqual(['zero-day'])
    expect(zero).toMatchObject({ chat: { title: 'Team' }, sender: { name: 'Mara Lind' }, deleted_at: null })
  })

  it('in a topic of a forum, which is part of its link', async () => {
    const chat = cast.forum
    const { topic } = await talk.stage.control.createTopic({ chat, title: 'Operations' })
    talk.posted += 1
    const id = await talk.send({ chat, text: 'topical remark', from: cast.mara, topic })
    await indexed()
    const [hit] = await hitsOf({ q: 'topical', in: String(chat), topic })
    expect(hit).toMatchObject({
      message_id: id,
      topic: { id: topic, title: 'Operations' },
      link: `https://t.me/c/${-chat - 1e12}/${topic}/${id}`,
    })
    expect(await hitsOf({ q: 'topical', in: String(chat), topic: topic + 1000 })).toEqual([])
  })

  it('once where it is an album', async () => {
    const part = { chat: cast.channel, media: { kind: 'photo' as const }, groupedId: 4242 }
    const first = await talk.send({ ...part, text: 'album caption' })
    const second = await talk.send({ ...part, text: '' })
    const third = await talk.send({ ...part, text: '' })
    await indexed()
    expect(await hitsOf({ q: 'album caption' })).toMatchObject([{ message_id: first, parts: [first, second, third] }])
    expect((await hitsOf({ has: 'photo', in: '@newswire' })).map(({ parts }) => parts)).toEqual([
      [first, second, third],
    ])
  })

  it('by who wrote it, what it has, its language and when', async () => {
    const document = {
      kind: 'document' as const,
      fileName: 'Quarterly-Report.pdf',
      mimeType: 'application/pdf',
      size: 9,
    }
    await talk.send({ chat: cast.supergroup, from: cast.noor, text: 'das ist nicht der Plan', media: document })
    await talk.send({
      chat: cast.supergroup,
      from: cast.noor,
      text: 'see `code` and https://example.org',
      markup: true,
    })
    await talk.send({ chat: cast.supergroup, from: cast.mara, text: 'long ago', date: 1_600_000_000 })
    await indexed()
    const said = 'das ist nicht der Plan\nQuarterly-Report.pdf'
    const team = { in: String(cast.supergroup) }
    expect(await textsOf({ ...team, from: String(cast.noor), lang: 'de' })).toEqual([said])
    expect(await textsOf({ ...team, has: 'document' })).toEqual([said])
    expect((await hitsOf({ q: 'quarterly report' })).map(({ file_name: name }) => name)).toEqual([document.fileName])
    expect(await textsOf({ ...team, has: 'code' })).toEqual(['see `code` and https://example.org'].map(unmarked))
    expect(await textsOf({ ...team, from: '@MARA', until: '2020-10-01T00:00:00Z' })).toEqual(['long ago'])
    expect(await textsOf({ ...team, from: '@mara', since: '2020-10-01T00:00:00Z', q: 'ago' })).toEqual([])
    expect(await textsOf({ from: '@nobody_here' })).toEqual([])
  })

  const unmarked = (text: string) => text.replaceAll('`', '')

  it('by pages, without loss or repeat, while more is posted', async () => {
    for (let n = 0; n < 25; n++) await talk.send({ chat: cast.group, text: `pagination ${n}`, from: cast.mara })
    await indexed()
    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await talk.sentinel.api.search({ q: 'pagination', limit: 10, ...(cursor ? { cursor } : {}) })
      seen.push(...page.hits.map(({ text }) => text))
      await talk.send({ chat: cast.group, text: 'pagination meanwhile', from: cast.mara })
      cursor = page.next_cursor
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, n) => `pagination ${24 - n}`))
  })

  it('among what was said before and after it', async () => {
    const ids: number[] = []
    for (let n = 0; n < 7; n++)
      ids.push(await talk.send({ chat: cast.supergroup, text: `in a row ${n}`, from: cast.mara }))
    await talk.settled()
    const context = await talk.sentinel.api.context(cast.supergroup, ids[3] ?? 0, { before: 2, after: 3 })
    expect(context.messages.map(({ message_id: id }) => id)).toEqual(ids.slice(1, 7))
    expect(context).toMatchObject({ chat: { title: 'Team' }, message_id: ids[3] })
  })
})

describe('what became of messages since', () => {
  it('is found: an edited text by its new words alone', async () => {
    const chat = cast.channel
    const messageId = await talk.post({ chat, text: 'the former wording' })
    await until('the message', async () => (await hitsOf({ q: 'former wording' })).length === 1)
    await talk.stage.control.editMessage({ chat, messageId, text: 'the present wording' })
    await until('the edit', async () => (await hitsOf({ q: 'present wording' })).length === 1)
    expect(await hitsOf({ q: 'former wording' })).toEqual([])
    expect((await hitsOf({ q: 'present wording' }))[0]?.edited_at).toEqual(expect.any(String))
  })

  it('is told: what was deleted is found as such, alone, or left out', async () => {
    const chat = cast.channel
    const messageId = await talk.post({ chat, text: 'soon withdrawn' })
    await talk.stage.control.deleteMessages({ chat, messageIds: [messageId] })
    await until('the deletion', async () => (await hitsOf({ q: 'withdrawn', deleted: 'only' })).length === 1)
    expect((await hitsOf({ q: 'withdrawn' }))[0]?.deleted_at).toEqual(expect.any(String))
    expect(await hitsOf({ q: 'withdrawn', deleted: 'hide' })).toEqual([])
  })
})

describe('the index', () => {
  it('takes in what was stored before there was one, from the first row on', async () => {
    const before = await hitsOf({})
    await talk.sentinel.stop()
    const database = new Database(talk.sentinel.databasePath)
    database.exec("INSERT INTO search_words (search_words) VALUES ('delete-all')")
    database.exec(
      "DELETE FROM search_rows; DELETE FROM chat_volumes; DELETE FROM settings WHERE name = 'indexed_up_to'",
    )
    database.close()
    talk.sentinel = await SentinelProcess.start({ dataDir: talk.sentinel.dataDir, env: talk.stage.env })
    await until('the index', async () => (await hitsOf({})).length === before.length)
    expect(await hitsOf({})).toEqual(before)
    const [kept] = readRows<{ n: number }>(talk.sentinel.databasePath, 'SELECT sum(messages) AS n FROM chat_volumes')
    expect(kept?.n).toBe(talk.posted)
  })
})
