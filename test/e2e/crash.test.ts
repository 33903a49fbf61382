import { join } from 'node:path'
import { readRows } from '../support/conversation'
import { EventsClient } from '../support/events-client'
import { arm, inCopyOf, startMortal } from '../support/mortal-sentinel'
import { SentinelProcess } from '../support/sentinel-process'
import type { Alert } from '../support/sentinel-api'
import { TelegramStage } from '../support/telegram-stage'
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder'
import { until } from '../support/until'

const MESSAGES = 6
const CHANNEL_MARK = 1_000_000_000_000

/**
 * Writes of ingestion (messages, traffic, cursors, commit 1), then of scoring (alerts to scored_up_to, commit 2), then
 * the same for the next message; with each, how many messages and alerts it leaves behind. A write that was not part of its transaction
 * would be left behind before the commit: the moments between the writes tell no more.
 */
const POINTS: [point: string, messages: number, alerts: number][] = [
  ['before:messages:1', 0, 0],
  ['after:cursors:1', 0, 0],
  ['before:commit@messages:1', 0, 0],
  ['after:commit@messages:1', 3, 0],
  ['before:alerts:1', 3, 0],
  ['after:alert_profiles:1', 3, 0],
  ['before:commit@alerts:1', 3, 0],
  ['after:commit@alerts:1', 3, 1],
  ['after:commit@messages:2', 4, 1],
  ['after:commit@alerts:2', 4, 2],
]

interface Row {
  id: number
  text: string
  chat_id: number
  message_id: number
}

let stage: TelegramStage
let chat: number
let template: string
let rounds = 0

beforeAll(async () => {
  stage = await TelegramStage.open()
  template = makeTemporaryFolder()
  const sentinel = await SentinelProcess.start({ dataDir: template, env: stage.env })
  const { api } = sentinel
  for (const { id } of await api.profiles()) await api.deleteProfile(id)
  await api.createProfile({ name: 'Alpha', keywords: { general: { words: ['alpha'] } } })
  await api.createProfile({ name: 'Even', keywords: { general: { words: ['even'] } } })
  await stage.signIn(sentinel)
  await sentinel.stop()
})

afterAll(async () => {
  await stage.close()
  removeFolder(template)
})

describe('a sentinel that is killed', () => {
  it.each(POINTS)('%s scores what it has stored once, and alerts once', async (point, messages, alerts) => {
    const round = ++rounds
    // One for each round: whoever comes back fetches what was posted while it was away.
    chat = (await stage.control.createChannel({ title: `News ${round}` })).chat
    await stage.control.postMessage({ chat, text: 'welcome', push: 'none' })
    await inCopyOf(template, async (dataDir) => {
      const lastEventId = await crashAt(point, dataDir, round)
      const path = join(dataDir, 'sentinel/sentinel.db')
      const left = readRows(
        path,
        'SELECT (SELECT count(*) FROM messages) AS messages, (SELECT count(*) FROM alerts) AS alerts',
      )
      expect(left).toEqual([{ messages, alerts }])
      await expectRecovered(dataDir, round, lastEventId)
    })
  })
})

/** Gives the id of the last event that a consumer saw before the plug was pulled. */
async function crashAt(point: string, dataDir: string, round: number): Promise<string | undefined> {
  const sentinel = await startMortal(point, dataDir, stage.env)
  await until(
    'the chat to be listed',
    () => readRows(sentinel.databasePath, `SELECT 1 FROM dialogs WHERE chat_id = ${chat}`).length > 0,
  )
  const events = await EventsClient.open(sentinel, await firstEventId(sentinel))
  await events.next('status')
  await arm(sentinel)
  // Three in one envelope, then one after the other, each in transactions of its own.
  await stage.control.burst({ count: 3, chats: [chat], batchSize: 3, withKeyword: `alpha r${round}` })
  for (let n = 0; n < MESSAGES && !sentinel.end; n++) {
    await until('the message before', () => sentinel.end ?? storedIn(dataDir) >= 3 + n)
    await stage.control.postMessage({ chat, text: textOf(round, n) })
  }
  expect(await sentinel.exited).toEqual({ code: null, signal: 'SIGKILL' })
  await until('the end of the stream', () => events.isEnded)
  return events.lastId
}

function storedIn(dataDir: string): number {
  return readRows(join(dataDir, 'sentinel/sentinel.db'), 'SELECT 1 FROM messages').length
}

function textOf(round: number, n: number): string {
  return `alpha r${round} n${n}${n % 2 ? '' : ' even'}`
}

async function firstEventId(sentinel: SentinelProcess): Promise<string> {
  const [setting] = readRows<{ value: string }>(
    sentinel.databasePath,
    "SELECT value FROM settings WHERE name = 'events_epoch'",
  )
  return `${setting?.value}-0`
}

async function expectRecovered(dataDir: string, round: number, lastEventId: string | undefined): Promise<void> {
  const path = join(dataDir, 'sentinel/sentinel.db')
  const rows = () => readRows<Row>(path, 'SELECT id, text, chat_id, message_id FROM messages ORDER BY id')
  expectCovered(dataDir, rows())
  const posted = stage.server.world.channelOf(chat).history.slice(1)
  const sentinel = await SentinelProcess.start({ dataDir, env: stage.env })
  try {
    await until('what it missed', () => rows().length >= posted.length)
    const stored = rows()
    expect(stored.map(({ text }) => text).sort()).toEqual(posted.map(({ text }) => text).sort())
    await until('the backlog', async () => (await sentinel.api.status()).backlog === 0)
    await expectScoredOnce(sentinel, stored)
    await expectEventsResumable(sentinel, lastEventId)
    await stage.signedIn(sentinel)
    await stage.control.postMessage({ chat, text: `alpha r${round} afterwards` })
    await until('a later message', async () => (await sentinel.api.alerts({ q: 'afterwards' })).length === 1)
  } finally {
    await sentinel.stop()
  }
}

/** The cursor is not ahead of what was stored: message and cursor are one transaction. */
function expectCovered(dataDir: string, stored: Row[]): void {
  const path = join(dataDir, 'sentinel/sentinel.db')
  const [cursor] = readRows<{ pts: number }>(path, `SELECT pts FROM cursors WHERE box = ${-chat - CHANNEL_MARK}`)
  const { history, box } = stage.server.world.channelOf(chat)
  const newest = Math.max(0, ...stored.map((row) => row.message_id))
  const entry = box.entries.find(({ message }) => message?.id === newest)
  expect(history.length).toBeGreaterThan(0)
  if (stored.length > 0) expect(cursor?.pts).toBe(entry?.pts)
  else expect(cursor?.pts).toBe(box.entries[0]?.pts)
  const counted = readRows<{ n: number }>(path, 'SELECT coalesce(sum(messages), 0) AS n FROM traffic')
  expect(counted).toEqual([{ n: stored.length }])
}

async function expectScoredOnce(sentinel: SentinelProcess, stored: Row[]): Promise<void> {
  const { api, databasePath } = sentinel
  const wanted = stored.flatMap(({ text }) => [
    ...(/\balpha\b/.test(text) ? [`Alpha ${text}`] : []),
    ...(/\beven\b/.test(text) ? [`Even ${text}`] : []),
  ])
  const alerts = await api.alerts()
  const found = alerts.flatMap(({ text, profiles }) => profiles.map(({ name }) => `${name} ${text}`))
  expect(found.sort()).toEqual(wanted.sort())
  expect(new Set(alerts.map(({ text }) => text)).size).toBe(alerts.length)
  const stats = await api.stats()
  expect([stats.total_messages, stats.total_alerts, stats.unread]).toEqual([
    stored.length,
    alerts.length,
    alerts.length,
  ])
  expect(stats.by_profile.reduce((sum, profile) => sum + profile.alerts, 0)).toBe(wanted.length)
  const [setting] = readRows<{ value: string }>(databasePath, "SELECT value FROM settings WHERE name = 'scored_up_to'")
  expect(Number(setting?.value ?? 0)).toBe(stored.at(-1)?.id ?? 0)
  if (wanted.length > 0)
    expect(await api.alerts({ q: 'alpha' })).toHaveLength(alerts.filter(({ text }) => text.includes('alpha')).length)
}

/** Every alert stands on the stream once; who was cut off gets what is missing. */
async function expectEventsResumable(sentinel: SentinelProcess, lastEventId: string | undefined): Promise<void> {
  const alerts = (await sentinel.api.alerts()).map(({ id }) => id).sort((a, b) => a - b)
  const whole = await EventsClient.open(sentinel, await firstEventId(sentinel))
  const resumed = await EventsClient.open(sentinel, lastEventId)
  const [newest] = readRows<{ id: number }>(sentinel.databasePath, 'SELECT max(id) AS id FROM events')
  const number = (id: string | undefined) => Number(id?.split('-')[1] ?? 0)
  await until('the whole stream', () => number(whole.lastId) >= (newest?.id ?? 0))
  await until('the rest of it', () => number(resumed.lastId ?? lastEventId) >= (newest?.id ?? 0))
  expect(whole.ofType<Alert>('alert').map(({ id }) => id)).toEqual(alerts)
  const after = whole.events.filter(({ id }) => number(id) > number(lastEventId)).map(({ id }) => id)
  expect(resumed.events.map(({ id }) => id).slice(0, after.length)).toEqual(after)
  expect(resumed.ofType('reset')).toEqual([])
  whole.close()
  resumed.close()
}
