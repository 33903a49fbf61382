import { request as httpRequest } from 'node:http'
import { contractOf } from '../support/openapi'
import { APP, TelegramStage } from '../support/telegram-stage'
import { until } from '../support/until'
import { formWith, type Sent, type UiReply } from './ui-client'
import { UiStage, verdictOf } from './ui-stage'

const own = contractOf('ui')
const ownPaths = new Set(own.operations.map(({ path }) => path))
const forwarded = contractOf('sentinel').operations.filter(({ path }) => !ownPaths.has(path))
const all = [...own.operations, ...forwarded]
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND']
const PROFILE = { name: 'Routes', min_score: 1, keywords: { general: { words: ['contract'] } } }

let telegram: TelegramStage
let stage: UiStage
let profileId: number
let alertId: number

/** All by the ui: the application, the session, and what raises an alert. */
beforeAll(async () => {
  telegram = await TelegramStage.open()
  stage = await UiStage.open({ TG_DC_ALLOW: telegram.env['TG_DC_ALLOW'] ?? '' })
  await take('PUT', '/api/telegram/app', { json: { api_id: Number(APP.TG_API_ID), api_hash: APP.TG_API_HASH } })
  profileId = Number((await take('POST', '/api/profiles', { json: PROFILE })).data['id'])
  await take('POST', '/api/session/upload', formWith(await telegram.sessionBytes()))
  await telegram.signedIn(stage.sentinel)
  const { chat } = await telegram.control.createChannel({ title: 'News' })
  await telegram.control.postMessage({ chat, text: 'a contract' })
  alertId = await until('the alert', async () => {
    const alerts = (await take('GET', '/api/alerts')).data['alerts'] as { id: number }[]
    return alerts[0]?.id
  })
})

afterEach(() => stage.expectUnharmed())

afterAll(async () => {
  await stage.close()
  await telegram.close()
})

async function take(method: string, target: string, sent: Sent = {}): Promise<UiReply['body']> {
  const { status, text, body } = await stage.client.owner(method, target, sent)
  if (status >= 300) throw new Error(`${method} ${target} -> ${status} ${text}`)
  return body
}

const app = { json: { api_id: Number(APP.TG_API_ID), api_hash: APP.TG_API_HASH } }

/** A call of each forwarded operation that succeeds. */
const FORWARDED: Record<string, () => [target: string, sent?: Sent] | Promise<[target: string, sent?: Sent]>> = {
  getStatus: () => ['/api/status'],
  importSession: async () => ['/api/session/import', formWith(await telegram.sessionBytes())],
  putTelegramApp: () => ['/api/telegram/app', app],
  listProfiles: () => ['/api/profiles'],
  createProfile: () => ['/api/profiles', { json: { ...PROFILE, name: 'Another' } }],
  getProfile: () => [`/api/profiles/${profileId}`],
  replaceProfile: () => [`/api/profiles/${profileId}`, { json: { ...PROFILE, name: 'Renamed' } }],
  deleteProfile: () => [`/api/profiles/${profileId}`],
  listAlerts: () => ['/api/alerts?limit=1&q=contract&state=unread&min_score=0.5'],
  getAlert: () => [`/api/alerts/${alertId}`],
  updateAlert: () => [`/api/alerts/${alertId}`, { json: { read: true } }],
  getStats: () => ['/api/stats?bucket=day'],
}

describe('what the sentinel documents and the ui does not', () => {
  it.each(forwarded.map((operation) => [operation.id, operation] as const))(
    '%s is forwarded for the owner, and succeeds as the sentinel documents it',
    async (id, { method }) => {
      const call = FORWARDED[id]
      if (!call) throw new Error(`No call is known of ${id}`)
      const before = stage.tap.count
      const [target, sent] = await call()
      const { status, text } = await stage.client.owner(method, target, sent)
      expect([status < 300, text]).toEqual([true, expect.any(String)])
      expect(stage.tap.count).toBe(before + 1)
    },
  )

  it('has no call here that is not documented', () => {
    expect(Object.keys(FORWARDED).sort()).toEqual(forwarded.map(({ id }) => id).sort())
  })
})

describe('every documented path', () => {
  const paths = [...new Set(all.map(({ path }) => path))]
  const methodsOf = (path: string) => all.filter((one) => one.path === path).map(({ method }) => method)

  it.each(paths)('%s refuses each other method of the owner, and names those that are served', async (path) => {
    const allowed = methodsOf(path)
    const before = stage.tap.count
    for (const method of METHODS.filter((one) => !allowed.includes(one))) {
      const reply = await stage.client.owner(method, path.replace('{id}', '1'))
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
    for (const { path } of all.filter(({ method, responses }) => method === 'GET' && isJson(responses))) {
      const target = path.replace('{id}', String(alertId))
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
  const siblings = all
    .map(({ path }) => path.replace('{id}', '1'))
    .flatMap((path) => [`${path}/`, `${path}/nothing`, `${path}x`, path.toUpperCase()])
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

  it.each(['/health', '/metrics', '/index.php', '/api.json', '/apix', '/.env', '/main.js.map'])(
    '%s beside the API is nothing, for anybody',
    async (path) => {
      for (const method of METHODS) {
        expect(verdictOf(await stage.client.send(method, path))).toEqual([404, 'NOT_FOUND'])
        expect(verdictOf(await stage.client.owner(method, path))).toEqual([404, 'NOT_FOUND'])
      }
    },
  )

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
