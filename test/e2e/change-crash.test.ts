import { join } from 'node:path'
import { readRows } from '../support/conversation'
import { arm, inCopyOf, startMortal } from '../support/mortal-sentinel'
import { SentinelProcess } from '../support/sentinel-process'
import { TelegramStage } from '../support/telegram-stage'
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder'
import { until } from '../support/until'

/** Writes of an edit and of what comes of it, in their order; with each, how many changes and late alerts it leaves behind. */
const POINTS: [point: string, changes: number, late: number][] = [
  ['before:message_versions:1', 0, 0],
  ['before:commit@messages:1', 0, 0],
  ['after:commit@messages:1', 0, 0],
  ['after:alerts@message_changes:1', 0, 0],
  ['before:commit@message_changes:1', 0, 0],
  ['after:commit@message_changes:1', 1, 1],
]

interface Left {
  changes: number
  late: number
  deliveries: number
  events: number
}

let stage: TelegramStage
let template: string
let rounds = 0

beforeAll(async () => {
  stage = await TelegramStage.open()
  template = makeTemporaryFolder()
  const sentinel = await SentinelProcess.start({ dataDir: template, env: stage.env })
  const { api } = sentinel
  for (const { id } of await api.profiles()) await api.deleteProfile(id)
  const tell = { tell_changes: { edits: true, deletions: true }, one_per_story: false }
  await api.createProfile({ name: 'Alpha', keywords: { general: { words: ['alpha'] } }, ...tell })
  await api.createProfile({ name: 'Late', keywords: { general: { words: ['late'] } }, ...tell })
  // Nothing is there: what is told waits, and can be counted.
  const target = { kind: 'webhook', url: 'https://203.0.113.1/' }
  const reply = await api.request('POST', '/api/destinations', { json: { name: 'Hook', target } })
  expect(reply.status).toBe(201)
  await api.request('PUT', '/api/restraint', {
    json: {
      ...{ quiet_hours: [], urgent: { min_score: null, categories: [] }, caps: [], snoozes: [] },
      paused: { all: true, destinations: [] },
    },
  })
  await stage.signIn(sentinel)
  await sentinel.stop()
})

afterAll(async () => {
  await stage.close()
  removeFolder(template)
})

describe('a sentinel that is killed while a message of an alert changes', () => {
  it.each(POINTS)('%s tells of it once', async (point, changes, late) => {
    const chat = (await stage.control.createChannel({ title: `News ${++rounds}` })).chat
    await stage.control.postMessage({ chat, text: 'welcome', push: 'none' })
    await inCopyOf(template, async (dataDir) => {
      await crashAt(point, dataDir, chat)
      expect(leftIn(dataDir)).toMatchObject({ changes, late })
      await expectToldOnce(dataDir)
    })
  })
})

function leftIn(dataDir: string): Left {
  const sql = `SELECT (SELECT count(*) FROM message_changes) AS changes,
    (SELECT count(*) FROM alert_profiles WHERE raised_by = 'edit') AS late,
    (SELECT count(*) FROM deliveries WHERE kind = 'change') AS deliveries,
    (SELECT count(*) FROM events WHERE type = 'message_changed') AS events`
  return readRows<Left>(join(dataDir, 'sentinel/sentinel.db'), sql)[0] as Left
}

async function crashAt(point: string, dataDir: string, chat: number): Promise<void> {
  const sentinel = await startMortal(point, dataDir, stage.env)
  await stage.signedIn(sentinel)
  const listed = `SELECT 1 FROM dialogs WHERE chat_id = ${chat}`
  await until('the chat to be listed', () => readRows(sentinel.databasePath, listed).length > 0)
  const [message] = await stage.control.postMessage({ chat, text: 'alpha' })
  await until('the alert', async () => (await sentinel.api.alerts()).length === 1)
  await until('it to be indexed', async () => (await sentinel.api.search()).waiting === 0)
  await arm(sentinel)
  await stage.control.editMessage({ chat, messageId: message?.messageId ?? 0, text: 'alpha, late' })
  expect(await sentinel.exited).toEqual({ code: null, signal: 'SIGKILL' })
}

async function expectToldOnce(dataDir: string): Promise<void> {
  const sentinel = await SentinelProcess.start({ dataDir, env: stage.env })
  try {
    await stage.signedIn(sentinel)
    await until('the edit', () => leftIn(dataDir).late === 1)
    await until('everything', async () => (await sentinel.api.status()).backlog === 0)
    expect(leftIn(dataDir)).toEqual({ changes: 1, late: 1, deliveries: 1, events: 1 })
    const [alert, ...others] = await sentinel.api.alerts()
    expect(others).toEqual([])
    expect(alert).toMatchObject({ text: 'alpha, late', changes: [{ before: 'alpha' }] })
    expect(alert?.profiles.map(({ name, raised_by: by }) => [name, by])).toEqual([
      ['Alpha', 'post'],
      ['Late', 'edit'],
    ])
  } finally {
    await sentinel.stop()
  }
}
