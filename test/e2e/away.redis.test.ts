import { Conversation, usualCast } from '../support/conversation'
import { RedisProcess } from '../support/redis-process'
import { until } from '../support/until'

describe('with Redis', () => {
  let redis: RedisProcess
  let talk: Conversation
  let cast: Awaited<ReturnType<typeof usualCast>>
  const heard: { channel: string; payload: Record<string, unknown>; text: string }[] = []

  beforeAll(async () => {
    redis = await RedisProcess.start()
    const subscriber = redis.client()
    subscriber.on('message', (channel, text) =>
      heard.push({ channel, text, payload: JSON.parse(text) as Record<string, unknown> }),
    )
    await subscriber.subscribe('tgsentinel:session_updated', 'tgsentinel:alerts')
    const env = { ...redis.env, LOG_LEVEL: 'debug' }
    ;({ talk, cast } = await Conversation.open(usualCast, { env }))
  })

  afterAll(async () => {
    await talk.close()
    await redis.close()
  })

  const payloadsOf = (channel: string) =>
    heard.filter((message) => message.channel === channel).map(({ payload }) => payload)

  async function workerStatus(): Promise<Record<string, unknown> | false> {
    const text = await redis.client().get('tgsentinel:worker_status')
    return text !== null && (JSON.parse(text) as Record<string, unknown>)
  }

  const isUp = () => until('redis to be up', async () => (await talk.sentinel.api.status()).redis === 'up')

  it('tells other programs of the worker, for a minute at a time', async () => {
    await isUp()
    const status = await until("the worker's status", async () => {
      const current = await workerStatus()
      return current && current['connected'] === true && current
    })
    expect(status).toEqual({
      authorized: true,
      connected: true,
      status: 'signed_in',
      ts: expect.stringMatching(/^\d{4}-.*Z$/),
      user_id: talk.stage.account.id,
      session_generation: 1,
    })
    const ttl = await redis.client().ttl('tgsentinel:worker_status')
    expect(ttl).toBeGreaterThan(0)
    expect(ttl).toBeLessThanOrEqual(60)
  })

  it('tells of imports and sign-ins', async () => {
    const { generation } = await talk.sentinel.api.importSession(await talk.stage.sessionBytes())
    const events = () => payloadsOf('tgsentinel:session_updated').filter((event) => event['generation'] === generation)
    await until('both events', () => events().length === 2)
    const timestamp = expect.any(String)
    expect(events()).toEqual([
      { event: 'session_imported', generation, timestamp },
      { event: 'session_authorized', generation, user_id: talk.stage.account.id, timestamp },
    ])
    await talk.stage.signedIn(talk.sentinel, generation)
  })

  it('rings for an alert by its id, and never says its text', async () => {
    await talk.sentinel.api.createProfile({ name: 'Alpha', keywords: { general: { words: ['alpha'] } } })
    const [alert] = await talk.alertsFor({ chat: cast.mara, text: 'alpha secretphrase' })
    await until('the ring', () => payloadsOf('tgsentinel:alerts').length > 0)
    expect(payloadsOf('tgsentinel:alerts')).toEqual([{ type: 'alert', id: alert?.id }])
    expect(heard.map(({ text }) => text).join()).not.toMatch(/secretphrase|Mara/)
    // Who there is stands in the original's caches alone; what was written, nowhere.
    const named = ['tgsentinel:cached_channels', 'tgsentinel:cached_users', 'tgsentinel:user_info']
    const keys = await redis.client().keys('*')
    const values = await Promise.all(keys.map((key) => redis.client().get(key)))
    expect(values.join()).not.toMatch(/secretphrase/)
    expect(values.filter((_value, index) => !named.includes(keys[index] ?? '')).join()).not.toMatch(/Mara|alexmorgan/)
    expect(talk.sentinel.output).not.toMatch(/secretphrase/)
  })

  it('goes on without it when it dies, says so, and picks it up again', async () => {
    await redis.crash()
    await until('redis to be down', async () => (await talk.sentinel.api.status()).redis === 'down')
    expect(await talk.alertsFor({ chat: cast.mara, text: 'alpha while redis is away' })).toHaveLength(1)
    expect(await talk.sentinel.api.status()).toMatchObject({ connected: true, storage: 'ok' })
    await redis.start()
    await isUp()
    expect(await talk.alertsFor({ chat: cast.mara, text: 'alpha after redis came back' })).toHaveLength(1)
    await until("the worker's status in the new Redis", workerStatus)
  })

  it('starts and stops without it', async () => {
    await redis.crash()
    const { stage } = talk
    await talk.sentinel.stop()
    const alone = (await Conversation.open(usualCast, { env: redis.env })).talk
    expect((await alone.sentinel.api.status()).redis).toBe('down')
    await alone.close()
    await redis.start()
    talk = (await Conversation.open(usualCast, { env: redis.env })).talk
    await isUp()
    await stage.close()
  })
})
