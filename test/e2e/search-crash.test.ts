import { join } from 'node:path'
import { readRows } from '../support/conversation'
import { arm, inCopyOf, startMortal } from '../support/mortal-sentinel'
import { SentinelProcess } from '../support/sentinel-process'
import { TelegramStage } from '../support/telegram-stage'
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder'
import { until } from '../support/until'

/** Writes of a slice of the index, in their order; with each, how many of three messages it leaves indexed. */
const POINTS: [point: string, indexed: number][] = [
  ['before:search_rows:1', 0],
  ['after:chat_volumes:1', 0],
  ['before:commit@search_rows:1', 0],
  ['after:commit@search_rows:1', 3],
]

let stage: TelegramStage
let chat: number
let template: string

beforeAll(async () => {
  stage = await TelegramStage.open()
  chat = (await stage.control.createChannel({ title: 'News' })).chat
  await stage.control.postMessage({ chat, text: 'welcome', push: 'none' })
  template = makeTemporaryFolder()
  const sentinel = await SentinelProcess.start({ dataDir: template, env: stage.env })
  await stage.signIn(sentinel)
  await sentinel.stop()
})

afterAll(async () => {
  await stage.close()
  removeFolder(template)
})

describe('a sentinel that is killed while it indexes', () => {
  it.each(POINTS)('%s has each message in the index once', async (point, indexed) => {
    await inCopyOf(template, async (dataDir) => {
      const word = `crash${POINTS.findIndex(([each]) => each === point)}`
      await crashAt(point, dataDir, word)
      const found = 'SELECT count(*) AS n FROM search_words WHERE search_words MATCH ?'
      expect(readRows(join(dataDir, 'sentinel/sentinel.db'), found, word)).toEqual([{ n: indexed }])
      await expectFoundOnce(dataDir, word)
    })
  })
})

async function crashAt(point: string, dataDir: string, word: string): Promise<void> {
  const sentinel = await startMortal(point, dataDir, stage.env)
  await stage.signedIn(sentinel)
  await until('the index', async () => (await sentinel.api.search()).waiting === 0)
  await arm(sentinel)
  await Promise.all([1, 2, 3].map((n) => stage.control.postMessage({ chat, text: `${word} ${n}` })))
  expect(await sentinel.exited).toEqual({ code: null, signal: 'SIGKILL' })
}

async function expectFoundOnce(dataDir: string, word: string): Promise<void> {
  const sentinel = await SentinelProcess.start({ dataDir, env: stage.env })
  try {
    await stage.signedIn(sentinel)
    await until('the messages', async () => (await sentinel.api.search({ q: word })).hits.length >= 3)
    await until('the index', async () => (await sentinel.api.search()).waiting === 0)
    const { hits } = await sentinel.api.search({ q: word })
    expect(hits.map(({ text }) => text).sort()).toEqual([1, 2, 3].map((n) => `${word} ${n}`))
    const [counted] = readRows(
      sentinel.databasePath,
      'SELECT (SELECT sum(messages) FROM chat_volumes) = (SELECT count(*) FROM messages) AS same',
    )
    expect(counted).toEqual({ same: 1 })
  } finally {
    await sentinel.stop()
  }
}
