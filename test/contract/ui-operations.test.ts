import { join } from 'node:path'
import Database from '@tgsentinel/sqlite-driver'
import { PASSWORD, sessionFile, UiHarness } from '../../services/ui/test/ui-harness'
import { TOKEN } from '../../services/ui/test/fake-sentinel'
import { statusesSeen, writeReport } from '../support/contract-record'
import { contractOf } from '../support/openapi'
import { SAMPLE_DRAFT } from '../../services/ui/test/sample-draft'
import { formWith, UiClient, type Sent, type UiReply } from './ui-client'

const contract = contractOf('ui')
const SESSION = sessionFile('a01_minimal_v7.session')
const FOREIGN = { Origin: 'https://evil.example' }
const large = (): Sent => ({ json: { password: 'x'.repeat(600 * 1024) } })
const xml = (): Sent => ({ body: '<xml/>', headers: { 'Content-Type': 'text/xml' } })

const opened: UiHarness[] = []
let main: UiHarness
let client: UiClient

beforeAll(async () => {
  main = await open()
  client = clientOf(main)
  client.cookie = await client.signIn('/api/auth/setup', PASSWORD)
})

afterAll(() => Promise.all(opened.map((ui) => ui.stop())))

/** A ui of its own, without a password yet unless its environment has one. */
async function open(env: Record<string, string> = {}, callMs = 30_000): Promise<UiHarness> {
  const ui = await UiHarness.start(env, { callMs })
  opened.push(ui)
  return ui
}

function clientOf(ui: UiHarness): UiClient {
  return new UiClient(ui.ui.port, TOKEN)
}

async function anotherBrowser(): Promise<UiClient> {
  const other = clientOf(main)
  other.cookie = await other.signIn('/api/auth/login', PASSWORD)
  return other
}

async function idOf(browser: UiClient): Promise<number> {
  const { body } = await browser.owner('GET', '/api/auth/sessions')
  const sessions = body.data['sessions'] as { id: number; current: boolean }[]
  return sessions.find(({ current }) => current)?.id ?? 0
}

/** A change of the password where something of its own is: a fresh password, or one of the environment. */
async function changeOf(current: string, env: Record<string, string> = {}, tries = 1): Promise<UiReply> {
  const owner = clientOf(await open(env))
  owner.cookie = await owner.signIn(env['UI_ADMIN_PASSWORD'] ? '/api/auth/login' : '/api/auth/setup', PASSWORD)
  const change = () => owner.owner('POST', '/api/auth/password', { json: { current, new: 'another long one' } })
  for (let attempt = 1; attempt < tries; attempt++) expect((await change()).status).toBe(401)
  return change()
}

async function tooManyAttempts(): Promise<UiReply> {
  const guessed = clientOf(await open())
  await guessed.signIn('/api/auth/setup', PASSWORD)
  const guess = () => guessed.send('POST', '/api/auth/login', { json: { password: 'wrong' } })
  for (let attempt = 0; attempt < 5; attempt++) expect((await guess()).status).toBe(401)
  return guess()
}

/** An upload while the sentinel's import answers in its own way. */
async function uploadTo(answer: 'nonsense' | 'nothing' | 'absence'): Promise<UiReply> {
  const ui = await open({}, answer === 'nothing' ? 300 : undefined)
  if (answer === 'absence') await ui.sentinel.stop()
  const say = answer === 'nonsense' ? '<html>' : undefined
  ui.sentinel.answers.set('POST /api/session/import', (_heard, response) => void (say && response.end(say)))
  return clientOf(ui).program('POST', '/api/session/upload', formWith(SESSION))
}

/** Telegram does not take the session. */
async function rejectedUpload(): Promise<UiReply> {
  const ui = await open({})
  const refusal = { state: 'failed', code: 'SESSION_REVOKED', message: 'It was signed out.' } as const
  ui.sentinel.onImport = (generation) => ui.sentinel.setStatus({ import: { generation, ...refusal } })
  return clientOf(ui).program('POST', '/api/session/upload', formWith(SESSION))
}

/** A link that is followed while the sentinel answers in its own way; undefined: not at all. */
async function follow(ui: UiHarness, status: number, answer: object | undefined): Promise<UiReply> {
  ui.sentinel.answers.set(`POST /api/answers/${LINK}`, (_heard, response) => {
    if (answer) response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer))
  })
  return clientOf(ui).send('POST', `/a/${LINK}`)
}

const LINK = 'A'.repeat(44)
const ANSWERED = { alert_id: 7, answer: 'wanted', snoozed_until: null }
const refusal = (code: string) => ({
  status: 'error',
  code,
  message: 'No.',
  data: null,
  error: { code, message: 'No.' },
})
const setup = (sent: Sent) => client.send('POST', '/api/auth/setup', sent)
const login = (sent: Sent) => client.send('POST', '/api/auth/login', sent)
const upload = (sent: Sent) => client.owner('POST', '/api/session/upload', sent)
const DRAFT = '/api/drafts/profiles/new'
const password = { json: { password: PASSWORD } }

/** How each documented status of each operation is brought about. */
const CALLS: Record<string, Record<number, () => Promise<UiReply>>> = {
  getUiHealth: { 200: () => client.send('GET', '/api/health') },
  getUiLiveness: { 200: () => client.send('GET', '/api/livez') },
  getUiReadiness: {
    200: () => client.send('GET', '/api/readyz'),
    503: () => {
      const other = new Database(join(main.folder, 'ui/ui.db'))
      other.exec('BEGIN IMMEDIATE')
      return client.send('GET', '/api/readyz').finally(() => other.close())
    },
  },
  getAuth: { 200: () => client.send('GET', '/api/auth') },
  setupPassword: {
    200: async () => clientOf(await open()).send('POST', '/api/auth/setup', password),
    400: () => setup({ json: { password: 'short' } }),
    403: () => setup({ ...password, headers: FOREIGN }),
    409: () => setup(password),
    413: () => setup(large()),
    415: () => setup(xml()),
  },
  login: {
    200: () => login(password),
    400: () => login({ json: {} }),
    401: () => login({ json: { password: 'wrong' } }),
    403: () => login({ ...password, headers: FOREIGN }),
    409: async () => clientOf(await open()).send('POST', '/api/auth/login', password),
    413: () => login(large()),
    415: () => login(xml()),
    429: tooManyAttempts,
  },
  logout: {
    200: async () => (await anotherBrowser()).owner('POST', '/api/auth/logout'),
    401: () => client.send('POST', '/api/auth/logout'),
    403: () => client.owner('POST', '/api/auth/logout', { headers: FOREIGN }),
  },
  changePassword: {
    200: () => changeOf(PASSWORD),
    400: () => client.owner('POST', '/api/auth/password', { json: { current: PASSWORD, new: 'short' } }),
    401: () => changeOf('wrong'),
    403: () => client.program('POST', '/api/auth/password', { json: { current: PASSWORD, new: PASSWORD } }),
    409: () => changeOf(PASSWORD, { UI_ADMIN_PASSWORD: PASSWORD }),
    413: () => client.owner('POST', '/api/auth/password', large()),
    415: () => client.owner('POST', '/api/auth/password', xml()),
    429: () => changeOf('wrong', {}, 6),
  },
  listUiSessions: {
    200: () => client.owner('GET', '/api/auth/sessions'),
    401: () => client.send('GET', '/api/auth/sessions'),
    403: () => client.program('GET', '/api/auth/sessions'),
  },
  revokeUiSession: {
    200: async () => client.owner('DELETE', `/api/auth/sessions/${await idOf(await anotherBrowser())}`),
    400: () => client.owner('DELETE', '/api/auth/sessions/zero'),
    401: () => client.send('DELETE', '/api/auth/sessions/1'),
    403: () => client.owner('DELETE', '/api/auth/sessions/1', { headers: FOREIGN }),
    404: () => client.owner('DELETE', '/api/auth/sessions/999999'),
  },
  listAudit: {
    200: () => client.owner('GET', '/api/audit'),
    401: () => client.send('GET', '/api/audit'),
    403: () => client.program('GET', '/api/audit'),
  },
  uploadSession: {
    200: () => upload(formWith(SESSION)),
    400: () => upload(formWith(Buffer.from('no session'))),
    401: () => client.send('POST', '/api/session/upload', formWith(SESSION)),
    403: () => upload({ ...formWith(SESSION), headers: { ...formWith(SESSION).headers, ...FOREIGN } }),
    409: rejectedUpload,
    413: () => upload(formWith(Buffer.alloc(10 * 1024 * 1024 + 1))),
    415: () => upload({ json: {} }),
    502: () => uploadTo('nonsense'),
    503: () => uploadTo('absence'),
    504: () => uploadTo('nothing'),
  },
  openAnswerLink: {
    303: () => client.send('GET', `/a/${LINK}`),
    400: () => client.send('GET', '/a/token'),
  },
  followAnswerLink: {
    200: () => follow(main, 200, { status: 'ok', message: 'Wanted: kept for Security.', data: ANSWERED, error: null }),
    400: () => client.send('POST', '/a/token'),
    404: () => follow(main, 404, refusal('NOT_FOUND')),
    409: () => follow(main, 409, refusal('CONFLICT')),
    410: () => follow(main, 410, refusal('LINK_USED')),
    502: () => follow(main, 200, { status: 'ok', data: null, error: null }),
    503: async () => {
      const ui = await open()
      await ui.sentinel.stop()
      return clientOf(ui).send('POST', `/a/${LINK}`)
    },
    504: async () => follow(await open({}, 300), 200, undefined),
  },
  getUiMetrics: {
    200: () => client.program('GET', '/metrics'),
    401: () => client.send('GET', '/metrics'),
  },
  getProfileDraft: {
    200: () => client.owner('GET', DRAFT),
    400: () => client.owner('GET', '/api/drafts/profiles/zero'),
    401: () => client.send('GET', DRAFT),
    403: () => client.program('GET', DRAFT),
  },
  putProfileDraft: {
    200: () => client.owner('PUT', DRAFT, { json: SAMPLE_DRAFT }),
    400: () => client.owner('PUT', DRAFT, { json: {} }),
    401: () => client.send('PUT', DRAFT, { json: SAMPLE_DRAFT }),
    403: () => client.owner('PUT', DRAFT, { json: SAMPLE_DRAFT, headers: FOREIGN }),
    413: () => client.owner('PUT', DRAFT, large()),
    415: () => client.owner('PUT', DRAFT, xml()),
  },
  deleteProfileDraft: {
    200: () => client.owner('DELETE', DRAFT),
    400: () => client.owner('DELETE', '/api/drafts/profiles/-1'),
    401: () => client.send('DELETE', DRAFT),
    403: () => client.program('DELETE', DRAFT),
  },
  streamUiEvents: {
    200: () => client.owner('GET', '/api/events'),
    401: () => client.send('GET', '/api/events'),
  },
}

describe('every operation of the ui', () => {
  const documented = contract.operations.flatMap(({ id, responses }) =>
    Object.keys(responses).map((status) => [id, Number(status)] as const),
  )

  it.each(documented)('%s answers %i where it is documented', async (id, status) => {
    const call = CALLS[id]?.[status]
    if (!call) throw new Error(`No call is known that makes ${id} answer ${status}`)
    const reply = await call()
    expect([reply.status, reply.text]).toEqual([status, expect.any(String)])
  })

  it('is called here in each of its documented statuses', () => {
    const seen = statusesSeen('ui')
    const report = contract.operations.map(({ id, responses }) => {
      const statuses = Object.keys(responses).map(Number)
      return { operation: id, documented: statuses, missing: statuses.filter((status) => !seen.get(id)?.has(status)) }
    })
    writeReport('contract-ui.json', report)
    expect(report.filter(({ missing }) => missing.length > 0)).toEqual([])
    expect(Object.keys(CALLS).sort()).toEqual(contract.operations.map(({ id }) => id).sort())
  })
})

describe('what goes beside a reply', () => {
  it('says how long to wait after too many wrong passwords', async () => {
    const { status, headers, body } = await tooManyAttempts()
    expect([status, body.code]).toEqual([429, 'TOO_MANY_ATTEMPTS'])
    expect(Number(headers['retry-after'])).toBeGreaterThan(0)
  })

  it('is a cookie that scripts cannot read, and that a sign-out takes back', async () => {
    const signedIn = await login(password)
    expect(signedIn.headers['set-cookie']).toMatch(/^session=[\w.-]+; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/)
    const signedOut = await (await anotherBrowser()).owner('POST', '/api/auth/logout')
    expect(signedOut.headers['set-cookie']).toMatch(/^session=; Path=\/; Max-Age=0;/)
  })

  it('is never a cache’s to keep, nor a browser’s to guess', async () => {
    for (const reply of [await client.owner('GET', '/api/audit'), await client.send('GET', '/api/audit')]) {
      expect(reply.headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
    }
  })
})
