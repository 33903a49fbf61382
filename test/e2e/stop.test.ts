import { readRows } from '../support/conversation'
import { EventsClient } from '../support/events-client'
import { SentinelProcess } from '../support/sentinel-process'
import { TelegramStage } from '../support/telegram-stage'
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder'
import { until } from '../support/until'

let stage: TelegramStage
let sentinel: SentinelProcess
let dataDir: string

beforeEach(async () => {
  stage = await TelegramStage.open()
  dataDir = makeTemporaryFolder()
  sentinel = await SentinelProcess.start({ dataDir, env: stage.env })
})

afterEach(async () => {
  await stage.close()
  removeFolder(dataDir)
})

async function expectCleanEnd(): Promise<void> {
  expect(await sentinel.stop()).toEqual({ code: 0, signal: null })
  expect(sentinel.output).not.toMatch(/"level":"(error|fatal)"/)
  expect(sentinel.stderr).toBe('')
}

describe('a sentinel that is told to stop ends by itself, with code 0', () => {
  it('before anybody signed in', () => expectCleanEnd())

  it('while it is connected, with a consumer of events', async () => {
    await stage.signIn(sentinel)
    const events = await EventsClient.open(sentinel)
    await expectCleanEnd()
    await until('the stream to end', () => events.isEnded)
  })

  it('while Telegram answers nothing', async () => {
    await stage.signIn(sentinel)
    await stage.control.setMuted({ muted: true })
    await expectCleanEnd()
  })

  it('while a sign-in hangs', async () => {
    await stage.control.setMuted({ muted: true })
    await sentinel.api.importSession(await stage.sessionBytes())
    await until('the call', async () => (await sentinel.api.status()).queue.running)
    await expectCleanEnd()
  })

  it('while an import is verified', async () => {
    const other = await stage.control.createAccount({ firstName: 'Bea' })
    await stage.signIn(sentinel, { account: stage.account.id })
    await stage.control.delayMethod({ method: 'users.getUsers', delayMs: 60_000 })
    await sentinel.api.importSession(await stage.sessionBytes({ account: other.id }))
    await until('the call', async () => (await sentinel.api.status()).queue.running === 'users.getUsers')
    await expectCleanEnd()
  })

  it('while it waits to dial again', async () => {
    await stage.signIn(sentinel)
    await stage.control.stopListening()
    await until('the wait', async () => /Next try/.test((await sentinel.api.status()).state_message))
    await expectCleanEnd()
  })

  it('in the middle of a flood of messages, and its cursor covers what it has stored, no more', async () => {
    await stage.signIn(sentinel)
    const { chat } = await stage.control.createChannel({ title: 'Flood' })
    const flood = stage.control.burst({ count: 20_000, chats: [chat], ratePerSecond: 10_000 })
    await until('the first ones', async () => (await sentinel.api.stats()).total_messages > 1000)
    await expectCleanEnd()
    await flood
    const [count] = readRows<{ stored: number; counted: number; newest: number }>(
      sentinel.databasePath,
      `SELECT count(*) AS stored, max(message_id) AS newest,
        (SELECT value FROM totals WHERE name = 'messages') AS counted FROM messages`,
    )
    expect(count?.counted).toBe(count?.stored)
    const { entries } = stage.server.world.channelOf(chat).box
    const covered = entries.find(({ message }) => message?.id === count?.newest)?.pts
    expect(readRows(sentinel.databasePath, 'SELECT pts FROM cursors WHERE box > 0')).toEqual([{ pts: covered }])
  })
})
