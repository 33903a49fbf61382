import { EventsClient } from '../support/events-client'
import { SentinelProcess } from '../support/sentinel-process'
import type { Status } from '../support/sentinel-api'
import { TelegramStage } from '../support/telegram-stage'
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder'
import { until } from '../support/until'

let stage: TelegramStage
let sentinel: SentinelProcess
let dataDir: string

beforeEach(async () => {
  dataDir = makeTemporaryFolder()
  stage = await TelegramStage.open()
  sentinel = await SentinelProcess.start({ dataDir, env: stage.env })
  await stage.signIn(sentinel)
})

afterEach(async () => {
  await sentinel.stop()
  await stage.close()
  removeFolder(dataDir)
})

describe('a connection', () => {
  async function hears(text: string): Promise<void> {
    const { id } = await stage.control.createUser({ firstName: 'Friend' })
    const { total_messages: before } = await sentinel.api.stats()
    await stage.control.postMessage({ chat: id, text })
    await until('the message', async () => (await sentinel.api.stats()).total_messages === before + 1)
  }

  const reconnected = () => until('the connection', async () => (await sentinel.api.status()).connected)

  it('waits as long as Telegram asks, shows it, and does not hammer', async () => {
    await stage.control.floodWait({ method: 'users.getUsers', seconds: 3 })
    await stage.control.dropConnections()
    const flooded = await until('the wait', async () => {
      const status = await sentinel.api.status()
      return status.flood_wait && status
    })
    const begunAtMs = Date.now()
    const asked = await stage.callsOf('users.getUsers')
    expect(flooded.flood_wait).toMatchObject({ method: 'users.getUsers' })
    const endsInMs = Date.parse(flooded.flood_wait?.until ?? '') - begunAtMs
    expect(endsInMs).toBeGreaterThan(2000)
    expect(endsInMs).toBeLessThanOrEqual(3000)
    await reconnected()
    expect(Date.now() - begunAtMs).toBeGreaterThan(endsInMs - 100)
    expect(await stage.callsOf('users.getUsers')).toBe(asked + 1)
    expect((await sentinel.api.status()).flood_wait).toBeNull()
  })

  it('that is dropped comes back by itself, and says so on the stream of events', async () => {
    const events = await EventsClient.open(sentinel)
    await stage.control.dropConnections()
    await until('the loss to be told', () => events.ofType<Status>('status').some(({ connected }) => !connected))
    await reconnected()
    await hears('after a drop')
    await until('the return to be told', () => events.ofType<Status>('status').at(-1)?.connected)
    events.close()
  })

  it('is found again when Telegram was away, and says meanwhile when it tries next', async () => {
    await stage.control.stopListening()
    const away = await until('the loss', async () => {
      const status = await sentinel.api.status()
      return !status.connected && /Next try in \d+ second/.test(status.state_message) && status
    })
    expect(away).toMatchObject({ authorized: true, state: 'connecting' })
    expect((await sentinel.api.request('GET', '/api/alerts')).status).toBe(200)
    await stage.control.startListening()
    await reconnected()
    await hears('after an absence')
  })

  it('that is not there after a restart leaves the account authorized, and is tried again within seconds', async () => {
    const { authorized, session_generation: generation } = await sentinel.api.status()
    expect(authorized).toBe(true)
    await stage.control.stopListening()
    await sentinel.stop()
    sentinel = await SentinelProcess.start({ dataDir, env: stage.env })
    const waits: number[] = []
    await until('several tries', async () => {
      const status = await sentinel.api.status()
      expect(status).toMatchObject({ authorized: true, connected: false, session_generation: generation })
      const seconds = Number(/Next try in (\d+) second/.exec(status.state_message)?.[1] ?? 0)
      if (seconds !== waits.at(-1)) waits.push(seconds)
      return waits.filter(Boolean).length >= 3
    })
    expect(Math.max(...waits)).toBeLessThanOrEqual(8)
    await stage.control.startListening()
    await reconnected()
  })

  it('makes no call that is not ours, and ends in the middle of a ping', async () => {
    await until('the list of chats', async () => (await stage.callsOf('messages.getDialogFilters')) > 0)
    await stage.control.clearCalls()
    const { packets } = await stage.control.state()
    await until('a ping', async () => (await stage.control.state()).packets > packets)
    expect((await stage.control.calls()).calls).toEqual([])
    // A ping that nobody answers must not keep the process.
    await stage.control.setMuted({ muted: true })
    const before = (await stage.control.state()).packets
    await until('another', async () => (await stage.control.state()).packets > before)
    expect(await sentinel.stop()).toMatchObject({ code: 0 })
  })

  it('survives new salts and a clock that is wrong', async () => {
    await stage.control.changeSalts()
    await hears('after new salts')
    for (const seconds of [90, 3600, -3600, 0]) {
      await stage.control.setClockOffset({ seconds })
      expect((await sentinel.api.request('POST', '/api/telegram/chats/refresh')).status).toBe(200)
      await stage.control.dropConnections()
      await until('the loss', async () => !(await sentinel.api.status()).connected)
      await reconnected()
      await hears(`by a clock that is off by ${seconds} s`)
    }
  })
})
