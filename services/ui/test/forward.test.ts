import { createServer } from 'node:net'
import { refuse, reply as answer, sampleAlert, TOKEN } from './fake-sentinel'
import { UiHarness } from './ui-harness'

let ui: UiHarness
beforeEach(async () => {
  ui = await UiHarness.start({}, { callMs: 300 })
  await ui.setUp()
})
afterEach(() => ui.stop())

test('what the sentinel documents is passed on as it is, without what is the browser’s own', async () => {
  ui.sentinel.alerts = [sampleAlert(2), sampleAlert(1)]
  const { status, body } = await ui.get('/api/alerts?limit=1&q=zero%20day', {
    'X-Request-Id': 'abc',
    'User-Agent': 'secret',
  })
  expect([status, body]).toEqual([
    200,
    { status: 'ok', data: { alerts: [sampleAlertLike(2)], next_cursor: '1' }, error: null },
  ])
  const heard = ui.sentinel.heard.at(-1)
  expect(heard?.url).toBe('/api/alerts?limit=1&q=zero%20day')
  expect(heard?.headers).toEqual({
    accept: 'application/json',
    authorization: `Bearer ${TOKEN}`,
    connection: 'close',
    host: expect.any(String),
    'x-actor': 'page',
    'x-request-id': 'abc',
  })
})

function sampleAlertLike(id: number) {
  return { ...sampleAlert(id), posted_at: expect.any(String), created_at: expect.any(String) }
}

test('a change goes there with its body, and its reply comes back', async () => {
  ui.sentinel.alerts = [sampleAlert(1)]
  const { status, body } = await ui.send('PATCH', '/api/alerts/1', { json: { starred: true } })
  expect([status, body.data]).toEqual([200, { ...sampleAlertLike(1), starred: true }])
  expect((await ui.send('PATCH', '/api/alerts/9', { json: { starred: true } })).body).toMatchObject({
    code: 'NOT_FOUND',
    message: 'There is no alert 9.',
  })
})

test('what may have changed something is noted by its operation and status, with nothing of its body', async () => {
  ui.sentinel.answers.set('PUT /api/telegram/app', (_heard, response) =>
    refuse(response, 409, 'APP_SET_BY_ENVIRONMENT', 'The environment sets it.'),
  )
  const json = { api_id: 1, api_hash: 'a'.repeat(32) }
  expect((await ui.send('PUT', '/api/telegram/app', { json })).body.code).toBe('APP_SET_BY_ENVIRONMENT')
  ui.sentinel.answers.clear()
  expect((await ui.send('PUT', '/api/telegram/app', { json })).status).toBe(200)
  await ui.get('/api/alerts')
  await ui.post('/api/session/import', { session_data: 'QUJD' })
  ui.sentinel.answers.set('POST /api/session/import', () => undefined)
  expect((await ui.post('/api/session/import', { session_data: 'QUJD' })).status).toBe(504)
  expect((await ui.post('/api/session/import', { session_data: 'A'.repeat(20_000_000) })).status).toBe(413)
  const entries = (await ui.get('/api/audit')).body.data['entries'] as unknown as { action: string; detail: string }[]
  expect(entries.filter(({ action }) => action === 'operation_forwarded').map(({ detail }) => detail)).toEqual([
    'importSession 413',
    'importSession 504',
    'importSession 200',
    'putTelegramApp 200',
    'putTelegramApp 409',
  ])
})

test('a body beyond the bound is refused', async () => {
  const reply = await ui.send('PATCH', '/api/alerts/1', { json: { read: 'x'.repeat(600_000) } })
  expect([reply.status, reply.body.code]).toEqual([413, 'PAYLOAD_TOO_LARGE'])
})

test.each([
  ['is not JSON', '<html>', 'text/html'],
  ['is no envelope', '{"a":1}', 'application/json'],
  ['is half', '{"status":"ok","da', 'application/json'],
])('a reply that %s is a bad gateway', async (_what, text, type) => {
  ui.sentinel.answers.set(
    'GET /api/profiles',
    (_heard, response) => void response.writeHead(200, { 'Content-Type': type }).end(text),
  )
  const reply = await ui.get('/api/profiles')
  expect([reply.status, reply.body.code]).toEqual([502, 'SENTINEL_BAD_REPLY'])
})

test('a refused token is told as such', async () => {
  ui.sentinel.answers.set('GET /api/profiles', (_heard, response) =>
    refuse(response, 401, 'UNAUTHORIZED', 'A valid token is needed.'),
  )
  const reply = await ui.get('/api/profiles')
  expect([reply.status, reply.body.code]).toEqual([502, 'SENTINEL_REFUSED_TOKEN'])
})

test('a hanging sentinel, before and in the midst of its reply, is a timeout', async () => {
  ui.sentinel.answers.set('GET /api/profiles', () => undefined)
  expect((await ui.get('/api/profiles')).body.code).toBe('SENTINEL_TIMEOUT')
  ui.sentinel.answers.set(
    'GET /api/profiles',
    (_heard, response) => void response.writeHead(200, { 'Content-Type': 'application/json' }).write('{'),
  )
  expect((await ui.get('/api/profiles')).status).toBe(504)
})

test('an absent sentinel, and something that speaks no HTTP, are told apart', async () => {
  await ui.sentinel.stop()
  expect((await ui.get('/api/profiles')).body.code).toBe('SENTINEL_UNREACHABLE')
  const babbler = createServer((socket) =>
    socket
      .on('error', () => undefined)
      .resume()
      .end('SSH-2.0-babble\r\n'),
  )
  await new Promise<void>((resolve) => babbler.listen(Number(new URL(ui.sentinel.baseUrl).port), '127.0.0.1', resolve))
  expect((await ui.get('/api/profiles')).body.code).toBe('SENTINEL_WRONG_ADDRESS')
  await new Promise((resolve) => babbler.close(resolve))
})

const PHOTO = Buffer.from('ffd8ffe000104a464946', 'hex')

test('a photo comes with its ETag, and is not sent again to who has it', async () => {
  ui.sentinel.answers.set('GET /api/telegram/chats/-100/photo', ({ headers }, response) => {
    const known = headers['if-none-match'] === '"7"'
    response.setHeader('ETag', '"7"').setHeader('Cache-Control', 'private, no-cache')
    if (known) response.writeHead(304).end()
    else response.writeHead(200, { 'Content-Type': 'image/jpeg' }).end(PHOTO)
  })
  const fetchPhoto = (headers: Record<string, string>) =>
    fetch(`${ui.origin}/api/telegram/chats/-100/photo`, { headers: { Cookie: ui.cookie, ...headers } })
  const photo = await fetchPhoto({})
  expect([photo.status, photo.headers.get('content-type'), photo.headers.get('etag')]).toEqual([
    200,
    'image/jpeg',
    '"7"',
  ])
  expect(photo.headers.get('cache-control')).toBe('private, no-cache')
  expect(Buffer.from(await photo.arrayBuffer())).toEqual(PHOTO)
  expect(ui.sentinel.heard.at(-1)?.headers.accept).toBe('image/jpeg, application/json')
  const known = await fetchPhoto({ 'If-None-Match': '"7"' })
  expect([known.status, await known.text()]).toEqual([304, ''])
})

test('a picture where the contract has none is a bad gateway', async () => {
  ui.sentinel.answers.set(
    'GET /api/profiles',
    (_heard, response) => void response.writeHead(200, { 'Content-Type': 'image/jpeg' }).end(PHOTO),
  )
  expect((await ui.get('/api/profiles')).body.code).toBe('SENTINEL_BAD_REPLY')
})

test('how long Telegram asks to wait comes through', async () => {
  ui.sentinel.answers.set('POST /api/session/sign-in', (_heard, response) => {
    response.setHeader('Retry-After', '31')
    refuse(response, 429, 'FLOOD_WAIT', 'Telegram asks to wait 31 seconds.')
  })
  const reply = await ui.post('/api/session/sign-in', { phone: '+12025550143' })
  expect([reply.status, reply.body.code, reply.headers.get('retry-after')]).toEqual([429, 'FLOOD_WAIT', '31'])
})

test('a relay has its time to wait for replies, longer than any other call', async () => {
  ui.sentinel.answers.set(
    'POST /api/telegram/relay',
    (_heard, response) => void setTimeout(() => answer(response, { replies: [] }), 600),
  )
  expect((await ui.post('/api/telegram/relay', { chat: 'me', text: 'a' })).status).toBe(200)
})

test('what is done to an alert fills no log', async () => {
  ui.sentinel.alerts = [sampleAlert(1)]
  await ui.send('PATCH', '/api/alerts/1', { json: { read: true } })
  await ui.send('PUT', '/api/telegram/watch', { json: { mode: 'all' } })
  const entries = (await ui.get('/api/audit')).body.data['entries'] as unknown as { action: string; detail: string }[]
  const forwarded = entries.filter(({ action }) => action === 'operation_forwarded')
  expect(forwarded.map(({ detail }) => detail)).toEqual(['putWatch 404'])
})
