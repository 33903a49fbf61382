import { TOKEN } from './fake-sentinel'
import { PASSWORD, UiHarness } from './ui-harness'

const LOGIN = '/api/auth/login'
const SETUP = '/api/auth/setup'
const STRANGER = { Cookie: undefined, Authorization: undefined }

describe('signing in', () => {
  let ui: UiHarness
  let clock: number
  beforeEach(async () => {
    clock = Date.parse('2026-11-21T08:00:00Z')
    ui = await UiHarness.start({}, { now: () => clock })
  })
  afterEach(() => ui.stop())

  test('asks for a password first, and takes it once', async () => {
    expect((await ui.get('/api/auth')).body.data).toEqual({ setup_needed: true, signed_in: false })
    expect((await ui.post(LOGIN, { password: PASSWORD })).body.code).toBe('SETUP_NEEDED')
    expect((await ui.post(SETUP, { password: 'short' })).status).toBe(400)
    await ui.setUp()
    expect((await ui.get('/api/auth')).body.data).toEqual({ setup_needed: false, signed_in: true })
    const again = await ui.post(SETUP, { password: 'another password' })
    expect([again.status, again.body.code]).toEqual([409, 'ALREADY_SET_UP'])
  })

  test('lets one of many setups at once win', async () => {
    const replies = await Promise.all(
      [1, 2, 3, 4].map((n) => ui.post(SETUP, { password: `password ${n}` }, { Cookie: '' })),
    )
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409])
  })

  test('sets a cookie that scripts and other sites do not get', async () => {
    const { headers } = await ui.post(SETUP, { password: PASSWORD })
    expect(headers.get('set-cookie')).toMatch(
      /^session=[\w-]{43}\.[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax$/,
    )
  })

  test('refuses a wrong password, and after five of them makes the address wait, longer each time', async () => {
    await ui.setUp()
    const wrong = () => ui.post(LOGIN, { password: 'wrong' }, { Cookie: '' })
    for (let n = 0; n < 5; n += 1) expect((await wrong()).body.code).toBe('WRONG_PASSWORD')
    const refused = await wrong()
    expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).toEqual([
      429,
      'TOO_MANY_ATTEMPTS',
      '15',
    ])
    expect((await ui.post(LOGIN, { password: PASSWORD }, { Cookie: '' })).status).toBe(429)
    clock += 15_000
    expect((await wrong()).status).toBe(401)
    expect((await wrong()).headers.get('retry-after')).toBe('30')
    clock += 30_000
    expect((await ui.post(LOGIN, { password: PASSWORD }, { Cookie: '' })).status).toBe(200)
    const actions = ((await ui.get('/api/audit')).body.data['entries'] as unknown as { action: string }[]).map(
      ({ action }) => action,
    )
    expect(actions).toEqual([
      'signed_in',
      'sign_in_throttled',
      'sign_in_failed',
      'sign_in_throttled',
      ...Array(5).fill('sign_in_failed'),
      'password_set',
    ])
  })

  test('signs out, also another browser, and what is signed out stays out', async () => {
    await ui.setUp()
    const first = ui.cookie
    await ui.post(LOGIN, { password: PASSWORD })
    const sessions = (await ui.get('/api/auth/sessions')).body.data['sessions'] as unknown as {
      id: number
      current: boolean
    }[]
    expect(sessions.map(({ current }) => current)).toEqual([true, false])
    expect((await ui.send('DELETE', `/api/auth/sessions/${sessions[1]?.id}`)).body.data).toEqual({
      id: sessions[1]?.id,
    })
    expect((await ui.send('DELETE', `/api/auth/sessions/${sessions[1]?.id}`)).status).toBe(404)
    expect((await ui.get('/api/audit', { Cookie: first })).status).toBe(401)
    const second = ui.cookie
    expect((await ui.post('/api/auth/logout', undefined)).status).toBe(200)
    expect((await ui.get('/api/audit', { Cookie: second })).status).toBe(401)
  })

  test('changes the password for whoever knows it, and signs every other browser out', async () => {
    await ui.setUp()
    const other = ui.cookie
    await ui.post(LOGIN, { password: PASSWORD })
    const change = (current: string) => ui.post('/api/auth/password', { current, new: 'another long one' })
    expect((await change('wrong')).body.code).toBe('WRONG_PASSWORD')
    expect((await ui.get('/api/audit', { Cookie: other })).status).toBe(200)
    expect((await change(PASSWORD)).status).toBe(200)
    expect((await ui.get('/api/audit', { Cookie: other })).status).toBe(401)
    const entries = (await ui.get('/api/audit')).body.data['entries'] as unknown as { action: string }[]
    expect(entries.slice(0, 2).map(({ action }) => action)).toEqual(['password_changed', 'password_change_failed'])
    expect((await ui.post(LOGIN, { password: PASSWORD }, { Cookie: '' })).status).toBe(401)
    expect((await ui.post(LOGIN, { password: 'another long one' }, { Cookie: '' })).status).toBe(200)
  })

  test('leaves a password of the environment to the environment', async () => {
    await ui.ui.close()
    await ui.startUi({ UI_ADMIN_PASSWORD: PASSWORD })
    await ui.post(LOGIN, { password: PASSWORD })
    const reply = await ui.post('/api/auth/password', { current: PASSWORD, new: 'another long one' })
    expect([reply.status, reply.body.code]).toEqual([409, 'PASSWORD_SET_BY_ENVIRONMENT'])
  })

  test('renews the cookie that signs in, not another one of its name', async () => {
    await ui.setUp()
    const { headers } = await ui.get('/api/auth', { Cookie: `session=of.another; ${ui.cookie}` })
    expect(headers.get('set-cookie')?.split(';')[0]).toBe(ui.cookie)
  })

  test('forgets a browser that was away for thirty days', async () => {
    await ui.setUp()
    clock += 29 * 86_400_000
    expect((await ui.get('/api/audit')).status).toBe(200)
    clock += 29 * 86_400_000
    expect((await ui.get('/api/audit')).status).toBe(200)
    clock += 31 * 86_400_000
    expect((await ui.get('/api/audit')).status).toBe(401)
  })

  test('takes no cookie but its own', async () => {
    await ui.setUp()
    const [token, signature] = ui.cookie.slice('session='.length).split('.')
    for (const value of [
      '',
      'x',
      `${token}`,
      `${token}.`,
      `${signature}.${token}`,
      `${token}.${signature}.x`,
      `${token}.${'A'.repeat(43)}`,
    ]) {
      expect((await ui.get('/api/audit', { Cookie: `session=${value}` })).status).toBe(401)
    }
    expect((await ui.get('/api/audit', { Cookie: `a=b; session=x; ${ui.cookie}` })).status).toBe(200)
  })

  test('refuses null bytes and malformed bodies as a bad request', async () => {
    expect((await ui.post(SETUP, { password: 'null\0null\0null' })).status).toBe(400)
    const body = '{"password":'
    const reply = await ui.send('POST', SETUP, { body, headers: { 'Content-Type': 'application/json' } })
    expect([reply.status, reply.body.code]).toEqual([400, 'INVALID_JSON'])
    expect((await ui.send('POST', SETUP, { body: 'x', headers: { 'Content-Type': 'text/plain' } })).status).toBe(415)
  })
})

describe('who may come in', () => {
  let ui: UiHarness
  beforeAll(async () => {
    ui = await UiHarness.start()
    await ui.setUp()
  })
  afterAll(() => ui.stop())

  test.each([
    ['GET', '/api/audit'],
    ['GET', '/api/auth/sessions'],
    ['DELETE', '/api/auth/sessions/1'],
    ['POST', '/api/auth/logout'],
    ['POST', '/api/session/upload'],
    ['GET', '/api/events'],
    ['GET', '/api/status'],
    ['GET', '/api/alerts'],
    ['PUT', '/api/telegram/app'],
    ['DELETE', '/api/alerts'],
    ['GET', '/api/nothing'],
    ['GET', '/API/nothing'],
    ['GET', '/api/'],
    ['GET', '/api'],
  ])('a stranger gets 401 for %s %s', async (method, path) => {
    const reply = await ui.send(method, path, { headers: { ...STRANGER, Cookie: '' } })
    expect([reply.status, reply.body.code]).toEqual([401, 'UNAUTHORIZED'])
  })

  test('a stranger may ask whether it is there', async () => {
    expect((await ui.get('/api/health', { Cookie: '' })).body).toMatchObject({ status: 'ok', service: 'tgsentinel-ui' })
    expect((await ui.get('/api/auth', { Cookie: '' })).body.data).toEqual({ setup_needed: false, signed_in: false })
  })

  test('a token serves programs, but does not manage who is signed in', async () => {
    const token = { Authorization: `Bearer ${TOKEN}`, Cookie: '', Origin: undefined }
    expect((await ui.get('/api/status', token)).status).toBe(200)
    for (const path of ['/api/audit', '/api/auth/sessions']) {
      expect((await ui.get(path, token)).body.code).toBe('WRONG_SCOPE')
    }
    expect((await ui.get('/api/status', { ...token, Authorization: `Bearer ${TOKEN}x` })).status).toBe(401)
  })

  test.each([
    ['of another origin', { Origin: 'http://evil.example' }, 403],
    ['of the null origin', { Origin: 'null' }, 403],
    ['of another site', { Origin: undefined, 'Sec-Fetch-Site': 'cross-site' }, 403],
    ['of another subdomain', { 'Sec-Fetch-Site': 'same-site' }, 403],
    ['of a program, which has no header of a browser', { Origin: undefined }, 200],
    ['of the same origin', {}, 200],
    ['that the browser calls same-origin', { Origin: undefined, 'Sec-Fetch-Site': 'same-origin' }, 200],
  ])('an unsafe request with a cookie %s', async (_what, headers, expected) => {
    expect((await ui.post(LOGIN, { password: PASSWORD }, headers)).status).toBe(expected)
    const forwarded = await ui.send('PUT', '/api/telegram/app', {
      json: { api_id: 1, api_hash: 'a'.repeat(32) },
      headers,
    })
    expect(forwarded.status).toBe(expected)
  })

  test('a program without a cookie may sign in without saying whence it comes, another site may not', async () => {
    expect((await ui.post(LOGIN, { password: PASSWORD }, { Cookie: '', Origin: undefined })).status).toBe(200)
    expect((await ui.post(LOGIN, { password: PASSWORD }, { Cookie: '', Origin: 'http://evil.example' })).status).toBe(
      403,
    )
  })

  test('an unknown path is 404 and another method 405 for who is signed in', async () => {
    expect((await ui.get('/api/nothing')).body.code).toBe('NOT_FOUND')
    expect((await ui.get('/api/alerts/../status')).status).toBe(200)
    expect((await ui.get('/api/alerts/%2e%2e%2fstatus')).status).toBe(404)
    const reply = await ui.send('DELETE', '/api/alerts')
    expect([reply.status, reply.headers.get('allow')]).toEqual([405, 'GET'])
    expect((await ui.send('PUT', LOGIN)).status).toBe(405)
  })
})

describe('the environment', () => {
  test('its password wins, and a change of it signs every browser out', async () => {
    const ui = await UiHarness.start({ UI_ADMIN_PASSWORD: PASSWORD })
    expect((await ui.post(SETUP, { password: 'another one' })).status).toBe(409)
    expect((await ui.post(LOGIN, { password: PASSWORD })).status).toBe(200)
    await ui.ui.close()
    await ui.startUi({ UI_ADMIN_PASSWORD: PASSWORD })
    expect((await ui.get('/api/audit')).status).toBe(200)
    await ui.ui.close()
    await ui.startUi({ UI_ADMIN_PASSWORD: 'a new password' })
    expect((await ui.get('/api/audit')).status).toBe(401)
    expect((await ui.post(LOGIN, { password: 'a new password' })).status).toBe(200)
    await ui.stop()
  })

  test('a base path holds for routes and the cookie, a trusted proxy tells TLS and the address', async () => {
    const ui = await UiHarness.start({ BASE_PATH: '/sentinel', TRUST_PROXY: 'loopback' })
    const proxied = {
      'X-Forwarded-Proto': 'https',
      'X-Forwarded-For': '203.0.113.9',
      'X-Forwarded-Host': 'tg.example.org',
      Origin: 'https://tg.example.org',
    }
    const reply = await ui.post('/sentinel/api/auth/setup', { password: PASSWORD }, proxied)
    expect(reply.headers.get('set-cookie')).toMatch(/; Path=\/sentinel\/; .*; Secure$/)
    expect(reply.headers.get('strict-transport-security')).toContain('max-age')
    const { sessions } = (await ui.get('/sentinel/api/auth/sessions')).body.data as unknown as {
      sessions: { address: string }[]
    }
    expect(sessions[0]?.address).toBe('203.0.113.9')
    expect((await ui.get('/api/auth')).status).toBe(404)
    expect((await ui.get('/sentinel')).headers.get('location')).toBe('/sentinel/')
    await ui.stop()
  })
})
