import { request as httpRequest } from 'node:http'
import Database from '@tgsentinel/sqlite-driver'
import { answerToken } from '../support/answer-tokens'
import { statusesSeen, writeReport } from '../support/contract-record'
import { startSocks5, type ForeignProxy } from '../support/foreign-proxy'
import { freePages } from '../support/free-pages'
import { HttpReceiver } from '../support/http-receiver'
import { contractOf, targetWith, type Operation } from '../support/openapi'
import { rawRequest } from '../support/raw-http'
import { SentinelProcess } from '../support/sentinel-process'
import { SignInStage } from '../support/sign-in-stage'
import { TelegramStage } from '../support/telegram-stage'
import { until } from '../support/until'
import { backupCalls } from './backup-calls'
import { json, large, NOBODY, refused, stranger, type Calls } from './contract-call'
import { deliveryCalls } from './delivery-calls'
import { digestCalls } from './digest-calls'
import { PROFILE, profileCalls } from './profile-calls'
import { proxyCalls } from './proxy-calls'
import { settingsCalls } from './settings-calls'
import { ALLOWED_NOBODY, TelegramCalls } from './telegram-calls'

const contract = contractOf('sentinel')
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
const RULES = { kinds: { bot: { max_age_days: 9000, max_messages: null } }, max_size_mb: null }
const APP = { api_id: 12345, api_hash: '0123456789abcdef0123456789abcdef' }

let stage: TelegramStage
let sentinel: SentinelProcess
let withoutApp: SentinelProcess
let signIn: SignInStage
let telegram: TelegramCalls
let receiver: HttpReceiver
let proxy: ForeignProxy
let alertId: number
let news: number
let alertedPath: string
let profileId: number

beforeAll(async () => {
  stage = await TelegramStage.open()
  receiver = await HttpReceiver.start()
  sentinel = await SentinelProcess.start({
    env: { ...stage.env, TG_SEND_ALLOW: ALLOWED_NOBODY, DELIVERY_ALLOW: receiver.place },
  })
  withoutApp = await SentinelProcess.start()
  proxy = await startSocks5()
  signIn = await SignInStage.open({ TG_PROXY: proxy.link })
  telegram = await TelegramCalls.open(stage, signIn, (method, path, json) =>
    sentinel.api.request(method, path, { json }),
  )
  const profile = await sentinel.api.createProfile({ ...PROFILE, name: 'First' })
  profileId = profile.id
  await stage.signIn(sentinel)
  news = (await stage.control.createChannel({ title: 'News' })).chat
  await stage.control.postMessage({ chat: news, text: 'a contract' })
  const alert = await until('the alert', async () => (await sentinel.api.alerts())[0])
  alertId = alert.id
  alertedPath = `/api/messages/${alert.chat.id}/${alert.message_id}`
})

afterAll(async () => {
  await Promise.all([sentinel.stop(), withoutApp.stop(), signIn.close()])
  await stage.close()
  await receiver.stop()
  await proxy.stop()
})

function answerPath(link: { alertId?: number; isOver?: boolean } = {}): string {
  return `/api/answers/${answerToken(sentinel.databasePath, { alertId, ...link })}`
}

/** An alert whose profile is gone. */
async function orphanedAlert(): Promise<number> {
  const { id } = await sentinel.api.createProfile({
    ...PROFILE,
    name: 'Orphan',
    keywords: { general: { words: ['orphan'] } },
  })
  await stage.control.postMessage({ chat: news, text: 'orphan' })
  const alert = await until('its alert', async () => (await sentinel.api.alerts({ profile: id }))[0])
  await sentinel.api.deleteProfile(id)
  return alert.id
}

/** Another program holds the database, until what is returned is called. */
function lockedByAnother(path: string): () => void {
  const other = new Database(path)
  other.exec('BEGIN IMMEDIATE')
  return () => other.close()
}

/** How each documented status of each operation is brought about. */
const CALLS: Calls = {
  getHealth: {
    200: () => ({}),
    400: () => ({ query: { deep: 2 } }),
    503: async () => {
      const after = lockedByAnother(sentinel.databasePath)
      await stage.control.postMessage({ chat: news, text: 'not now' })
      await until('the failure', async () => (await sentinel.api.status()).storage === 'failing')
      return { query: { deep: 1 }, after }
    },
  },
  getLiveness: { 200: () => ({}) },
  getReadiness: {
    200: async () => {
      await until('the database', async () => (await sentinel.api.status()).storage === 'ok')
      return {}
    },
    503: () => ({ after: lockedByAnother(sentinel.databasePath) }),
  },
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
  getAnswerLink: {
    200: () => ({ path: answerPath() }),
    400: () => ({ path: '/api/answers/nothing' }),
    401: () => ({ path: answerPath(), ...stranger }),
    404: () => ({ path: `/api/answers/${'A'.repeat(44)}` }),
    410: () => ({ path: answerPath({ isOver: true }) }),
  },
  useAnswerLink: {
    200: () => ({ path: answerPath() }),
    400: () => ({ path: '/api/answers/nothing' }),
    401: () => ({ path: answerPath(), ...stranger }),
    404: () => ({ path: `/api/answers/${'A'.repeat(44)}` }),
    409: async () => ({ path: answerPath({ alertId: await orphanedAlert() }) }),
    410: () => ({ path: answerPath({ isOver: true }) }),
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

function allCalls(): Calls {
  return {
    ...CALLS,
    ...telegram.calls,
    ...profileCalls(sentinel, profileId, alertedPath),
    ...deliveryCalls(sentinel, receiver, alertId),
    ...digestCalls(sentinel, profileId),
    ...proxyCalls(withoutApp),
    ...backupCalls(sentinel),
    ...settingsCalls(sentinel),
  }
}

describe('every operation of the sentinel', () => {
  const documented = contract.operations.flatMap(({ id, responses }) =>
    Object.keys(responses).map((status) => [id, Number(status)] as const),
  )

  it.each(documented)('%s answers %i where it is documented', async (id, status) => {
    const prepare = allCalls()[id]?.[status]
    if (!prepare) throw new Error(`No call is known that makes ${id} answer ${status}`)
    const { path, withoutApp: toOther, signingIn, after, ...options } = await prepare()
    const operation = contract.operation(id)
    const { api } = signingIn ? signIn.sentinel : toOther ? withoutApp : sentinel
    const reply = await api.request(operation.method, path ?? operation.path, options).finally(after)
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
