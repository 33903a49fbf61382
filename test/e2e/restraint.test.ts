import type { components } from '../../openapi/generated/sentinel'
import { BotApiServer } from '../bot-api/bot-api-server'
import { Conversation, usualCast } from '../support/conversation'
import { HttpReceiver } from '../support/http-receiver'
import { SentinelProcess } from '../support/sentinel-process'
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder'
import { until } from '../support/until'

type Delivery = components['schemas']['Delivery']
type RestraintDraft = components['schemas']['RestraintDraft']

const ADMIN = 5002
const NONE: RestraintDraft = {
  ...{ quiet_hours: [], urgent: { min_score: null, categories: [] }, caps: [], snoozes: [] },
  paused: { all: false, destinations: [] },
}

describe('restraint', () => {
  let talk: Conversation
  let cast: Awaited<ReturnType<typeof usualCast>>
  let receiver: HttpReceiver
  let bot: BotApiServer
  let folder = ''
  let env: Record<string, string>

  beforeAll(async () => {
    folder = makeTemporaryFolder()
    receiver = await HttpReceiver.start()
    bot = await BotApiServer.start()
    env = { ...bot.env(ADMIN), DELIVERY_ALLOW: receiver.place }
    ;({ talk, cast } = await Conversation.open(usualCast, { dataDir: folder, env }))
    for (const { id } of await talk.sentinel.api.profiles()) await talk.sentinel.api.deleteProfile(id)
    const keywords = { general: { words: ['alpha'] }, urgency: { words: ['fire'] } }
    await talk.sentinel.api.createProfile({ name: 'Alpha', keywords })
    await ask('POST', '/api/destinations', { name: 'Hook', target: { kind: 'webhook', url: receiver.url } })
  })

  afterAll(async () => {
    await talk.close()
    await bot.stop()
    await receiver.stop()
    removeFolder(folder)
  })

  async function ask<T>(method: string, path: string, json?: object): Promise<T> {
    const reply = await talk.sentinel.api.request<{ data: T }>(method, path, json ? { json } : {})
    if (reply.status >= 300) throw new Error(`${method} ${path} -> ${reply.status} ${JSON.stringify(reply.body)}`)
    return reply.body.data
  }

  const set = (part: Partial<RestraintDraft>) => ask('PUT', '/api/restraint', { ...NONE, ...part })
  const textsTold = () => receiver.received.map(({ json }) => (json['data'] as { text: string }).text)
  const held = async () =>
    (await ask<{ deliveries: Delivery[] }>('GET', '/api/deliveries')).deliveries.filter((one) => one.held !== null)

  it('holds alerts over a crash, and tells each once when it ends', async () => {
    await set({ paused: { all: true, destinations: [] } })
    await talk.post({ chat: cast.channel, text: 'alpha 1' })
    await until('it to be held', async () => (await held())[0]?.held?.reason === 'pause')
    await talk.sentinel.crash()
    talk.sentinel = await SentinelProcess.start({ dataDir: folder, env: { ...talk.stage.env, ...env } })
    await talk.stage.signedIn(talk.sentinel)
    await talk.post({ chat: cast.channel, text: 'alpha 2' })
    await until('both to be held', async () => (await held()).length === 2)
    expect((await talk.sentinel.api.alerts()).map(({ text }) => text)).toEqual(['alpha 2', 'alpha 1'])
    expect(receiver.received).toEqual([])
    await set({})
    await receiver.nth(2)
    expect(textsTold()).toEqual(['alpha 1', 'alpha 2'])
  }, 60_000)

  it('lets what is urgent through a snooze, at once, and the rest when it is over', async () => {
    const until10s = new Date(Date.now() + 10_000).toISOString()
    const urgent = { min_score: null, categories: ['urgency'] }
    await set({ snoozes: [{ profile_id: null, until: until10s }], urgent })
    await talk.post({ chat: cast.channel, text: 'alpha 3' })
    await talk.post({ chat: cast.channel, text: 'fire' })
    await receiver.nth(3)
    expect(textsTold()[2]).toBe('fire')
    expect(await held()).toMatchObject([{ held: { reason: 'snooze', until: until10s } }])
    await receiver.nth(4, 20_000)
    expect(textsTold()[3]).toBe('alpha 3')
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(until10s))
  }, 60_000)
})
