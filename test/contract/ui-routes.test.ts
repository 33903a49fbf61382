import { answerToken } from '../support/answer-tokens'
import { request as httpRequest } from 'node:http'
import type { components } from '../../openapi/generated/sentinel'
import { contractOf, targetWith, type Operation } from '../support/openapi'
import { TOKEN } from '../support/sentinel-process'
import { SignInStage } from '../support/sign-in-stage'
import { APP, TelegramStage } from '../support/telegram-stage'
import { until } from '../support/until'
import type { ContractCall } from './contract-call'
import { ALLOWED_NOBODY, TelegramCalls } from './telegram-calls'
import { forwardedCalls, PROFILE } from './ui-calls'
import { formWith, type Sent, type UiReply } from './ui-client'
import { forwarded } from './ui-forwarded'
import { UiStage, verdictOf } from './ui-stage'

const own = contractOf('ui')
const sentinel = contractOf('sentinel')
const all = [...own.operations, ...forwarded]
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND']

let telegram: TelegramStage
let stage: UiStage
/** In front of the sentinel that signs in from nothing. */
let signingIn: UiStage
/** In front of one without a Telegram application. */
let withoutApp: UiStage
let signIn: SignInStage
let telegramCalls: TelegramCalls['calls']
let profileId: number
let alertId: number
let alertedPath: string

/** All by the ui: the application, the session, and what raises an alert. */
beforeAll(async () => {
  telegram = await TelegramStage.open()
  stage = await UiStage.open({ TG_DC_ALLOW: telegram.env['TG_DC_ALLOW'] ?? '', TG_SEND_ALLOW: ALLOWED_NOBODY })
  withoutApp = await UiStage.open()
  signIn = await SignInStage.open()
  signingIn = await UiStage.before(signIn.sentinel)
  const ask = (method: string, path: string, json?: unknown) => take(method, path, json === undefined ? {} : { json })
  telegramCalls = (await TelegramCalls.open(telegram, signIn, ask)).calls
  await take('PUT', '/api/telegram/app', { json: { api_id: Number(APP.TG_API_ID), api_hash: APP.TG_API_HASH } })
  profileId = Number((await take('POST', '/api/profiles', { json: PROFILE })).data['id'])
  await take('POST', '/api/session/upload', formWith(await telegram.sessionBytes()))
  await telegram.signedIn(stage.sentinel)
  const { chat } = await telegram.control.createChannel({ title: 'News' })
  await telegram.control.postMessage({ chat, text: 'a contract' })
  const alert = await until('the alert', async () => {
    const alerts = (await take('GET', '/api/alerts')).data['alerts'] as components['schemas']['Alert'][]
    return alerts[0]
  })
  alertId = alert.id
  alertedPath = `/api/messages/${alert.chat.id}/${alert.message_id}`
})

afterEach(async () => {
  for (const one of [stage, signingIn, withoutApp]) await one.expectUnharmed()
})

afterAll(async () => {
  for (const one of [stage, signingIn, withoutApp]) await one.close()
  await signIn.close()
  await telegram.close()
})

async function take(method: string, target: string, sent: Sent = {}): Promise<UiReply['body']> {
  const { status, text, body } = await stage.client.owner(method, target, sent)
  if (status >= 300) throw new Error(`${method} ${target} -> ${status} ${text}`)
  return body
}

const FORWARDED = forwardedCalls(() => ({
  ...{ telegram, profileId, alertId, alertedPath, take },
  answerToken: () => answerToken(stage.sentinel.databasePath, { alertId, answer: 'snooze' }),
}))

/** A call of TelegramCalls as a browser makes it. */
function asSent({ path, query = {}, json, body, headers = {} }: ContractCall, operation: Operation): [string, Sent] {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) search.set(name, String(value))
  const sent = {
    headers,
    ...(json === undefined ? {} : { json }),
    ...(body === undefined ? {} : { body: body as string }),
  }
  return [`${path ?? operation.path}${search.size > 0 ? `?${search}` : ''}`, sent]
}

describe('what the sentinel documents and the ui does not', () => {
  const simple = forwarded.filter(({ id }) => FORWARDED[id])

  it.each(simple.map((operation) => [operation.id, operation] as const))(
    '%s is forwarded for the owner, and succeeds as the sentinel documents it',
    async (id, { method }) => {
      const [target, sent] = (await FORWARDED[id]?.()) ?? ['']
      const before = stage.tap.count
      const { status, text } = await stage.client.owner(method, target, sent)
      expect([status < 300, text]).toEqual([true, expect.any(String)])
      expect(stage.tap.count).toBe(before + 1)
    },
  )

  // 401 is what the ui says to strangers (ui-access.test.ts), or a token of its own that the sentinel refuses.
  const asking = forwarded.flatMap((operation) => {
    if (FORWARDED[operation.id]) return []
    const statuses = Object.keys(operation.responses).map(Number)
    return statuses.filter((status) => status !== 401).map((status) => [operation.id, status, operation] as const)
  })

  it.each(asking)(
    '%s is forwarded for the owner, and answers %i where it is documented',
    async (id, status, operation) => {
      const prepare = telegramCalls[id]?.[status]
      if (!prepare) throw new Error(`No call is known that makes ${id} answer ${status}`)
      const call = await prepare()
      const { client, tap } = call.signingIn ? signingIn : call.withoutApp ? withoutApp : stage
      const before = tap.count
      const { status: told, text, headers } = await client.owner(operation.method, ...asSent(call, operation))
      expect([told, text]).toEqual([status, expect.any(String)])
      // A body that is too large is refused by the ui itself.
      expect(tap.count).toBe(status === 413 ? before : before + 1)
      if (status === 429) expect(Number(headers['retry-after'])).toBeGreaterThan(0)
    },
  )

  it('has no call here that is not documented', () => {
    const called = [...Object.keys(FORWARDED), ...Object.keys(telegramCalls).filter((id) => id !== 'getMetrics')]
    expect(called.sort()).toEqual(forwarded.map(({ id }) => id).sort())
  })

  it('is not forwarded where it is not under /api: the metrics here are the ui’s own', async () => {
    expect(sentinel.operations.filter(({ path }) => !path.startsWith('/api/')).map(({ id }) => id)).toEqual([
      'getMetrics',
    ])
    expect((await stage.sentinel.api.request('GET', '/metrics')).status).toBe(200)
    const before = stage.tap.count
    for (const headers of [stage.client.asOwner, stage.client.asProgram]) {
      const { status, text } = await stage.client.send('GET', '/metrics', { headers })
      expect([status, text]).toEqual([200, expect.stringContaining('tgsentinel_ui_sentinel_reachable 1')])
      expect(text).not.toContain('tgsentinel_telegram_connected')
    }
    expect(stage.tap.count).toBe(before)
  })
})

describe('a backup', () => {
  it('comes through byte for byte, under its name; who asks for the head gets no more', async () => {
    const [path = ''] = (await FORWARDED['readBackup']?.()) ?? []
    const source = await fetch(new URL(path, stage.sentinel.baseUrl), { headers: { Authorization: `Bearer ${TOKEN}` } })
    const bytes = Buffer.from(await source.arrayBuffer())
    const reply = await stage.client.owner('GET', path)
    const head = await stage.client.owner('HEAD', path)
    expect([reply.status, reply.bytes.equals(bytes), head.status, head.bytes.length]).toEqual([200, true, 200, 0])
    expect(reply.headers).toMatchObject({
      'content-type': 'application/gzip',
      'content-length': String(bytes.length),
      'content-disposition': `attachment; filename="${path.split('/').at(-1)}"`,
    })
  })
})

describe('a photo', () => {
  it('comes through with its bytes and its ETag, and is not sent again to who has it', async () => {
    const { path = '' } = (await telegramCalls['getChatPhoto']?.[200]?.()) ?? {}
    const source = await fetch(new URL(path, stage.sentinel.baseUrl), { headers: { Authorization: `Bearer ${TOKEN}` } })
    const bytes = Buffer.from(await source.arrayBuffer())
    const etag = source.headers.get('etag') ?? ''
    expect([bytes.length > 0, etag]).toEqual([true, expect.stringMatching(/^"\w+"$/)])
    const photo = (method: string, known?: string) =>
      stage.client.owner(method, path, known === undefined ? {} : { headers: { 'If-None-Match': known } })
    const type = 'image/jpeg'
    for (const reply of [await photo('GET'), await photo('GET', '"another"')]) {
      expect([reply.status, reply.headers]).toEqual([200, expect.objectContaining({ etag, 'content-type': type })])
      expect(reply.bytes.equals(bytes)).toBe(true)
    }
    const head = await photo('HEAD')
    expect([head.status, head.headers['etag'], head.headers['content-type'], head.bytes.length]).toEqual([
      200,
      etag,
      type,
      0,
    ])
    for (const known of [etag, `"another", ${etag}`, '*']) {
      const reply = await photo('GET', known)
      expect([known, reply.status, reply.headers['etag'], reply.bytes.length]).toEqual([known, 304, etag, 0])
    }
  })
})

describe('every documented path', () => {
  const paths = [...new Set(all.map(({ path }) => path))]
  const methodsOf = (path: string) => all.filter((one) => one.path === path).map(({ method }) => method)

  it.each(paths)('%s refuses each other method of the owner, and names those that are served', async (path) => {
    const allowed = methodsOf(path)
    const before = stage.tap.count
    for (const method of METHODS.filter((one) => !allowed.includes(one))) {
      const reply = await stage.client.owner(method, targetWith({ path }, '1'))
      expect([method, ...verdictOf(reply), reply.headers['allow']]).toEqual([
        method,
        405,
        'METHOD_NOT_ALLOWED',
        allowed.join(', '),
      ])
    }
    expect(stage.tap.count).toBe(before)
  })

  it('answers HEAD like GET, without a body', async () => {
    for (const { id, path } of all.filter(({ method, responses }) => method === 'GET' && isJson(responses))) {
      const call = await telegramCalls[id]?.[200]?.()
      const target = call?.path ?? targetWith({ path }, String(alertId))
      const [head, get] = [await stage.client.owner('HEAD', target), await stage.client.owner('GET', target)]
      expect([target, head.status, head.text]).toEqual([target, get.status, ''])
    }
  })
})

function isJson(responses: Record<string, object>): boolean {
  return Object.keys(responses['200'] ?? {}).includes('application/json')
}

describe('a path that neither documents', () => {
  const isDocumented = (path: string) => all.some(({ pattern }) => pattern.test(path))
  const paths = [...new Set(all.map((operation) => targetWith(operation, '1')))].filter((path) =>
    path.startsWith('/api/'),
  )
  const asides = [
    (path: string) => `${path}/`,
    (path: string) => `${path}/nothing`,
    (path: string) => `${path}x`,
    (path: string) => path.toUpperCase(),
  ]
  // One way beside each path, in turn: the same code refuses them all.
  const siblings = paths.flatMap((path, index) => asides[index % asides.length]?.(path) ?? [])
  const known = ['/api', '/api/', '/api/docs', '/api/metrics', '/api/openapi.json', '/api/events/1', '/api/session']
  const nowhere = [...new Set([...siblings, ...known])].filter((path) => !isDocumented(path))

  it.each(nowhere)('%s does not exist for the owner and is closed to strangers', async (path) => {
    const before = stage.tap.count
    for (const method of METHODS) {
      const { origin } = stage.client
      const stranger = await stage.client.send(method, path, { headers: { Origin: origin } })
      expect([method, ...verdictOf(stranger)]).toEqual([method, 401, 'UNAUTHORIZED'])
      expect([method, ...verdictOf(await stage.client.owner(method, path))]).toEqual([method, 404, 'NOT_FOUND'])
    }
    expect(stage.tap.count).toBe(before)
  })

  it.each([
    '/health',
    '/metrics/',
    '/metricsx',
    '/METRICS',
    '/index.php',
    '/api.json',
    '/apix',
    '/.env',
    '/main.js.map',
  ])('%s beside the API is nothing, for anybody', async (path) => {
    for (const method of METHODS) {
      expect(verdictOf(await stage.client.send(method, path))).toEqual([404, 'NOT_FOUND'])
      expect(verdictOf(await stage.client.owner(method, path))).toEqual([404, 'NOT_FOUND'])
    }
  })

  it('is no tunnel', async () => {
    const ended = await new Promise((resolve) => {
      const target = { host: '127.0.0.1', port: stage.ui.port, method: 'CONNECT', path: 'example.org:443' }
      const outgoing = httpRequest({ ...target, headers: stage.client.asOwner })
      outgoing.on('connect', ({ statusCode }, socket) => resolve(socket.destroy() && statusCode))
      outgoing.on('error', () => resolve('closed'))
      outgoing.end()
    })
    expect(ended).toBe('closed')
  })
})
