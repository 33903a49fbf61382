import { randomUUID } from 'node:crypto'
import { RedisProcess } from '../support/redis-process'
import { SignInStage } from '../support/sign-in-stage'
import { until } from '../support/until'

const PHONE = '+12025550144'

interface Answer extends Record<string, unknown> {
  status?: string
  chats?: { id: number; name: string; type: string; username: string | null }[]
  users?: { id: number; name: string; bot: boolean }[]
}

/** The Redis servers that the original's programs may stand beside. */
const SERVERS: [string, string[]][] = [
  [
    'that lets notifications be switched on, and forgets by frequency',
    ['--maxmemory', '64mb', '--maxmemory-policy', 'allkeys-lfu'],
  ],
  ['that has no CONFIG', ['--rename-command', 'CONFIG', '']],
]

describe.each(SERVERS)('the keys of the original, at a Redis %s', (_name, settings) => {
  let redis: RedisProcess
  let stage: SignInStage
  let self: number
  let channel: number
  let person: number

  beforeAll(async () => {
    redis = await RedisProcess.start(...settings)
    stage = await SignInStage.open(redis.env)
    self = (await stage.control.createAccount({ firstName: 'Alex', username: 'alexmorgan', phone: PHONE })).id
    channel = (await stage.control.createSupergroup({ title: 'News', username: 'newsroom' })).chat
    person = (await stage.control.createUser({ firstName: 'Mara', username: 'mara' })).id
    await stage.control.postMessage({ chat: person, text: 'hello' })
    await stage.control.addParticipants({ chat: channel, count: 3 })
    await until('redis', async () => (await stage.sentinel.api.status()).redis === 'up')
  })

  afterAll(async () => {
    await stage.close()
    await redis.close()
  })

  const read = async (key: string) => JSON.parse((await redis.cli('GET', key)) || 'null') as Answer | null

  async function ask(request: string, response: string, payload: unknown): Promise<Answer> {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload)
    await redis.cli('SETEX', request, '60', text)
    return until(`an answer at ${response}`, () => read(response))
  }

  const askFor = (type: string, payload?: unknown) => {
    const id = randomUUID()
    const usual = { request_id: id, timestamp: Date.now() / 1000 }
    return ask(`tgsentinel:request:${type}:${id}`, `tgsentinel:response:${type}:${id}`, payload ?? usual)
  }

  it('SETEX alone is answered, also while nobody is signed in', async () => {
    expect(await askFor('get_dialogs')).toMatchObject({
      status: 'error',
      reason: 'NOT_SIGNED_IN',
      error: expect.stringContaining('Sign in') as string,
    })
    expect(await redis.cli('EXISTS', 'tgsentinel:cached_channels')).toBe('0')
  })

  it('a step of a sign-in in the list is taken, whatever the policy of forgetting', async () => {
    await redis.cli('RPUSH', 'tgsentinel:auth_queue', JSON.stringify({ action: 'dance', request_id: 'step-1' }))
    const answer = await until(
      'the answer',
      async () => (await redis.cli('HGET', 'tgsentinel:auth_responses', 'step-1')) || null,
    )
    expect(JSON.parse(answer)).toMatchObject({ status: 'error', reason: 'INVALID_REQUEST' })
    await stage.signIn(PHONE)
  })

  it('get_dialogs, telegram_users_request and telegram_chats_request are answered with chats and people', async () => {
    const dialogs = await askFor('get_dialogs')
    expect(dialogs.status).toBe('ok')
    expect(dialogs.chats).toContainEqual({ id: channel, name: 'News', type: 'supergroup', username: 'newsroom' })
    const users = await ask(
      'tgsentinel:telegram_users_request:1763287200000',
      'tgsentinel:telegram_users_response:1763287200000',
      {
        request_id: '1763287200000',
        type: 'users',
      },
    )
    expect(users.users).toContainEqual({ id: person, name: 'Mara', username: 'mara', phone: null, bot: false })
    const chats = await ask('tgsentinel:telegram_chats_request:7', 'tgsentinel:telegram_chats_response:7', {})
    expect(chats.status).toBe('ok')
  })

  it('participant_request is answered with chat, user and role, and kept for half an hour', async () => {
    const key = `tgsentinel:participant:${channel}:${self}`
    const answer = await ask(`tgsentinel:participant_request:${channel}:${self}`, key, {
      chat_id: channel,
      user_id: self,
      timestamp: new Date().toISOString(),
    })
    expect(answer).toMatchObject({
      chat: { id: channel, title: 'News', type: 'supergroup' },
      user: { id: self, username: 'alexmorgan' },
      participant: { role: expect.any(String) as string },
    })
    expect(Number(await redis.cli('TTL', key))).toBeGreaterThan(1700)
    const chat = await ask(`tgsentinel:participant_request:${channel}:chat`, `tgsentinel:participant:${channel}:chat`, {
      chat_id: channel,
      user_id: null,
    })
    expect(chat).toMatchObject({ chat: { id: channel }, status: 'ok' })
  })

  it('the caches say which chats and people there are, and whose session it is', async () => {
    const channels = (await until('cached_channels', () => read('tgsentinel:cached_channels'))) as unknown as unknown[]
    expect(channels).toContainEqual({ id: channel, name: 'News', type: 'supergroup', username: 'newsroom' })
    expect(await read('tgsentinel:cached_users')).toContainEqual(expect.objectContaining({ id: person, name: 'Mara' }))
    expect(await read('tgsentinel:user_info')).toMatchObject({
      user_id: self,
      username: 'alexmorgan',
      first_name: 'Alex',
    })
    expect(await redis.cli('GET', 'tgsentinel:cache_ready')).toBe('1')
    for (const name of ['cached_channels', 'cached_users', 'user_info'])
      expect(Number(await redis.cli('TTL', `tgsentinel:${name}`))).toBeGreaterThan(0)
  })

  it.each([
    ['blank', ' '],
    ['prose', 'nonsense'],
    ['a list', '[]'],
    ['null', 'null'],
    ['cut off', '{"request_id":'],
    ['too long', 'x'.repeat(70_000)],
  ])('a malformed request (%s) gets an error at the response key', async (_what, text) => {
    expect(await askFor('get_dialogs', text)).toMatchObject({ status: 'error', reason: 'INVALID_REQUEST' })
  })

  it('an unknown request, an old one and a strange id get an error, too', async () => {
    expect(await askFor('delete_everything')).toMatchObject({ status: 'error', reason: 'NOT_FOUND' })
    expect(await askFor('get_users', { timestamp: 1_600_000_000 })).toMatchObject({ reason: 'INVALID_REQUEST' })
    const strange = await ask('tgsentinel:request:get_users:a b', 'tgsentinel:response:get_users:a b', {})
    expect(strange).toMatchObject({ status: 'error', reason: 'INVALID_REQUEST' })
    const someone = await ask('tgsentinel:participant_request:x:y', 'tgsentinel:participant:x:y', { chat_id: 'x' })
    expect(someone).toMatchObject({ status: 'error', reason: 'INVALID_REQUEST' })
    expect(Number(await redis.cli('TTL', 'tgsentinel:participant:x:y'))).toBeLessThanOrEqual(60)
  })

  it('each request is answered once, by key and by ring', async () => {
    await stage.control.clearCalls()
    const id = randomUUID()
    await redis.cli('SETEX', `tgsentinel:request:send_test_message:${id}`, '60', '{}')
    await redis.cli('RPUSH', 'tgsentinel:requests', JSON.stringify({ type: 'send_test_message', id }))
    await until('the answer', () => read(`tgsentinel:response:send_test_message:${id}`))
    expect(await askFor('get_users')).toMatchObject({ status: 'ok' })
    const { calls } = await stage.control.calls()
    expect(calls.filter(({ method }) => method === 'messages.sendMessage')).toHaveLength(1)
  })

  it('what was asked for while the sentinel was away is answered at its start, and an old step of a sign-in is refused', async () => {
    await stage.sentinel.stop()
    await redis.cli('SETEX', 'tgsentinel:request:get_dialogs:meanwhile', '60', '{"request_id":"meanwhile"}')
    await redis.cli('DEL', 'tgsentinel:auth_served')
    await redis.cli('RPUSH', 'tgsentinel:auth_queue', '{"action":"start","request_id":"old","phone":"+1"}', '{}')
    await stage.start()
    await until('the answer', () => read('tgsentinel:response:get_dialogs:meanwhile'))
    const refused = await until(
      'the refusal',
      async () => (await redis.cli('HGET', 'tgsentinel:auth_responses', 'old')) || null,
    )
    expect(JSON.parse(refused)).toMatchObject({ status: 'error', reason: 'INVALID_REQUEST' })
    expect(await askFor('get_dialogs')).toMatchObject({ status: 'ok' })
  })

  it('Redis may be started anew: it is told of the session again, and requests are found', async () => {
    await redis.crash()
    await until('redis to be down', async () => (await stage.sentinel.api.status()).redis === 'down')
    await redis.start()
    await until('the caches', () => read('tgsentinel:user_info'))
    expect(await askFor('get_dialogs')).toMatchObject({ status: 'ok' })
  })

  it('our own limit on attempts shows in worker_status', async () => {
    for (let attempt = 0; attempt < 20; attempt++) await stage.step('', { phone: '+12025550199' })
    const limited = await until('the limit', async () => (await read('tgsentinel:worker_status'))?.['rate_limit'])
    expect(limited).toMatchObject({ action: 'sign_in_start', wait_until: expect.any(String) as string })
  })

  it('the caches are gone once nobody is signed in', async () => {
    await stage.sentinel.api.request('POST', '/api/session/sign-out')
    await until(
      'no caches',
      async () => (await redis.cli('EXISTS', 'tgsentinel:cached_channels', 'tgsentinel:user_info')) === '0',
    )
  })
})
