import { Conversation, usualCast } from '../support/conversation'
import { DestinationsClient, type Destination, type DestinationDraft } from '../support/destinations'
import { HttpReceiver, type Received } from '../support/http-receiver'
import { contractOf } from '../support/openapi'
import { PushBrowser, subscriptionId, vapidClaims } from '../support/push-browser'
import { SentinelProcess } from '../support/sentinel-process'
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder'

const TEXT = 'alpha <b>loud</b> & *more* 🙂'
const MESSAGE = { $ref: '#/components/schemas/PushMessage' }

/** A push service of ours on loopback takes what the sentinel sends, and the browser that it is for reads it. */
describe('web push', () => {
  const folder = makeTemporaryFolder()
  let talk: Conversation
  let cast: Awaited<ReturnType<typeof usualCast>>
  let receiver: HttpReceiver
  let destinations: DestinationsClient
  let browser: PushBrowser
  let endpoint = ''
  let subscribed = 0

  beforeAll(async () => {
    receiver = await HttpReceiver.start()
    ;({ talk, cast } = await Conversation.open(usualCast, { dataDir: folder, env: env() }))
    destinations = new DestinationsClient(() => talk.sentinel.api)
    for (const { id } of await talk.sentinel.api.profiles()) await talk.sentinel.api.deleteProfile(id)
    await talk.sentinel.api.createProfile({ name: 'Alpha', keywords: { general: { words: ['alpha'] } } })
  })

  beforeEach(() => {
    receiver.received.length = 0
    receiver.answer = { status: 201 }
    browser = new PushBrowser()
    endpoint = `${receiver.url}/push/capability-${++subscribed}`
  })

  afterEach(async () => {
    for (const { id } of await all()) await destinations.take('DELETE', `/api/destinations/${id}`)
  })

  afterAll(async () => {
    await talk.close()
    await receiver.stop()
    removeFolder(folder)
  })

  const env = () => ({ DELIVERY_ALLOW: receiver.place, LOG_LEVEL: 'debug' })
  const all = async () =>
    (await destinations.take<{ destinations: Destination[] }>('GET', '/api/destinations')).destinations
  const publicKey = async () => (await destinations.take<{ public_key: string }>('GET', '/api/push-key')).public_key
  const draft = (more: Partial<DestinationDraft> = {}): DestinationDraft => ({
    name: 'My phone',
    target: { kind: 'web_push' },
    secrets: { subscription: browser.subscriptionAt(endpoint) },
    ...more,
  })
  const toAnswer = (status: number, headers = {}) => (receiver.answer = { status, headers, body: 'capability' })

  it('tells of an alert by what only the browser can read, signed by the key that it subscribed with', async () => {
    const { id } = await destinations.create(draft())
    const [alert] = await talk.alertsFor({ chat: cast.channel, text: TEXT })
    const one = await receiver.nth(1)
    expect(one.bytes.toString('latin1')).not.toMatch(/alpha|loud/)
    const message = browser.read(one)
    expect(contractOf('sentinel').problem(MESSAGE, message)).toBeNull()
    const [delivery] = await destinations.settled(id, 1)
    expect(message).toMatchObject({
      title: 'Alpha: News',
      body: expect.stringContaining(TEXT),
      tag: delivery?.message_id,
      address: `#/alerts/${alert?.id}`,
      link: expect.stringContaining('https://t.me/'),
      urgent: false,
    })
    const { authorization = '', ttl, topic, urgency } = one.headers
    expect(vapidClaims(authorization, await publicKey()).aud).toBe(receiver.url)
    expect([ttl, topic, urgency]).toEqual(['259200', delivery?.message_id.slice(4), 'normal'])
    expect(() => new PushBrowser().read(one)).toThrow()
  })

  it('is urgent for what the owner calls urgent, and says no word of it where that is asked for', async () => {
    const { id } = await destinations.create(draft({ target: { kind: 'web_push', discreet: true } }))
    const rules = await destinations.take<Record<string, unknown>>('GET', '/api/restraint')
    const { revision: _revision, held: _held, message: _message, ...before } = rules
    await destinations.take('PUT', '/api/restraint', { ...before, urgent: { min_score: 0, categories: [] } })
    await talk.post({ chat: cast.channel, text: TEXT })
    const one = await receiver.nth(1)
    expect(one.headers['urgency']).toBe('high')
    expect(browser.read(one)).toMatchObject({ title: 'New alert in Alpha', body: '', link: null, urgent: true })
    await destinations.settled(id, 1)
    await destinations.take('PUT', '/api/restraint', before)
  })

  it('tells that what raised an alert was changed, and a discreet browser not how', async () => {
    const { id: profileId } = await talk.sentinel.api.createProfile({
      name: 'Prices',
      keywords: { general: { words: ['beta'] } },
      tell_changes: { edits: true },
    })
    await destinations.create(draft({ target: { kind: 'web_push', discreet: true } }))
    const [alert] = await talk.alertsFor({ chat: cast.channel, text: 'beta costs 100' })
    await receiver.nth(1)
    await talk.stage.control.editMessage({
      chat: cast.channel,
      messageId: alert?.message_id ?? 0,
      text: 'beta costs 90',
    })
    expect(browser.read(await receiver.nth(2))).toMatchObject({
      title: 'What raised an alert in Prices was changed',
      body: '',
      link: null,
      address: `#/alerts/${alert?.id}`,
    })
    await talk.sentinel.api.deleteProfile(profileId)
  })

  it('knows a browser by its subscription, keeps that when other things change, and tells nobody of it', async () => {
    const made = await destinations.create(draft())
    expect(made).toMatchObject({ secrets_set: ['subscription'], subscription_id: subscriptionId(endpoint) })
    await expect(destinations.create(draft({ name: 'Twice' }))).rejects.toThrow(/409.*told already, by “My phone”/)
    const changed = await destinations.replace(made.id, {
      name: 'Renamed',
      target: { kind: 'web_push', discreet: true },
    })
    expect(changed.subscription_id).toBe(made.subscription_id)
    expect(await destinations.test(made.id)).toMatchObject({ delivered: true })
    expect(browser.read(await receiver.nth(1))).toMatchObject({
      title: 'A test of TG Sentinel',
      address: '#/deliveries',
    })
    expect(JSON.stringify([made, changed, await all(), await destinations.deliveries()])).not.toContain('capability')
  })

  it.each([
    ['none', {}],
    ['a point that is not on the curve', { subscription: { p256dh: `B${'A'.repeat(86)}` } }],
    ['a secret that is too short', { subscription: { auth: 'short' } }],
    ['a password in the address', { subscription: { endpoint: 'https://a:b@push.example.org/1' } }],
  ])('refuses a subscription that cannot be used: %s', async (_what, { subscription }: { subscription?: object }) => {
    const secrets = subscription && { ...browser.subscriptionAt(endpoint), ...subscription }
    const made = destinations.create(draft({ secrets: (secrets ? { subscription: secrets } : {}) as never }))
    await expect(made).rejects.toThrow('400')
  })

  it('is refused by the guard where an endpoint leads into the own network', async () => {
    const { id } = await destinations.create(
      draft({ secrets: { subscription: browser.subscriptionAt('https://192.168.7.7/push') } }),
    )
    expect(await destinations.test(id)).toMatchObject({
      delivered: false,
      message: expect.stringContaining('DELIVERY_ALLOW'),
    })
  })

  it.each([404, 410])(
    'is switched off where the browser is gone (%i), and the owner is told elsewhere',
    async (status) => {
      const hook = await destinations.create({
        name: 'Hook',
        target: { kind: 'webhook', url: `${receiver.url}/hook` },
        hears: { alerts: false },
      })
      const { id } = await destinations.create(draft())
      receiver.answer = ({ path }: Received) => ({ status: path === '/hook' ? 200 : status })
      await talk.post({ chat: cast.channel, text: TEXT })
      await destinations.settled(hook.id, 1)
      expect(receiver.received.at(-1)?.text).toContain('The browser is no longer subscribed')
      expect(await destinations.get(id)).toMatchObject({ state: 'gone', enabled: false, waiting: 1 })
      // The page subscribes anew: what waits goes there.
      receiver.answer = { status: 201 }
      const again = new PushBrowser()
      const subscription = again.subscriptionAt(`${endpoint}-anew`)
      await destinations.replace(id, draft({ secrets: { subscription } }))
      await destinations.settled(id, 1)
      expect(again.read(receiver.received.at(-1) as Received).body).toContain(TEXT)
    },
  )

  it('waits as long as a push service asks, and sends the same again under the same topic', async () => {
    const { id } = await destinations.create(draft())
    toAnswer(429, { 'Retry-After': '2' })
    await talk.post({ chat: cast.channel, text: TEXT })
    const first = await receiver.nth(1)
    toAnswer(201)
    await destinations.settled(id, 1)
    const second = await receiver.nth(2)
    expect(second.atMs - first.atMs).toBeGreaterThanOrEqual(1900)
    expect(second.headers['topic']).toBe(first.headers['topic'])
    expect(browser.read(second)).toEqual(browser.read(first))
  })

  it('says what to do where the key is refused, and gives up what is too large', async () => {
    const { id } = await destinations.create(draft())
    toAnswer(403)
    expect(await destinations.test(id)).toMatchObject({
      delivered: false,
      message: expect.stringMatching(/refuses our key \(403\).*open Deliveries in that browser/),
    })
    toAnswer(413)
    expect(await destinations.test(id)).toMatchObject({ message: 'It does not take this message (413).' })
  })

  it('keeps its key over a restart and an erasure, and tells no secret', async () => {
    const key = await publicKey()
    const { id } = await destinations.create(draft())
    await destinations.take('POST', '/api/data/erase', { confirm: 'erase' })
    const said = talk.sentinel.output
    await talk.sentinel.stop()
    talk.sentinel = await SentinelProcess.start({ dataDir: folder, env: { ...talk.stage.env, ...env() } })
    expect(await publicKey()).toBe(key)
    expect(await destinations.test(id)).toMatchObject({ delivered: true })
    const [{ value = '' } = {}] = talk.rows<{ value: string }>("SELECT value FROM settings WHERE name = 'push_keys'")
    const { privateKey } = JSON.parse(value) as { privateKey: string }
    const secrets = [privateKey, 'capability', ...Object.values(browser.subscriptionAt(endpoint))]
    expect(said).toContain('delivered')
    for (const secret of secrets) expect(said + talk.sentinel.output).not.toContain(secret)
  })
})
