import { join } from 'node:path'
import type { components } from '../../openapi/generated/sentinel'
import { Conversation, usualCast } from '../support/conversation'
import { EventsClient } from '../support/events-client'
import { HttpReceiver, type Received } from '../support/http-receiver'
import { SentinelProcess } from '../support/sentinel-process'
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder'
import { until } from '../support/until'

type Digest = components['schemas']['Digest']
type DigestRun = components['schemas']['DigestRun']

const HOUR = 3_600_000
const WAIT_MS = 40_000

describe('digests', () => {
  let talk: Conversation
  let cast: Awaited<ReturnType<typeof usualCast>>
  let folder = ''
  const receivers: HttpReceiver[] = []
  const ids: number[] = []
  let env: Record<string, string>

  const preload = join(__dirname, '../support/clock-jump.cjs')
  const jumpsOf = (...hours: number[]) => hours.map((count) => count * HOUR).join(',')

  beforeAll(async () => {
    folder = makeTemporaryFolder()
    for (let index = 0; index < 2; index++) receivers.push(await HttpReceiver.start())
    env = { DELIVERY_ALLOW: receivers.map(({ place }) => place).join(','), CLOCK_JUMPS: jumpsOf(1, 1, 1, 1) }
    ;({ talk, cast } = await Conversation.open(usualCast, { dataDir: folder, preload, env }))
    for (const { id } of await talk.sentinel.api.profiles()) await talk.sentinel.api.deleteProfile(id)
    for (const [index, word] of ['alpha', 'beta'].entries()) {
      const profile = await talk.sentinel.api.createProfile({ name: word, keywords: { general: { words: [word] } } })
      const target = { kind: 'webhook', url: receivers[index]?.url }
      const hook = await take<{ id: number }>('POST', '/api/destinations', {
        name: word,
        target,
        hears: { alerts: false },
      })
      const json = { profile_id: profile.id, destination_id: hook.id, schedule: { kind: 'hourly', at: '00:00' } }
      ids.push((await take<Digest>('POST', '/api/digests', json)).id)
    }
  })

  afterAll(async () => {
    await talk.close()
    for (const receiver of receivers) await receiver.stop()
    removeFolder(folder)
  })

  async function take<T>(method: string, path: string, json?: object): Promise<T> {
    const reply = await talk.sentinel.api.request<{ data: T }>(method, path, json ? { json } : {})
    if (reply.status >= 300) throw new Error(`${method} ${path} -> ${reply.status} ${JSON.stringify(reply.body)}`)
    return reply.body.data
  }

  const runs = async (index: number) =>
    (await take<{ runs: DigestRun[] }>('GET', `/api/digests/${ids[index]}/runs`)).runs
  const post = (text: string) => talk.post({ chat: cast.channel, text })

  /** By the new clock Telegram is silent for an hour; what it says then ends the wait for what was missed. */
  async function jump(): Promise<void> {
    talk.sentinel.kill('SIGUSR2')
    await talk.sentinel.said(/the clock is off/)
    await post('something else')
  }

  const nth = (index: number, n: number): Promise<Received> => (receivers[index] as HttpReceiver).nth(n, WAIT_MS)
  const textsOf = ({ json }: Received) =>
    (json['data'] as { alerts: { text: string }[] }).alerts.map(({ text }) => text).sort()

  /** The clock is as far as it was. */
  async function startAgain(hoursAhead: number): Promise<void> {
    const jumps = { CLOCK_JUMPS: jumpsOf(hoursAhead, 1, 1, 1) }
    talk.sentinel = await SentinelProcess.start({
      dataDir: folder,
      preload,
      env: { ...talk.stage.env, ...env, ...jumps },
    })
    talk.sentinel.kill('SIGUSR2')
    await talk.stage.signedIn(talk.sentinel)
  }

  it('of two profiles go to two destinations at the full hour, and do not mix', async () => {
    const events = await EventsClient.open(talk.sentinel)
    await post('alpha 1')
    await post('beta 1')
    await post('alpha and beta')
    await jump()
    expect(textsOf(await nth(0, 1))).toEqual(['alpha 1', 'alpha and beta'])
    expect(textsOf(await nth(1, 1))).toEqual(['alpha and beta', 'beta 1'])
    for (const index of [0, 1]) await until('it to be sent', async () => (await runs(index))[0]?.state === 'sent')
    expect(events.ofType('digest').length).toBeGreaterThan(0)
    events.close()
  }, 90_000)

  it('that a crash cuts off come again under the same id, and count once', async () => {
    const [alpha] = receivers as [HttpReceiver]
    alpha.answer = 'silence'
    await post('alpha 2')
    await jump()
    const cut = await nth(0, 2)
    await talk.sentinel.crash()
    alpha.answer = { status: 200 }
    await startAgain(2)
    const again = await nth(0, 3)
    expect(again.headers['webhook-id']).toBe(cut.headers['webhook-id'])
    expect([textsOf(cut), textsOf(again)]).toEqual([['alpha 2'], ['alpha 2']])
    await until('it to be sent', async () => (await runs(0))[0]?.state === 'sent')
    expect((await runs(0)).map(({ state }) => state)).toEqual(['sent', 'sent'])
  }, 90_000)

  it('are one after the sentinel was away for several hours', async () => {
    await post('alpha 3')
    await talk.sentinel.stop()
    await startAgain(7)
    expect(textsOf(await nth(0, 4))).toEqual(['alpha 3'])
    await until('it to be sent', async () => (await runs(0))[0]?.state === 'sent')
    expect(await runs(0)).toHaveLength(3)
    // Nothing was due for the other one: a slot, and nobody is told.
    expect((await runs(1))[0]).toMatchObject({ state: 'empty', delivery_id: null })
    expect((receivers[1] as HttpReceiver).received).toHaveLength(1)
  }, 90_000)

  it('stay due while nobody takes them, and what was given up comes with the next', async () => {
    const [alpha] = receivers as [HttpReceiver]
    alpha.answer = { status: 500 }
    await post('alpha 4')
    await jump()
    await nth(0, 5)
    const [run] = await runs(0)
    expect(run).toMatchObject({ state: 'on_its_way', alerts: 1 })
    await until('it to wait', async () => {
      const { deliveries } = await take<{ deliveries: { state: string }[] }>('GET', '/api/deliveries?state=waiting')
      return deliveries.length === 1
    })
    await take('POST', `/api/deliveries/${run?.delivery_id}/cancel`)
    await until('it to be given up', async () => (await runs(0))[0]?.state === 'not_sent')
    alpha.answer = { status: 200 }
    await post('alpha 5')
    const before = alpha.received.length
    await jump()
    expect(textsOf(await nth(0, before + 1))).toEqual(['alpha 4', 'alpha 5'])
  }, 90_000)

  it('are shown before, and sent by hand also where there is nothing', async () => {
    const [, beta] = receivers as [HttpReceiver, HttpReceiver]
    const preview = await take<{ title: string; alerts: number }>('GET', `/api/digests/${ids[1]}/preview`)
    expect(preview).toMatchObject({ title: 'beta: nothing new', alerts: 0 })
    const before = beta.received.length
    expect(await take('POST', `/api/digests/${ids[1]}/send`)).toMatchObject({ cause: 'hand', alerts: 0 })
    expect((await nth(1, before + 1)).json).toMatchObject({ type: 'digest', data: { alert_count: 0 } })
  }, 90_000)
})
