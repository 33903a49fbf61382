import { readFileSync } from 'node:fs'
import { Conversation, usualCast } from '../support/conversation'
import { EventsClient, openStream } from '../support/events-client'
import { SentinelProcess } from '../support/sentinel-process'
import type { Alert, Status } from '../support/sentinel-api'
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder'
import { until } from '../support/until'

let talk: Conversation
let cast: Awaited<ReturnType<typeof usualCast>>
const dataDir = makeTemporaryFolder()
const clients: EventsClient[] = []

beforeAll(async () => {
  ;({ talk, cast } = await Conversation.open(usualCast, { dataDir }))
  const { api } = talk.sentinel
  for (const { id } of await api.profiles()) await api.deleteProfile(id)
  await api.createProfile({ name: 'Alpha', keywords: { general: { words: ['alpha'] } } })
})

afterEach(() => {
  for (const client of clients.splice(0)) client.close()
})

afterAll(async () => {
  await talk.close()
  removeFolder(dataDir)
})

async function listen(lastEventId?: string): Promise<EventsClient> {
  const client = await EventsClient.open(talk.sentinel, lastEventId)
  clients.push(client)
  return client
}

function post(text: string): Promise<number> {
  return talk.send({ chat: cast.channel, text })
}

const textsOf = (client: EventsClient) => client.ofType<Alert>('alert').map(({ text }) => text)

describe('the stream of events', () => {
  it('brings an alert as the list has it', async () => {
    const client = await listen()
    await post('alpha at once')
    const { data } = await client.next('alert')
    expect(data).toEqual((await talk.sentinel.api.alerts({ limit: 1 }))[0])
  })

  it('begins with what comes next where nobody asks for more', async () => {
    const client = await listen()
    await post('alpha is next')
    await client.next('alert')
    expect(textsOf(client)).toEqual(['alpha is next'])
  })

  it('tells of changed alerts and profiles', async () => {
    const client = await listen()
    const { id } = (await talk.sentinel.api.alerts({ limit: 1 }))[0] ?? { id: 0 }
    await talk.sentinel.api.changeAlert(id, { starred: true })
    const profile = await talk.sentinel.api.createProfile({ name: 'Told of' })
    await talk.sentinel.api.deleteProfile(profile.id)
    await client.next('profiles', 2)
    expect(client.ofType('alert_changed')).toEqual([
      { id, read: false, starred: true, dismissed: false, snoozed_until: null },
    ])
  })

  it('continues after the last event that was seen, without loss or repeat', async () => {
    const whole = await listen()
    const broken = await listen()
    await post('alpha before 1')
    await post('alpha before 2')
    await broken.next('alert', 2)
    broken.close()
    for (const text of ['alpha away 1', 'alpha away 2', 'alpha away 3']) await post(text)
    await whole.next('alert', 5)
    const resumed = await listen(broken.lastId)
    await post('alpha after')
    await whole.next('alert', 6)
    await resumed.next('alert', 4)
    expect([...broken.events, ...resumed.events].map(({ id }) => id)).toEqual(whole.events.map(({ id }) => id))
  })

  it('continues across a restart and a crash of the sentinel', async () => {
    const before = await listen()
    await post('alpha one')
    await before.next('alert')
    before.close()
    await post('alpha two')
    await talk.settled()
    await restart(() => talk.sentinel.stop())
    await post('alpha three')
    await talk.settled()
    await restart(() => talk.sentinel.crash())
    const resumed = await listen(before.lastId)
    await post('alpha four')
    await resumed.next('alert', 3)
    expect(textsOf(resumed)).toEqual(['alpha two', 'alpha three', 'alpha four'])
    const ids = resumed.events.map(({ id }) => Number(id?.split('-')[1]))
    expect(ids).toEqual(ids.map((_, index) => (ids[0] ?? 0) + index))
    expect(resumed.ofType<Status>('status').at(-1)).toMatchObject({ authorized: true, connected: true })
  })

  it.each(['00000000-1', 'nonsense', '-', 'x'.repeat(40)])(
    'tells who knows another stream (%s) to begin anew',
    async (id) => {
      const client = await listen(id)
      await post('alpha after the reset')
      await client.next('alert')
      expect(client.events.map(({ type }) => type)).toEqual(['reset', 'alert'])
      expect(client.events[0]?.id).toBeUndefined()
    },
  )

  it('tells who is ahead of it to begin anew', async () => {
    const client = await listen()
    await post('alpha ahead')
    await client.next('alert')
    const [epoch, number] = (client.lastId ?? '').split('-')
    const ahead = await listen(`${epoch}-${Number(number) + 1000}`)
    await ahead.next('reset')
  })

  it('refuses an id that is too long for one', async () => {
    const headers = { 'Last-Event-ID': 'x'.repeat(41) }
    expect((await talk.sentinel.api.request('GET', '/api/events', { headers })).status).toBe(400)
  })

  async function restart(end: () => Promise<unknown>): Promise<void> {
    await end()
    await talk.stage.control.clearCalls()
    talk.sentinel = await SentinelProcess.start({ dataDir, env: talk.stage.env })
    await talk.stage.signedIn(talk.sentinel)
  }
})

describe('a consumer that does not read', () => {
  const COUNT = 1200
  const TEXT = `alpha ${'ж'.repeat(4000)}`

  it('costs little memory, holds nobody up, and gets everything once it reads', async () => {
    const reader = await listen()
    const sleepers = await Promise.all(Array.from({ length: 20 }, () => openStream(talk.sentinel)))
    const before = residentMiB()
    for (let n = 0; n < COUNT; n++) await talk.send({ chat: cast.channel, text: `${n} ${TEXT}` })
    await until('the one that reads', () => reader.ofType('alert').length === COUNT)
    // 20 times 1,200 events of 9 kB are 200 MiB; each consumer may hold one page.
    expect(residentMiB() - before).toBeLessThan(150)
    const woken = sleepers[0]
    let received = ''
    woken?.setEncoding('utf8').on('data', (chunk: string) => (received += chunk))
    await until('the sleeper to catch up', () => (received.match(/^event: alert$/gm) ?? []).length === COUNT)
    const numbers = [...received.matchAll(/^id: \w+-(\d+)$/gm)].map((match) => Number(match[1]))
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index))
    for (const sleeper of sleepers) sleeper.destroy()
  })

  function residentMiB(): number {
    const status = readFileSync(`/proc/${talk.sentinel.pid}/status`, 'utf8')
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024
  }
})
