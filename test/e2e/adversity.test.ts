import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { Conversation, usualCast } from '../support/conversation'
import type { SentinelOptions } from '../support/sentinel-process'
import { until } from '../support/until'

const DAY = 24 * 60 * 60 * 1000

let talk: Conversation
let cast: Awaited<ReturnType<typeof usualCast>>

async function open(options: SentinelOptions = {}): Promise<void> {
  ;({ talk, cast } = await Conversation.open(usualCast, options))
  await until('the ledger', async () => (await talk.sentinel.api.coverage()).chats.length >= 7)
}

afterEach(() => talk.close())

const status = () => talk.sentinel.api.status()
const texts = () => talk.rows<{ text: string }>('SELECT text FROM messages').map(({ text }) => text)

async function postMany(count: number): Promise<string[]> {
  const posted = Array.from({ length: count }, (_, index) => `number ${index} ${'x'.repeat(2000)}`)
  for (const [index, text] of posted.entries())
    await talk.send({ chat: index % 2 ? cast.channel : cast.group, from: cast.mara, text })
  return posted
}

describe('a sentinel whose', () => {
  it('disk is full keeps what it hears, says so, and stores it once there is room', async () => {
    await open()
    const { databasePath, pid } = talk.sentinel
    const limit = (bytes: number | string) =>
      execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`])
    // No file of it may grow beyond what the write-ahead log has by now.
    limit(statSync(`${databasePath}-wal`).size)
    const posted = await postMany(40)
    await until('the trouble', async () => (await status()).storage === 'failing')
    expect((await talk.sentinel.api.request('GET', '/api/alerts')).status).toBe(200)
    limit('unlimited')
    await talk.settled()
    await until('the all-clear', async () => (await status()).storage === 'ok')
    expect(texts().sort()).toEqual(posted.sort())
  })

  it('volume becomes read-only keeps what it hears, and goes on when it is writable again', async () => {
    await open({ preload: join(__dirname, '../support/read-only.cjs') })
    talk.sentinel.kill('SIGUSR2')
    await talk.sentinel.said(/is read-only/)
    const posted = await postMany(20)
    await until('the trouble', async () => (await status()).storage === 'failing')
    talk.sentinel.kill('SIGUSR2')
    await talk.settled()
    expect(texts().sort()).toEqual(posted.sort())
    expect((await status()).storage).toBe('ok')
  })

  it('clock jumps a day forth and two back misses nothing, and its ages stay sane', async () => {
    const CLOCK_JUMPS = [DAY, -2 * DAY, DAY].join(',')
    await open({
      preload: join(__dirname, '../support/clock-jump.cjs'),
      env: { CLOCK_JUMPS, TG_POLLS_PER_MINUTE: '6000' },
    })
    for (const offset of [DAY, -DAY, 0]) {
      talk.sentinel.kill('SIGUSR2')
      await talk.sentinel.said(new RegExp(`off by ${offset} ms`))
      await talk.stage.control.losePushes({ count: 1 })
      await talk.send({ chat: cast.channel, text: `lost at ${offset}` })
      await talk.send({ chat: cast.channel, text: `heard at ${offset}` })
      await talk.send({ chat: cast.mara, text: `private at ${offset}` })
      await talk.settled()
      const { coverage } = await status()
      expect(coverage.worst_staleness_s).toBeGreaterThanOrEqual(0)
      await talk.stage.control.dropConnections()
      await until('the connection', async () => (await status()).connected)
    }
    expect(texts()).toHaveLength(9)
  })

  it('calls are answered by a long flood wait goes on hearing what is pushed, and says how long', async () => {
    await open()
    await talk.stage.control.floodWait({ method: 'updates.getChannelDifference', seconds: 3600, times: 5 })
    await talk.stage.control.losePushes({ count: 1 })
    await talk.send({ chat: cast.channel, text: 'lost' })
    await talk.stage.control.postMessage({ chat: cast.channel, text: 'held' })
    const flooded = await until('the wait', async () => (await status()).flood_wait)
    expect(flooded.method).toBe('updates.getChannelDifference')
    const calls = await talk.stage.callsOf('updates.getChannelDifference')
    await talk.stage.control.postMessage({ chat: cast.group, from: cast.mara, text: 'elsewhere' })
    await until('the group', () => texts().includes('elsewhere'))
    expect(await talk.stage.callsOf('updates.getChannelDifference')).toBe(calls)
  })
})
