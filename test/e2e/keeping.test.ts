import { statSync } from 'node:fs'
import Database from '@tgsentinel/sqlite-driver'
import { Conversation, usualCast } from '../support/conversation'
import { EventsClient } from '../support/events-client'
import { freePages } from '../support/free-pages'
import type { Maintenance, Retention } from '../support/sentinel-api'
import { SentinelProcess } from '../support/sentinel-process'
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder'
import { until } from '../support/until'

const DAY_S = 86_400
const dataDir = makeTemporaryFolder()
let talk: Conversation
let cast: Awaited<ReturnType<typeof usualCast>>

beforeAll(async () => {
  ;({ talk, cast } = await Conversation.open(usualCast, { dataDir }))
  const { api } = talk.sentinel
  for (const { id } of await api.profiles()) await api.deleteProfile(id)
  await api.createProfile({ name: 'Alpha', keywords: { general: { words: ['alpha'] } } })
})

afterAll(async () => {
  await talk.close()
  removeFolder(dataDir)
})

async function post(chat: number, text: string, ageDays: number): Promise<number> {
  return talk.send({ chat, text, from: cast.mara, date: Math.floor(Date.now() / 1000 - ageDays * DAY_S) })
}

async function indexed(): Promise<void> {
  await talk.settled()
  await until('the index', async () => (await talk.sentinel.api.search({ limit: 1 })).waiting === 0)
}

async function swept(): Promise<Retention> {
  await talk.sentinel.api.sweep()
  return until('the end of the sweep', async () => {
    const view = await talk.sentinel.api.retention()
    return view.sweep.state !== 'running' && view
  })
}

async function vacuumed(): Promise<Maintenance> {
  await talk.sentinel.api.vacuum()
  return until('the end of the vacuum', async () => {
    const view = await talk.sentinel.api.maintenance()
    return view.state !== 'running' && view
  })
}

const textsIn = async (chat: number) =>
  (await talk.sentinel.api.search({ in: String(chat), limit: 200 })).hits.map(({ text }) => text)

describe('retention', () => {
  it('keeps everything until somebody says otherwise, and tells how much that is', async () => {
    await post(cast.supergroup, 'ancient history', 4000)
    await post(cast.supergroup, 'recent history', 1)
    await indexed()
    const view = await swept()
    expect(view.sweep).toMatchObject({ state: 'done', messages: 0 })
    expect(view.kinds.map(({ kind, messages }) => [kind, messages])).toEqual([
      ['private', 0],
      ['bot', 0],
      ['group', 0],
      ['supergroup', 2],
      ['channel', 0],
    ])
    expect(view).toMatchObject({ max_size_mb: null, to_sweep: 0, full_at: null, uncounted: 0 })
    expect(await textsIn(cast.supergroup)).toEqual(['recent history', 'ancient history'])
  })

  it('sweeps by age what no alert holds, tells beforehand how much, and says on the event stream when it is done', async () => {
    for (const age of [100, 90, 80]) await post(cast.channel, `${age} days ago`, age)
    await post(cast.channel, 'alpha of old', 95)
    await post(cast.channel, 'today', 0)
    await post(cast.mara, 'old words of a friend', 100)
    await indexed()
    const events = await EventsClient.open(talk.sentinel)
    const rule = { max_age_days: 85, max_messages: null }
    const forecast = await talk.sentinel.api.setRetention({ kinds: { channel: rule }, max_size_mb: null })
    // The alert's message is old, too; only the sweep looks at each.
    expect(forecast.kinds.find(({ kind }) => kind === 'channel')).toMatchObject({ messages: 5, to_sweep: 3, ...rule })
    const view = await swept()
    expect(view.sweep).toMatchObject({ state: 'done', messages: 2, message: '2 messages were deleted.' })
    expect(await textsIn(cast.channel)).toEqual(['today', '80 days ago', 'alpha of old'])
    expect(await textsIn(cast.mara)).toEqual(['old words of a friend'])
    expect((await talk.sentinel.api.alerts()).map(({ text }) => text)).toEqual(['alpha of old'])
    const last = await until('the event', () => events.ofType<{ sweep: { state: string } }>('retention').at(-1))
    expect(last.sweep).toMatchObject({ state: 'done', messages: 2 })
    events.close()
  })

  it('sweeps by number, and what it did outlives a restart', async () => {
    for (let n = 0; n < 12; n++) await post(cast.group, `group talk ${n}`, 0)
    await indexed()
    await talk.sentinel.api.setRetention({
      kinds: { group: { max_age_days: null, max_messages: 4 } },
      max_size_mb: null,
    })
    expect((await swept()).sweep.messages).toBe(8)
    expect(await textsIn(cast.group)).toEqual([11, 10, 9, 8].map((n) => `group talk ${n}`))
    await restart()
    const view = await talk.sentinel.api.retention()
    expect(view.sweep).toMatchObject({ state: 'done', messages: 8 })
    expect(view.kinds.find(({ kind }) => kind === 'group')).toMatchObject({ max_messages: 4, messages: 4, to_sweep: 0 })
  })
})

describe('a vacuum', () => {
  it('gives free space back to the disk while everything goes on', async () => {
    freePages(talk.sentinel.databasePath, 20_000)
    const before = statSync(talk.sentinel.databasePath).size
    const events = await EventsClient.open(talk.sentinel)
    const view = await vacuumed()
    expect(view).toMatchObject({ state: 'done', kind: 'incremental', percent: 100, free_bytes: 0 })
    expect(before - statSync(talk.sentinel.databasePath).size).toBeGreaterThan(50_000_000)
    const told = events.ofType<Maintenance>('maintenance').map(({ state }) => state)
    expect([told[0], told.at(-1)]).toEqual(['running', 'done'])
    events.close()
    await post(cast.channel, 'after the vacuum', 0)
    await indexed()
  })

  it('is refused while one is under way', async () => {
    freePages(talk.sentinel.databasePath, 20_000)
    await talk.sentinel.api.vacuum()
    const { status, body } = await talk.sentinel.api.request<{ code: string }>('POST', '/api/maintenance/vacuum')
    expect([status, body.code]).toEqual([409, 'CONFLICT'])
    await until('its end', async () => (await talk.sentinel.api.maintenance()).state === 'done')
  })

  it('rewrites a file of an older version once, and loses nothing that arrives meanwhile', async () => {
    await talk.sentinel.stop()
    const database = new Database(talk.sentinel.databasePath)
    database.pragma('auto_vacuum = NONE')
    database.exec('VACUUM')
    database.exec('CREATE TABLE ballast (bytes BLOB)')
    for (let n = 0; n < 150; n++) database.prepare('INSERT INTO ballast VALUES (zeroblob(1000000))').run()
    database.close()
    await start()
    await talk.sentinel.api.vacuum()
    const posted = []
    while ((await talk.sentinel.api.maintenance()).state === 'running') {
      posted.push(await post(cast.channel, 'meanwhile', 0))
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    const view = await talk.sentinel.api.maintenance()
    expect(view).toMatchObject({ state: 'done', kind: 'full' })
    await indexed()
    const { hits } = await talk.sentinel.api.search({ q: 'meanwhile', limit: 200 })
    expect(hits.map(({ message_id: id }) => id).sort((a, b) => a - b)).toEqual(posted)
    await talk.sentinel.stop()
    const after = new Database(talk.sentinel.databasePath)
    expect(after.pragma('auto_vacuum', { simple: true })).toBe(2)
    expect(after.pragma('integrity_check', { simple: true })).toBe('ok')
    after.exec('DROP TABLE ballast')
    after.close()
    await start()
    expect(await vacuumed()).toMatchObject({ state: 'done', kind: 'incremental' })
  })
})

async function restart(): Promise<void> {
  await talk.sentinel.stop()
  await start()
}

async function start(): Promise<void> {
  talk.sentinel = await SentinelProcess.start({ dataDir, env: talk.stage.env })
  await talk.stage.signedIn(talk.sentinel)
}
