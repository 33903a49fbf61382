import { request as httpRequest } from 'node:http'
import { statusesSeen, writeReport } from '../support/contract-record'
import { freePages } from '../support/free-pages'
import { HttpReceiver } from '../support/http-receiver'
import { contractOf, targetWith, type Operation } from '../support/openapi'
import { rawRequest } from '../support/raw-http'
import { SentinelProcess } from '../support/sentinel-process'
import { SignInStage } from '../support/sign-in-stage'
import { TelegramStage } from '../support/telegram-stage'
import { until } from '../support/until'
import { deliveryCalls } from './delivery-calls'
import { digestCalls } from './digest-calls'
import { ALLOWED_NOBODY, TelegramCalls, type ContractCall as Call } from './telegram-calls'

const contract = contractOf('sentinel')
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
const NOBODY = 999_999_999
const PROFILE = { name: 'Contract', min_score: 1, keywords: { general: { words: ['contract'] } } }
const RULES = { kinds: { bot: { max_age_days: 9000, max_messages: null } }, max_size_mb: null }
const APP = { api_id: 12345, api_hash: '0123456789abcdef0123456789abcdef' }

let stage: TelegramStage
let sentinel: SentinelProcess
let withoutApp: SentinelProcess
let signIn: SignInStage
let telegram: TelegramCalls
let receiver: HttpReceiver
let alertId: number
let alertedPath: string
let profileId: number

beforeAll(async () => {
  stage = await TelegramStage.open()
  receiver = await HttpReceiver.start()
  sentinel = await SentinelProcess.start({
    env: { ...stage.env, TG_SEND_ALLOW: ALLOWED_NOBODY, DELIVERY_ALLOW: receiver.place },
  })
  withoutApp = await SentinelProcess.start()
  signIn = await SignInStage.open()
  telegram = await TelegramCalls.open(stage, signIn, (method, path, json) =>
    sentinel.api.request(method, path, { json }),
  )
  const profile = await sentinel.api.createProfile({ ...PROFILE, name: 'First' })
  profileId = profile.id
  await stage.signIn(sentinel)
  const { chat } = await stage.control.createChannel({ title: 'News' })
  await stage.control.postMessage({ chat, text: 'a contract' })
  const alert = await until('the alert', async () => (await sentinel.api.alerts())[0])
  alertId = alert.id
  alertedPath = `/api/messages/${alert.chat.id}/${alert.message_id}`
})

afterAll(async () => {
  await Promise.all([sentinel.stop(), withoutApp.stop(), signIn.close()])
  await stage.close()
  await receiver.stop()
})

const json = { 'Content-Type': 'application/json' }
const refused = { body: '<xml/>', headers: { 'Content-Type': 'text/xml' } }
const large = { body: JSON.stringify({ name: 'x'.repeat(600 * 1024) }), headers: json }
const stranger = { token: null }
const stale = { 'If-Match': '"99"' }
const DICTIONARY = { groups: [['person', 'people']] }

async function backtestId(): Promise<number> {
  const { body } = await sentinel.api.request<{ data: { id: number } }>('POST', '/api/backtests', {
    json: { profile: PROFILE },
  })
  return body.data.id
}

function labelPath(): string {
  return `/api/profiles/${profileId}/labels/${alertedPath.replace('/api/messages/', '')}`
}

async function feedPath(): Promise<string> {
  const path = `/api/profiles/${profileId}/feed`
  const { body } = await sentinel.api.request<{ data: { secret: string } }>('PUT', path)
  return `/api/feeds/${body.data.secret}/rss`
}

/** A profile that judges by its first model. */
async function learnedProfile(): Promise<number> {
  const { id } = await sentinel.api.createProfile({ name: 'Learned', learning: { enabled: true } })
  await until('its first model', async () => {
    const { body } = await sentinel.api.request<{ data: { models: unknown[] } }>('GET', `/api/profiles/${id}/learning`)
    return body.data.models.length > 0
  })
  return id
}

/** How each documented status of each operation is brought about. */
const CALLS: Record<string, Record<string, () => Call | Promise<Call>>> = {
  getHealth: { 200: () => ({}) },
  getStatus: { 200: () => ({}) },
  importSession: {
    200: async () => ({ json: { session_data: (await stage.sessionBytes()).toString('base64') } }),
    400: () => ({ json: {} }),
    401: () => ({ json: {}, ...stranger }),
    413: () => ({ body: `{"session_data":"${'A'.repeat(15_000_000)}"}`, headers: json }),
    415: () => refused,
  },
  putTelegramApp: {
    200: () => ({ json: APP, withoutApp: true }),
    400: () => ({ json: { api_id: 0, api_hash: 'x' }, withoutApp: true }),
    401: () => ({ json: APP, ...stranger }),
    409: () => ({ json: APP }),
    413: () => large,
    415: () => refused,
  },
  listProfiles: { 200: () => ({}), 401: () => stranger },
  createProfile: {
    201: () => ({ json: PROFILE }),
    400: () => ({ json: { name: '' } }),
    401: () => ({ json: PROFILE, ...stranger }),
    409: () => ({ json: PROFILE }),
    413: () => large,
    415: () => refused,
  },
  getProfile: {
    200: () => ({ path: `/api/profiles/${profileId}` }),
    400: () => ({ path: '/api/profiles/zero' }),
    401: () => ({ path: `/api/profiles/${profileId}`, ...stranger }),
    404: () => ({ path: `/api/profiles/${NOBODY}` }),
  },
  replaceProfile: {
    200: () => ({
      path: `/api/profiles/${profileId}`,
      json: { ...PROFILE, name: 'Second' },
      headers: { 'If-Match': '"1"', 'X-Actor': 'page' },
    }),
    400: () => ({ path: `/api/profiles/${profileId}`, json: { name: 'x', nonsense: 1 } }),
    401: () => ({ path: `/api/profiles/${profileId}`, json: PROFILE, ...stranger }),
    404: () => ({ path: `/api/profiles/${NOBODY}`, json: { ...PROFILE, name: 'Nobody' } }),
    409: () => ({ path: `/api/profiles/${profileId}`, json: PROFILE }),
    412: () => ({ path: `/api/profiles/${profileId}`, json: PROFILE, headers: stale }),
    413: () => ({ path: `/api/profiles/${profileId}`, ...large }),
    415: () => ({ path: `/api/profiles/${profileId}`, ...refused }),
  },
  deleteProfile: {
    200: async () => ({ path: `/api/profiles/${(await sentinel.api.createProfile({ name: 'Short-lived' })).id}` }),
    400: () => ({ path: '/api/profiles/-1' }),
    401: () => ({ path: `/api/profiles/${profileId}`, ...stranger }),
    404: () => ({ path: `/api/profiles/${NOBODY}` }),
    412: () => ({ path: `/api/profiles/${profileId}`, headers: stale }),
  },
  listRevisions: {
    200: () => ({ path: `/api/profiles/${profileId}/revisions` }),
    400: () => ({ path: '/api/profiles/zero/revisions' }),
    401: () => ({ path: `/api/profiles/${profileId}/revisions`, ...stranger }),
    404: () => ({ path: `/api/profiles/${NOBODY}/revisions` }),
  },
  restoreRevision: {
    200: () => ({ path: `/api/profiles/${profileId}/revisions/1/restore`, headers: { 'If-Match': '*' } }),
    400: () => ({ path: `/api/profiles/${profileId}/revisions/1/restore`, headers: { 'X-Actor': 'nobody' } }),
    401: () => ({ path: `/api/profiles/${profileId}/revisions/1/restore`, ...stranger }),
    404: () => ({ path: `/api/profiles/${profileId}/revisions/${NOBODY}/restore` }),
    // Its first name belongs to another by now.
    409: async () => {
      const { id } = await sentinel.api.createProfile({ name: 'Given away' })
      await sentinel.api.replaceProfile(id, { name: 'Renamed' })
      await sentinel.api.createProfile({ name: 'Given away' })
      return { path: `/api/profiles/${id}/revisions/1/restore` }
    },
    412: () => ({ path: `/api/profiles/${profileId}/revisions/1/restore`, headers: stale }),
  },
  getEmbedding: {
    200: () => ({ path: '/api/embedding' }),
    400: () => ({ path: '/api/embedding?model=mine' }),
    401: () => ({ path: '/api/embedding', ...stranger }),
  },
  getLearning: {
    200: () => ({ path: `/api/profiles/${profileId}/learning` }),
    400: () => ({ path: '/api/profiles/zero/learning' }),
    401: () => ({ path: `/api/profiles/${profileId}/learning`, ...stranger }),
    404: () => ({ path: `/api/profiles/${NOBODY}/learning` }),
  },
  restoreModel: {
    200: async () => ({ path: `/api/profiles/${await learnedProfile()}/learning/1/restore` }),
    400: () => ({ path: `/api/profiles/${profileId}/learning/zero/restore` }),
    401: () => ({ path: `/api/profiles/${profileId}/learning/1/restore`, ...stranger }),
    404: () => ({ path: `/api/profiles/${profileId}/learning/${NOBODY}/restore` }),
  },
  listLabels: {
    200: () => ({ path: `/api/profiles/${profileId}/labels` }),
    400: () => ({ path: '/api/profiles/zero/labels' }),
    401: () => ({ path: `/api/profiles/${profileId}/labels`, ...stranger }),
    404: () => ({ path: `/api/profiles/${NOBODY}/labels` }),
  },
  putLabel: {
    200: () => ({ path: labelPath(), json: { relevant: true } }),
    400: () => ({ path: labelPath(), json: { relevant: 'yes' } }),
    401: () => ({ path: labelPath(), json: { relevant: true }, ...stranger }),
    404: () => ({ path: `/api/profiles/${profileId}/labels/-100999/1`, json: { relevant: true } }),
    413: () => ({ path: labelPath(), ...large }),
    415: () => ({ path: labelPath(), ...refused }),
  },
  deleteLabel: {
    200: async () => {
      await sentinel.api.request('PUT', labelPath(), { json: { relevant: false } })
      return { path: labelPath() }
    },
    400: () => ({ path: `/api/profiles/${profileId}/labels/x/1` }),
    401: () => ({ path: labelPath(), ...stranger }),
    404: () => ({ path: `/api/profiles/${profileId}/labels/-100999/1` }),
  },
  getFeed: feedCalls(),
  putFeed: feedCalls(),
  deleteFeed: feedCalls(),
  readFeed: {
    200: async () => ({ path: await feedPath() }),
    304: async () => ({ path: await feedPath(), headers: { 'If-None-Match': '*' } }),
    400: async () => ({ path: (await feedPath()).replace('/rss', '/html') }),
    401: async () => ({ path: await feedPath(), ...stranger }),
    404: () => ({ path: '/api/feeds/nothing/rss' }),
  },
  listGallery: { 200: () => ({}), 401: () => stranger },
  importProfiles: {
    200: () => ({ json: { content: JSON.stringify({ profiles: [PROFILE] }) } }),
    400: () => ({ json: { content: '{"profiles": [' } }),
    401: () => ({ json: { content: '{}' }, ...stranger }),
    413: () => ({ body: `{"content":"${'A'.repeat(5_000_000)}"}`, headers: json }),
    415: () => refused,
  },
  previewProfile: {
    200: () => ({ json: PROFILE }),
    400: () => ({ json: { ...PROFILE, queries: [{ query: '(contract' }] } }),
    401: () => ({ json: PROFILE, ...stranger }),
    413: () => large,
    415: () => refused,
  },
  startBacktest: {
    200: () => ({ json: { profile: PROFILE, days: 7 } }),
    400: () => ({ json: { profile: PROFILE, days: 0 } }),
    401: () => ({ json: { profile: PROFILE }, ...stranger }),
    404: () => ({ json: { profile: PROFILE, compare_to: NOBODY } }),
    413: () => large,
    415: () => refused,
  },
  getBacktest: {
    200: async () => ({ path: `/api/backtests/${await backtestId()}` }),
    400: () => ({ path: '/api/backtests/zero' }),
    401: () => ({ path: '/api/backtests/1', ...stranger }),
    404: () => ({ path: `/api/backtests/${NOBODY}` }),
  },
  cancelBacktest: {
    200: async () => ({ path: `/api/backtests/${await backtestId()}` }),
    400: () => ({ path: '/api/backtests/0' }),
    401: () => ({ path: '/api/backtests/1', ...stranger }),
    404: () => ({ path: `/api/backtests/${NOBODY}` }),
  },
  getDictionary: { 200: () => ({}), 401: () => stranger },
  putDictionary: {
    200: () => ({ json: DICTIONARY }),
    400: () => ({ json: { groups: [['alone']] } }),
    401: () => ({ json: DICTIONARY, ...stranger }),
    413: () => large,
    415: () => refused,
  },
  listAlerts: {
    200: () => ({ query: { limit: 1, q: 'contract', state: 'unread', min_score: 0.5 } }),
    400: () => ({ query: { limit: 501 } }),
    401: () => stranger,
  },
  getAlert: {
    200: () => ({ path: `/api/alerts/${alertId}` }),
    400: () => ({ path: '/api/alerts/1.5' }),
    401: () => ({ path: `/api/alerts/${alertId}`, ...stranger }),
    404: () => ({ path: `/api/alerts/${NOBODY}` }),
  },
  getStory: {
    200: () => ({ path: `/api/alerts/${alertId}/story` }),
    400: () => ({ path: '/api/alerts/0/story' }),
    401: () => ({ path: `/api/alerts/${alertId}/story`, ...stranger }),
    404: () => ({ path: `/api/alerts/${NOBODY}/story` }),
  },
  updateAlert: {
    200: () => ({ path: `/api/alerts/${alertId}`, json: { read: true } }),
    400: () => ({ path: `/api/alerts/${alertId}`, json: {} }),
    401: () => ({ path: `/api/alerts/${alertId}`, json: { read: true }, ...stranger }),
    404: () => ({ path: `/api/alerts/${NOBODY}`, json: { read: true } }),
    413: () => ({ path: `/api/alerts/${alertId}`, ...large }),
    415: () => ({ path: `/api/alerts/${alertId}`, ...refused }),
  },
  getStats: {
    200: () => ({ query: { bucket: 'day' } }),
    400: () => ({ query: { bucket: 'week' } }),
    401: () => stranger,
  },
  streamEvents: { 200: () => ({}), 401: () => stranger },
  searchMessages: {
    200: () => ({ query: { q: '"a contract" -nothing', in: '@newswire', has: 'link', lang: 'en', deleted: 'hide' } }),
    400: () => ({ query: { topic: 3 } }),
    401: () => stranger,
  },
  getMessageContext: {
    200: () => ({ path: `${alertedPath}/context`, query: { before: 1, after: 0 } }),
    400: () => ({ path: '/api/messages/0/1/context' }),
    401: () => ({ path: `${alertedPath}/context`, ...stranger }),
    404: () => ({ path: `/api/messages/${NOBODY}/1/context` }),
  },
  getMessage: {
    200: () => ({ path: alertedPath }),
    400: () => ({ path: '/api/messages/0/1' }),
    401: () => ({ path: alertedPath, ...stranger }),
    404: () => ({ path: `/api/messages/${NOBODY}/1` }),
  },
  getRetention: { 200: () => ({}), 401: () => stranger },
  putRetention: {
    200: () => ({ json: RULES }),
    400: () => ({ json: { ...RULES, max_size_mb: 0 } }),
    401: () => ({ json: RULES, ...stranger }),
    413: () => large,
    415: () => refused,
  },
  startSweep: { 200: () => ({}), 401: () => stranger },
  getMaintenance: { 200: () => ({}), 401: () => stranger },
  startVacuum: {
    200: () => ({}),
    401: () => stranger,
    409: async () => {
      freePages(sentinel.databasePath, 20_000)
      await sentinel.api.request('POST', '/api/maintenance/vacuum')
      return {}
    },
  },
}

function feedCalls(): Record<string, () => Call> {
  return {
    200: () => ({ path: `/api/profiles/${profileId}/feed` }),
    400: () => ({ path: '/api/profiles/zero/feed' }),
    401: () => ({ path: `/api/profiles/${profileId}/feed`, ...stranger }),
    404: () => ({ path: `/api/profiles/${NOBODY}/feed` }),
  }
}

function allCalls(): typeof CALLS {
  return {
    ...CALLS,
    ...telegram.calls,
    ...deliveryCalls(sentinel, receiver, alertId),
    ...digestCalls(sentinel, profileId),
  }
}

describe('every operation of the sentinel', () => {
  const documented = contract.operations.flatMap(({ id, responses }) =>
    Object.keys(responses).map((status) => [id, Number(status)] as const),
  )

  it.each(documented)('%s answers %i where it is documented', async (id, status) => {
    const prepare = allCalls()[id]?.[status]
    if (!prepare) throw new Error(`No call is known that makes ${id} answer ${status}`)
    const { path, withoutApp: toOther, signingIn, ...options } = await prepare()
    const operation = contract.operation(id)
    const { api } = signingIn ? signIn.sentinel : toOther ? withoutApp : sentinel
    const reply = await api.request(operation.method, path ?? operation.path, options)
    expect(reply.status).toBe(status)
  })

  it('is called here in each of its documented statuses', () => {
    const seen = statusesSeen('sentinel')
    const report = contract.operations.map(({ id, responses }) => {
      const statuses = Object.keys(responses).map(Number)
      return { operation: id, documented: statuses, missing: statuses.filter((status) => !seen.get(id)?.has(status)) }
    })
    writeReport('contract-sentinel.json', report)
    expect(report.filter(({ missing }) => missing.length > 0)).toEqual([])
    expect(Object.keys(allCalls()).sort()).toEqual(contract.operations.map(({ id }) => id).sort())
  })
})

describe('the routes of the sentinel', () => {
  const paths = [...new Set(contract.operations.map(({ path }) => path))]
  const methodsOf = (path: string) => contract.operations.filter((one) => one.path === path).map(({ method }) => method)

  it.each(paths)('%s refuses each method that is not documented, and names those that are', async (path) => {
    const allowed = methodsOf(path)
    for (const method of METHODS.filter((one) => !allowed.includes(one))) {
      const reply = await sentinel.api.request(method, targetWith({ path }, '1'))
      expect([method, reply.status, reply.headers.get('allow')]).toEqual([method, 405, allowed.join(', ')])
      expect(reply.body).toMatchObject({ code: 'METHOD_NOT_ALLOWED' })
    }
  })

  it.each(['TRACE', 'PROPFIND', 'QUERY'])('%s is refused like any other method', async (method) => {
    const reply = await rawRequest(sentinel.port, { method, target: '/api/profiles' })
    expect(reply.status).toBe(405)
  })

  it('refuses CONNECT without falling over', async () => {
    const ended = await new Promise((resolve) => {
      const outgoing = httpRequest({
        host: '127.0.0.1',
        port: sentinel.port,
        method: 'CONNECT',
        path: 'example.org:443',
      })
      outgoing.on('connect', ({ statusCode }, socket) => resolve(socket.destroy() && statusCode))
      outgoing.on('error', () => resolve('closed'))
      outgoing.end()
    })
    expect(ended).not.toBe(200)
    expect((await sentinel.api.status()).authorized).toBe(true)
  })

  const siblings = [...paths.flatMap(siblingsOf), '/', '/api', '/api/', '/health', '/index.html', '/api/docs']

  it.each([...new Set(siblings)])('%s does not exist', async (path) => {
    for (const method of METHODS) {
      const reply = await sentinel.api.request(method, path)
      expect([method, path, reply.status]).toEqual([method, path, 404])
    }
  })

  function siblingsOf(path: string): string[] {
    const real = targetWith({ path }, '1')
    return [`${real}/`, `${real}/nothing`, `${real}x`, real.toUpperCase()].filter((one) => !isDocumented(one))
  }

  function isDocumented(path: string): boolean {
    return contract.operations.some(({ pattern }: Operation) => pattern.test(path))
  }
})
