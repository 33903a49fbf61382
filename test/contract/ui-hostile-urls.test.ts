import { randomBytes } from 'node:crypto'
import { SAMPLE_DRAFT } from '../../services/ui/test/sample-draft'
import { contractOf, targetWith, type Operation } from '../support/openapi'
import { SAMPLE_BODIES } from './sample-bodies'
import { exchangeBytes } from '../support/raw-http'
import { byIntake, spread } from '../support/sampling'
import { PASSWORD } from '../support/ui-process'
import { formWith, type Sent, type UiReply } from './ui-client'
import { forwarded, isOwnPath } from './ui-forwarded'
import { UiStage, verdictOf } from './ui-stage'

const own = contractOf('ui')
const all = [...own.operations, ...forwarded]
const byHand = (operation: Operation) => `${isOwnPath(operation.path)} ${byIntake(operation)}`

let stage: UiStage

beforeAll(async () => {
  stage = await UiStage.open()
})

afterEach(() => stage.expectUnharmed())

afterAll(() => stage.close())

const targetOf = (operation: Operation) => targetWith(operation, '1')

/** A body of the right form, so that the URL is what is wrong. */
const BODIES: Record<string, Sent> = {
  setupPassword: { json: { password: PASSWORD } },
  login: { json: { password: PASSWORD } },
  changePassword: { json: { current: PASSWORD, new: PASSWORD } },
  putProfileDraft: { json: SAMPLE_DRAFT },
  uploadSession: formWith(Buffer.from('no session')),
}

function bodyFor({ id }: Operation): Sent {
  return BODIES[id] ?? (SAMPLE_BODIES[id] ? { json: SAMPLE_BODIES[id] } : {})
}

function send(operation: Operation, target: string): Promise<UiReply> {
  return stage.client.owner(operation.method, target, bodyFor(operation))
}

const BAD_IDS = [
  '0',
  '-1',
  '1e3',
  'abc',
  '%00',
  '1%00',
  'NaN',
  '9'.repeat(20),
  '%ff',
  '1%2f',
  '%2e%2e',
  '%2f%2f',
  '1%3fx',
]
/** The forwarder takes no such thing for an id, nor does it read percent signs that are none. */
const NO_IDS = ['1.5', '..', '.', '~', '1;x', '1,2', "1'--", '%2e.', '\xff', '1@x', '$where', '(1)', '*', '{id}']
const BROKEN = ['%', '%zz', '%2', '1%', '%c0%af']

/** A group's marked id is negative. */
const isMarked = ({ path }: Operation) => /^\/api\/(telegram|coverage)\//.test(path)
const asInputs = (ids: string[]) => ids.map((id) => [id, id] as const)
const withId = all.filter(({ path }) => path.includes('{'))
const TRIED_IDS = [
  ...spread(withId.filter(isMarked), asInputs(BAD_IDS.filter((id) => id !== '-1')), byHand),
  ...spread(
    withId.filter((operation) => !isMarked(operation)),
    asInputs(BAD_IDS),
    byHand,
  ),
]

describe('an id', () => {
  it.each(TRIED_IDS)('%s in the path of %s is refused', async (_what, _id, operation, id) => {
    const reply = await send(operation, targetWith(operation, id))
    expect(verdictOf(reply)).toEqual([400, 'INVALID_REQUEST'])
  })

  it.each(spread(withId, asInputs([...NO_IDS, ...BROKEN]), byHand))(
    '%s for %s is refused or not found',
    async (...trial) => {
      const [, , operation, id] = trial
      const { status } = await send(operation, targetWith(operation, id))
      expect([400, 404]).toContain(status)
    },
  )
})

const QUERIES: Record<string, string> = {
  'an unknown parameter': 'nonsense=1',
  __proto__: '__proto__=1',
  '__proto__ in brackets': '__proto__[x]=1',
  'a constructor': 'constructor=1',
  'bad percent encoding': 'q=%zz',
  'a lone percent sign': 'q=%',
  'bad UTF-8, encoded': 'q=%ff%fe',
  'bad UTF-8, raw': 'q=\xff\xfe',
  'a null character': 'q=%00',
  'a null character in a name': '%00=1',
  'a second question mark': 'a?b=/../health',
  'a path': '/../../health',
  'a parameter without a name': '=',
  '8 kB': `x=${'a'.repeat(8192)}`,
}

const queried = all.filter(({ id }) => id !== 'streamUiEvents' && id !== 'logout')

describe('a query', () => {
  it.each(spread(queried, Object.entries(QUERIES), byHand))('with %s for %s is refused', async (...trial) => {
    const [, , operation, query] = trial
    const reply = await send(operation, `${targetOf(operation)}?${query}`)
    expect(verdictOf(reply)).toEqual([400, 'INVALID_REQUEST'])
  })
})

describe('what an operation of the ui takes beside a body', () => {
  it.each(['', '%20', 'a_b', 'a/b', 'x'.repeat(65), '%00', 'a&upload_id=b', '%F0%9F%98%80'])(
    'refuses "%s" as the name of an upload',
    async (id) => {
      const upload = await send(own.operation('uploadSession'), `/api/session/upload?upload_id=${id}`)
      expect(verdictOf(upload)).toEqual([400, 'INVALID_REQUEST'])
    },
  )

  it('refuses a query, or an event id that is too long, where it streams, and ends HEAD with its head', async () => {
    const stream = (target: string, headers: Record<string, string> = {}) =>
      stage.client.owner('GET', target, { headers })
    expect(verdictOf(await stream('/api/events?x=1'))).toEqual([400, 'INVALID_REQUEST'])
    expect(verdictOf(await stream('/api/events', { 'Last-Event-ID': 'x'.repeat(41) }))).toEqual([
      400,
      'INVALID_REQUEST',
    ])
    for (const id of ['', 'nonsense', '-1', '\xff', '../x']) {
      expect((await stream('/api/events', { 'Last-Event-ID': id })).status).toBe(200)
    }
    // With the connection kept, what follows is answered only once the first is done with.
    const head = `HEAD /api/events HTTP/1.1\r\nHost: x\r\nCookie: ${stage.client.cookie}\r\n\r\n`
    const next = 'GET /api/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
    expect(await exchangeBytes(stage.ui.port, head + next)).toContain('"service":"tgsentinel-ui"')
  })

  it('refuses a parameter where a sign-out has none', async () => {
    const cookie = await stage.client.signIn('/api/auth/login', PASSWORD)
    const reply = await stage.client.owner('POST', '/api/auth/logout?x=1', { headers: { Cookie: cookie } })
    expect(verdictOf(reply)).toEqual([400, 'INVALID_REQUEST'])
  })
})

/** To the sentinel's health, which the ui has its own of, to what neither documents, and to other hosts. */
const TRICKS = [
  '/api/alerts/../health',
  '/api/alerts/..',
  '/api/alerts/../../metrics',
  '/api/alerts/./1',
  '/api/alerts//',
  '/api//alerts',
  '//api/alerts',
  '//evil.example/api/alerts',
  '/api/alerts/1%2f..',
  '/api/alerts/1%2f%2e%2e%2fhealth',
  '/api/alerts/%2e%2e%2fhealth',
  '/api/alerts%2f1',
  '/api%2falerts',
  '/%61pi/alerts',
  '/api/%61lerts',
  '/api/alerts;jsessionid=1',
  '/api/alerts/1;/../health',
  '/api\\alerts',
  '/api/alerts\\..\\health',
  '/api/alerts#',
  '/api/alerts#/../health',
  '/api/alerts%23',
  '/api/alerts%3fq=1',
  '/api/alerts%00',
  '/api/alerts%0d%0aX:%201',
  '/api/alerts%20HTTP/1.1',
  '/api/alerts/1/%2e%2e/%2e%2e/health',
  '/api/.%2e/health',
  '/API/alerts',
  '/api/Alerts',
  '/api/alerts.json',
  '/api/session/import/../../health',
  '/\xe4pi/alerts',
  `/api/alerts/${'1'.repeat(7000)}`,
  `/api/${'a/'.repeat(3500)}`,
  `/api/alerts/${'%2e%2e%2f'.repeat(700)}health`,
  'http://evil.example/api/alerts',
  'http://127.0.0.1/api/alerts',
  'http://evil.example/api/alerts/../health',
  'https://evil.example:1/api/profiles',
  'HTTP://evil.example//api/alerts',
  'http://user:secret@evil.example/api/alerts',
  '*',
]

describe('the forwarder', () => {
  it.each(TRICKS)('is not led astray by %s', async (target) => {
    for (const method of ['GET', 'POST', 'PATCH', 'DELETE', 'OPTIONS']) {
      const sent = method === 'PATCH' || method === 'POST' ? { json: { read: true } } : {}
      const reply = await stage.client.owner(method, target, sent)
      expect([400, 404, 405]).toContain(reply.status)
      const stranger = await stage.client.send(method, target, { headers: { Origin: stage.client.origin } })
      expect([400, 401, 404]).toContain(stranger.status)
    }
  })

  it.each(['/api/auth', '/api/audit', '/api/auth/sessions', '/api/health'])(
    'is not asked for %s in the absolute form, which opens nothing to strangers',
    async (path) => {
      const before = stage.tap.count
      const stranger = await stage.client.send('GET', `http://evil.example${path}`)
      expect(verdictOf(stranger)).toEqual([401, 'UNAUTHORIZED'])
      expect(stage.tap.count).toBe(before)
    },
  )

  it('passes on no header of the browser but those that the sentinel needs', async () => {
    const headers = {
      'X-Forwarded-For': '10.0.0.1',
      'X-Forwarded-Host': 'evil.example',
      'X-Real-IP': '10.0.0.1',
      'X-HTTP-Method-Override': 'DELETE',
      Upgrade: 'websocket',
      Expect: 'tea',
      TE: 'trailers',
      Range: 'bytes=0-1',
      Referer: 'https://evil.example/',
      'X-Request-Id': `${'a'.repeat(65)}; nonsense`,
      'Accept-Encoding': 'gzip',
    }
    expect((await stage.client.owner('GET', '/api/profiles', { headers })).status).toBe(200)
    expect((await stage.client.program('GET', '/api/profiles', { headers })).status).toBe(200)
  })
})

describe('what is no HTTP', () => {
  const GARBAGE: Record<string, Buffer | string> = {
    'random bytes': Buffer.concat([randomBytes(2000), Buffer.from('\r\n\r\n')]),
    'a TLS hello': Buffer.from('160301020001000001fc0303', 'hex'),
    'a line of nonsense': 'HELO sentinel\r\n\r\n',
    'headers of 40 kB': `GET /api/health HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(40_000)}\r\n\r\n`,
    'a path of 40 kB': `GET /api/alerts/${'1'.repeat(40_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
    'a path with a null byte': 'GET /api/alerts/\0 HTTP/1.1\r\nHost: x\r\n\r\n',
    'a path with a line feed': 'GET /api/alerts/1\n/x HTTP/1.1\r\nHost: x\r\n\r\n',
    'a path with a space': 'GET /api/alerts/1 /x HTTP/1.1\r\nHost: x\r\n\r\n',
    'no host': 'GET /api/health HTTP/1.1\r\nConnection: close\r\n\r\n',
    'a null byte in a header': 'GET /api/health HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n',
    'a header on two lines': 'GET /api/health HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n : c\r\n\r\n',
    'an unknown version': 'GET /api/health HTTP/9.9\r\nHost: x\r\n\r\n',
  }

  it.each(Object.entries(GARBAGE))('(%s) is answered by the envelope', async (_what, bytes) => {
    const reply = await stage.client.exchange('GET', '/', bytes)
    expect(verdictOf(reply)).toEqual([400, 'INVALID_REQUEST'])
  })
})
