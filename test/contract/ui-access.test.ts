import { UiHarness } from '../../services/ui/test/ui-harness'
import { contractOf, targetWith, type Operation } from '../support/openapi'
import { oneOfEach, spread } from '../support/sampling'
import { TOKEN } from '../support/sentinel-process'
import { PASSWORD } from '../support/ui-process'
import { UiClient, type UiReply } from './ui-client'
import { forwarded, isOwnPath } from './ui-forwarded'
import { UiStage, verdictOf } from './ui-stage'

/** What is forwarded asks for what the ui asks for by default, but for what is public. */
const all = [
  ...contractOf('ui').operations,
  ...forwarded.map((operation) => ({
    ...operation,
    security: { schemes: ['cookie', 'bearer'], optional: operation.isPublic },
  })),
]
const named = (some: Operation[]) => some.map((operation) => [operation.id, operation] as const)
const isUnsafe = ({ method }: Operation) => method !== 'GET'

let stage: UiStage
let revoked: string

beforeAll(async () => {
  stage = await UiStage.open()
  revoked = await stage.client.signIn('/api/auth/login', PASSWORD)
  const left = await stage.client.owner('POST', '/api/auth/logout', { headers: { Cookie: revoked } })
  expect(left.status).toBe(200)
})

afterEach(() => stage.expectUnharmed())

afterAll(() => stage.close())

function call(operation: Operation, headers: Record<string, string>): Promise<UiReply> {
  return stage.client.send(operation.method, targetWith(operation, '999999'), { headers })
}

/** A sign-out ends the cookie that it is called with, so it gets one of its own. */
async function cookieFor({ id }: Operation): Promise<string> {
  return id === 'logout' ? stage.client.signIn('/api/auth/login', PASSWORD) : stage.client.cookie
}

const BAD: Record<string, (cookie: string) => Record<string, string>> = {
  'an empty cookie': () => ({ Cookie: 'session=' }),
  'a cookie of nonsense': () => ({ Cookie: 'session=%00;;=;session=..;__proto__=1' }),
  'a cookie without its signature': (cookie) => ({ Cookie: partsOf(cookie).token }),
  'a cookie with an empty signature': (cookie) => ({ Cookie: `${partsOf(cookie).token}.` }),
  'a cookie whose token was changed': (cookie) => ({
    Cookie: cookie.replace(/=(.)/, (_, first) => `=${other(first)}`),
  }),
  'a cookie whose signature was changed': (cookie) => ({
    Cookie: cookie.replace(/\.(.)/, (_, first) => `.${other(first)}`),
  }),
  'a cookie with a third part': (cookie) => ({ Cookie: `${cookie}.${partsOf(cookie).signature}` }),
  'a cookie of another name': (cookie) => ({ Cookie: cookie.replace('session=', 'Session=') }),
  'a cookie that was signed out': () => ({ Cookie: revoked }),
  'the token as a cookie': () => ({ Cookie: `session=${TOKEN}` }),
  'the cookie as a token': (cookie) => ({ Authorization: `Bearer ${cookie.slice('session='.length)}` }),
  'a wrong token': () => ({ Authorization: 'Bearer another-token-for-tests' }),
  'a token that is cut short': () => ({ Authorization: `Bearer ${TOKEN.slice(0, -1)}` }),
  'an empty token': () => ({ Authorization: 'Bearer ' }),
  'the bare token': () => ({ Authorization: TOKEN }),
  'basic credentials': () => ({ Authorization: `Basic ${Buffer.from(`admin:${PASSWORD}`).toString('base64')}` }),
  'the token in another header': () => ({ 'X-Api-Key': TOKEN, 'X-Forwarded-User': 'admin' }),
}

function partsOf(cookie: string): { token: string; signature: string } {
  const [token = '', signature = ''] = cookie.split('.')
  return { token, signature }
}

function other(character: string): string {
  return character === 'A' ? 'B' : 'A'
}

async function expectStrangerRefused(operation: Operation, credentials: Record<string, string>): Promise<void> {
  const before = stage.tap.count
  const reply = await call(operation, { Origin: stage.client.origin, ...credentials })
  if (operation.security.optional) expect([401, 403]).not.toContain(reply.status)
  else expect(verdictOf(reply)).toEqual([401, 'UNAUTHORIZED'])
  expect(stage.tap.count).toBe(operation.isPublic ? before + 1 : before)
}

const byAccess = ({ method, path, security }: Operation) =>
  [method === 'GET', isOwnPath(path), security.optional, security.schemes.join()].join()

it.each(spread(all, Object.entries(BAD), byAccess))(
  '%s lets in to %s only where it is open',
  (_what, _id, operation, credentials) => expectStrangerRefused(operation, credentials(stage.client.cookie)),
)

const BESIDE = [
  ['nothing', ''],
  ['another one of its name', 'session=nonsense; '],
  ['a foreign one', 'theme=dark; '],
] as const

it.each(spread(all, BESIDE, byAccess))('the cookie beside %s lets in to %s', async (_what, _id, operation, beside) => {
  const cookie = await cookieFor(operation)
  const reply = await call(operation, { Origin: stage.client.origin, Cookie: beside + cookie })
  expect([401, 403]).not.toContain(reply.status)
})

describe.each(named(all))('%s', (_id, operation) => {
  const { schemes, optional } = operation.security

  it('lets in without credentials only where it is open, and with the token where a program may', async () => {
    await expectStrangerRefused(operation, {})
    const reply = await call(operation, { Authorization: `Bearer ${TOKEN}` })
    if (optional || schemes.includes('bearer')) expect([401, 403]).not.toContain(reply.status)
    else expect(verdictOf(reply)).toEqual([403, 'WRONG_SCOPE'])
  })
})

describe.each(oneOfEach(all, byAccess))('%s', (_id, operation) => {
  it('knows the scheme in small letters', async () => {
    const own = await call(operation, { Authorization: `Bearer ${TOKEN}` })
    expect(verdictOf(await call(operation, { Authorization: `bearer ${TOKEN}` }))).toEqual(verdictOf(own))
  })

  it('takes a token for what it is, wherever the request comes from', async () => {
    const foreign = { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }
    const reply = await call(operation, { ...foreign, Authorization: `Bearer ${TOKEN}` })
    expect(reply.body.code).not.toBe('FORBIDDEN')
    expect(reply.status).not.toBe(401)
  })
})

describe('what is forwarded for strangers', () => {
  const open = forwarded.filter(({ isPublic }) => isPublic)

  it('is two operations, which read', () => {
    expect(open.map(({ id, method }) => [id, method])).toEqual([
      ['readFeed', 'GET'],
      ['getAnswerLink', 'GET'],
    ])
  })

  it.each(named(open))('%s is read by them, also by HEAD, and nothing else is done to it', async (_id, operation) => {
    const target = targetWith(operation, '999999')
    for (const method of ['GET', 'HEAD']) expect((await stage.client.send(method, target)).status).toBe(400)
    const before = stage.tap.count
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'get', 'TRACE']) {
      const { status } = await stage.client.send(method, target, { headers: { Origin: stage.client.origin } })
      expect([method, [400, 401].includes(status)]).toEqual([method, true])
    }
    const [start] = target.split('/999999')
    const others = [`${start}`, `${start}/1`, `${target}/`, `${target}/..`, target.toUpperCase()]
    for (const path of others.filter((other) => !operation.pattern.test(other)))
      expect([path, ...verdictOf(await stage.client.send('GET', path))]).toEqual([path, 401, 'UNAUTHORIZED'])
    expect(stage.tap.count).toBe(before)
  })
})

const FOREIGN: Record<string, () => Record<string, string>> = {
  'another origin': () => ({ Origin: 'https://evil.example' }),
  'an origin without a name': () => ({ Origin: 'null' }),
  'an origin of nonsense': () => ({ Origin: 'file:///etc/passwd' }),
  'another port': () => ({ Origin: 'http://127.0.0.1:1' }),
  'another name of this machine': () => ({ Origin: `http://localhost:${stage.ui.port}` }),
  'a name that begins like ours': () => ({ Origin: `${stage.client.origin}.evil.example` }),
  'a cross-site request': () => ({ 'Sec-Fetch-Site': 'cross-site' }),
  'a cross-site request that names our origin': () => ({
    'Sec-Fetch-Site': 'cross-site',
    Origin: stage.client.origin,
  }),
  'a same-site request': () => ({ 'Sec-Fetch-Site': 'same-site' }),
}

/** What a token of its own is asked for is anybody's who has it: a cookie lets nobody in there. */
const byCookie = all.filter((operation) => isUnsafe(operation) && operation.id !== 'followAnswerLink')

it.each(spread(byCookie, Object.entries(FOREIGN), byAccess))(
  'with the cookie %s is refused by %s',
  async (_what, _id, operation, headers) => {
    const before = stage.tap.count
    const reply = await call(operation, { Cookie: stage.client.cookie, ...headers() })
    expect(verdictOf(reply)).toEqual([403, 'FORBIDDEN'])
    expect(stage.tap.count).toBe(before)
  },
)

describe.each(oneOfEach(byCookie, byAccess))('%s with the cookie', (_id, operation) => {
  it('of this page is not refused, even when a proxy changed the host', async () => {
    // Without any header of a browser it is none: `curl -H "Cookie: session=…"`.
    const origins = [{ 'Sec-Fetch-Site': 'same-origin' }, { Origin: stage.client.origin }, {}]
    for (const origin of [...origins, { Origin: 'https://sentinel.example', 'Sec-Fetch-Site': 'same-origin' }]) {
      const reply = await call(operation, { Cookie: await cookieFor(operation), ...origin })
      expect(reply.body.code).not.toBe('FORBIDDEN')
    }
  })
})

describe.each(
  oneOfEach(
    all.filter((operation) => !isUnsafe(operation)),
    byAccess,
  ),
)('%s with the cookie', (_id, operation) => {
  it('of another site changes nothing and tells that site nothing', async () => {
    const { cookie } = stage.client
    const reply = await call(operation, {
      Cookie: cookie,
      Origin: 'https://evil.example',
      'Sec-Fetch-Site': 'cross-site',
    })
    expect(Object.keys(reply.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    expect(reply.headers).toMatchObject({ 'cross-origin-resource-policy': 'same-origin' })
  })
})

describe('the first password', () => {
  it('cannot be set under a name that somebody else made to point here', async () => {
    const ui = await UiHarness.start()
    const client = new UiClient(ui.ui.port, '')
    const set = (headers: Record<string, string>) =>
      client.send('POST', '/api/auth/setup', { json: { password: PASSWORD }, headers })
    for (const Host of ['evil.example', `evil.example:${ui.ui.port}`, '127.0.0.1.evil.example']) {
      expect(verdictOf(await set({ Host, Origin: `http://${Host}` }))).toEqual([403, 'FORBIDDEN'])
      expect(verdictOf(await set({ Host }))).toEqual([403, 'FORBIDDEN'])
    }
    expect((await set({ Origin: client.origin })).status).toBe(200)
    await ui.stop()
  })
})
