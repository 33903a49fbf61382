import { RedisDelegate } from '../support/redis-delegate'
import { RedisProcess } from '../support/redis-process'
import { TOKEN } from '../support/sentinel-process'
import { SignInStage } from '../support/sign-in-stage'
import { until } from '../support/until'

const PHONE = '+12025550143'

describe('delegation through Redis', () => {
  let redis: RedisProcess
  let stage: SignInStage
  let program: RedisDelegate
  let channel: number
  const heard: Record<string, unknown>[] = []

  beforeAll(async () => {
    redis = await RedisProcess.start()
    stage = await SignInStage.open(redis.env)
    program = new RedisDelegate(redis.client(), TOKEN)
    await stage.control.createAccount({
      firstName: 'Alex',
      username: 'alexmorgan',
      phone: PHONE,
      password: 'secret',
      hint: 'animal',
    })
    channel = (await stage.control.createSupergroup({ title: 'News', username: 'newsroom' })).chat
    await stage.control.addParticipants({ chat: channel, count: 7 })
    const subscriber = redis.client()
    subscriber.on('message', (_channel, text) => heard.push(JSON.parse(text) as Record<string, unknown>))
    await subscriber.subscribe('tgsentinel:session_updated')
    await until('redis', async () => (await stage.sentinel.api.status()).redis === 'up')
  })

  afterAll(async () => {
    await stage.close()
    await redis.close()
  })

  it('refuses what needs a session while there is none', async () => {
    expect(await program.request('get_dialogs')).toMatchObject({ status: 'error', reason: 'NOT_SIGNED_IN' })
  })

  it('signs in: start, a wrong code, the code, the password', async () => {
    const started = await program.auth('start', { phone: PHONE })
    expect(started).toMatchObject({ status: 'ok', type: 'app', phone_code_hash: expect.any(String) as string })
    expect(started['timeout']).toBeGreaterThan(0)
    const hash = { phone: PHONE, phone_code_hash: started['phone_code_hash'] }
    expect(await program.auth('resend', hash)).toMatchObject({
      status: 'error',
      reason: 'RESEND_TOO_EARLY',
      retry_after: expect.any(Number) as number,
    })
    expect(await program.auth('verify', hash, { code: 'x' })).toMatchObject({
      status: 'error',
      reason: 'PHONE_CODE_INVALID',
    })
    const other = { ...hash, phone_code_hash: 'another' }
    expect(await program.auth('verify', other, { code: 'x' })).toMatchObject({ reason: 'PHONE_CODE_EXPIRED' })
    const { code } = await stage.control.lastCode({ phone: PHONE })
    expect(await program.auth('verify', { ...hash, code })).toMatchObject({
      status: 'error',
      reason: 'INVALID_REQUEST',
    })
    expect(await program.auth('verify', hash, { code })).toMatchObject({
      reason: 'PASSWORD_NEEDED',
      password_hint: 'animal',
    })
    expect(await program.auth('verify', hash, { password: 'wrong' })).toMatchObject({ reason: 'PASSWORD_INVALID' })
    expect(await program.auth('verify', hash, { password: 'secret' })).toMatchObject({
      status: 'ok',
      session_generation: 1,
    })
    expect(heard).toContainEqual(expect.objectContaining({ event: 'session_authorized', generation: 1 }))
    expect(await program.auth('cancel')).toMatchObject({ status: 'error', reason: 'NO_SIGN_IN' })
    expect(await program.auth('dance')).toMatchObject({ status: 'error', reason: 'INVALID_REQUEST' })
  })

  it('answers with dialogs, users and participants, as HTTP does', async () => {
    const { chats } = (await program.request('get_dialogs', { refresh: true })) as unknown as { chats: unknown[] }
    expect(chats).toContainEqual({ id: channel, name: 'News', type: 'supergroup', username: 'newsroom' })
    const people = await program.request('participant', { chat_id: '@newsroom', limit: 5 })
    expect(people).toMatchObject({ status: 'ok', next_offset: 5 })
    expect(people['participants']).toHaveLength(5)
    const users = await program.request('get_users')
    expect((users['users'] as { name: string }[]).map(({ name }) => name)).toContain('Person 1')
    expect(await program.request('participant', { chat_id: 'nonsense!' })).toMatchObject({ reason: 'INVALID_REQUEST' })
    expect(await program.request('participant', { chat_id: -100_999_999 })).toMatchObject({ status: 'error' })
  })

  it('sends a test message to the owner, and to nobody else', async () => {
    expect(await program.request('send_test_message')).toMatchObject({
      status: 'ok',
      message_id: expect.any(Number) as number,
    })
    expect(await program.request('send_test_message', { chat_id: channel })).toMatchObject({
      reason: 'SEND_NOT_ALLOWED',
    })
  })

  it('refuses an unknown request, an old one and a malformed one, and goes on', async () => {
    expect(await program.request('delete_everything')).toMatchObject({ status: 'error', reason: 'NOT_FOUND' })
    expect(await program.request('constructor')).toMatchObject({ status: 'error', reason: 'NOT_FOUND' })
    const old = { timestamp: Math.floor(Date.now() / 1000) - 3600 }
    expect(await program.request('get_users', old)).toMatchObject({ status: 'error', reason: 'INVALID_REQUEST' })
    const raw = redis.client()
    for (const text of ['', '[]', '{', 'null', '{"type":"../x","id":"y"}', '{"type":1}', 'x'.repeat(100_000)])
      await raw.rpush('tgsentinel:requests', text)
    await raw.rpush('tgsentinel:auth_queue', '{"action":"start"}', 'nonsense')
    expect(await program.request('get_users')).toMatchObject({ status: 'ok' })
  })

  it('does not do what was asked too long ago: the payload of a request expires before its ring', async () => {
    await stage.control.clearCalls()
    const raw = redis.client()
    for (const id of ['old-1', 'old-2'])
      await raw.rpush('tgsentinel:requests', JSON.stringify({ type: 'send_test_message', id }))
    expect(await program.request('get_users')).toMatchObject({ status: 'ok' })
    expect((await stage.control.calls()).calls.map(({ method }) => method)).not.toContain('messages.sendMessage')
  })

  it('lets answers and the word of the worker expire, and counts attempts', async () => {
    const id = await program.ask('get_users')
    await program.answerTo('get_users', id)
    const raw = redis.client()
    const ttls = await Promise.all(
      [
        `tgsentinel:response:get_users:${id}`,
        'tgsentinel:auth_responses',
        'tgsentinel:worker_status',
        'tgsentinel:rate_limit:sign_in_start',
      ].map((key) => raw.ttl(key)),
    )
    for (const [index, most] of [60, 120, 60, 600].entries()) {
      expect(ttls[index]).toBeGreaterThan(0)
      expect(ttls[index]).toBeLessThanOrEqual(most)
    }
    expect(await raw.exists(`tgsentinel:request:get_users:${id}`)).toBe(0)
    expect(Number(await raw.get('tgsentinel:rate_limit:sign_in_code'))).toBeGreaterThan(0)
  })

  it('keeps secrets out of Redis', async () => {
    const raw = redis.client()
    const keys = await raw.keys('*')
    const texts = await Promise.all(
      keys.map(async (key) => {
        const type = await raw.type(key)
        if (type === 'hash') return JSON.stringify(await raw.hgetall(key))
        return type === 'list' ? JSON.stringify(await raw.lrange(key, 0, -1)) : raw.get(key)
      }),
    )
    expect(texts.join()).not.toMatch(/secret|12025550143/)
  })

  it('goes on without Redis and takes it up again', async () => {
    await redis.crash()
    await until('redis to be down', async () => (await stage.sentinel.api.status()).redis === 'down')
    expect((await stage.sentinel.api.status()).connected).toBe(true)
    await stage.control.postMessage({ chat: channel, text: 'while Redis is away' })
    await until('the message', async () => (await stage.sentinel.api.stats()).total_messages > 0)
    expect((await stage.sentinel.api.request('GET', '/api/telegram/chats')).status).toBe(200)
    await redis.start()
    await until('redis to be up', async () => (await stage.sentinel.api.status()).redis === 'up')
    expect(await program.request('get_dialogs')).toMatchObject({ status: 'ok' })
    await until('the word of the worker', async () => (await redis.client().exists('tgsentinel:worker_status')) === 1)
  })

  it('tells of a flood in the word of the worker', async () => {
    await stage.control.floodWait({ method: 'channels.getParticipants', seconds: 300, times: 1 })
    expect(await program.request('participant', { chat_id: channel })).toMatchObject({
      reason: 'FLOOD_WAIT',
      retry_after: 300,
    })
    const status = await until(
      'the rate limit',
      async () => {
        const text = await redis.client().get('tgsentinel:worker_status')
        const word = JSON.parse(text ?? '{}') as { rate_limit?: { action: string; wait_seconds: number } }
        return word.rate_limit
      },
      30_000,
    )
    expect(status).toMatchObject({ action: 'channels.getParticipants' })
  })
})
