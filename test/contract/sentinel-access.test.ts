import type { FailureBody } from '../support/api-client'
import { contractOf, targetWith, type Operation } from '../support/openapi'
import { rawRequest, statusOf } from '../support/raw-http'
import { spread } from '../support/sampling'
import { SentinelProcess, TOKEN } from '../support/sentinel-process'
import { TelegramStage } from '../support/telegram-stage'

const contract = contractOf('sentinel')
const { operations } = contract

const BAD_CREDENTIALS: Record<string, Record<string, string>> = {
  'a wrong token': { Authorization: 'Bearer another-token-for-tests' },
  'a token that is cut short': { Authorization: `Bearer ${TOKEN.slice(0, -1)}` },
  'a longer token': { Authorization: `Bearer ${TOKEN}x` },
  'an empty token': { Authorization: 'Bearer ' },
  'the bare token': { Authorization: TOKEN },
  'a header of nonsense': { Authorization: '\t;;=' },
  'basic credentials': { Authorization: `Basic ${Buffer.from(`admin:${TOKEN}`).toString('base64')}` },
  'a cookie': { Cookie: `session=${TOKEN}` },
  'the token in another header': { 'X-Api-Key': TOKEN },
}

let stage: TelegramStage
let guarded: SentinelProcess
let open: SentinelProcess

beforeAll(async () => {
  stage = await TelegramStage.open()
  guarded = await SentinelProcess.start({ env: stage.env })
  open = await SentinelProcess.start({ withToken: false })
  await stage.signIn(guarded)
})

afterAll(async () => {
  await Promise.all([guarded.stop(), open.stop()])
  await stage.close()
})

function targetOf(operation: Operation): string {
  return targetWith(operation, '1')
}

// First: what follows calls every operation, signing out among them.
describe('the status', () => {
  it('names the user only to who has the token', async () => {
    const asStranger = await guarded.api.request<{ data: { user_info: unknown } }>('GET', '/api/status', {
      token: null,
    })
    expect(asStranger.body.data).toMatchObject({ authorized: true, connected: true, user_info: null })
    expect(JSON.stringify(asStranger.body)).not.toContain('alexmorgan')
    expect(JSON.stringify(asStranger.body)).not.toContain(String(stage.account.id))
    expect((await guarded.api.status()).user_info).toEqual({
      username: 'alexmorgan',
      first_name: 'Alex',
      user_id: stage.account.id,
    })
  })
})

async function expectStrangerRefused({ method, security, ...operation }: Operation, headers: Record<string, string>) {
  const target = targetWith(operation, '1')
  const reply = await guarded.api.request<FailureBody>(method, target, { token: null, headers })
  if (security.optional) return expect(reply.status).toBe(200)
  expect([reply.status, reply.body.code]).toEqual([401, 'UNAUTHORIZED'])
}

describe.each(operations.map((operation) => [operation.id, operation] as const))('%s', (_id, operation) => {
  const { method } = operation

  it('lets in without credentials only where it is open, and with the token', async () => {
    await expectStrangerRefused(operation, {})
    const reply = await guarded.api.request(method, targetOf(operation))
    expect(reply.status).not.toBe(401)
  })
})

const byAccess = ({ method, security }: Operation) => [method === 'GET', security.optional].join()

it.each(spread(operations, Object.entries(BAD_CREDENTIALS), byAccess))(
  '%s lets in to %s only where it is open',
  (_what, _id, operation, headers) => expectStrangerRefused(operation, headers),
)

const OF_PAGES = [
  ['Origin', 'https://evil.example'],
  ['Origin', 'null'],
  ['Origin', 'http://127.0.0.1:5001'],
  ['Sec-Fetch-Site', 'cross-site'],
].map(([name = '', value = '']) => [`${name}: ${value}`, { [name]: value }] as const)

it.each(spread(operations, OF_PAGES, byAccess))('a web page (%s) is refused by %s', async (...trial) => {
  const [, , operation, headers] = trial
  for (const sentinel of [guarded, open]) {
    const request = {
      method: operation.method,
      target: targetOf(operation),
      headers: { ...headers, ...bearer(sentinel) },
    }
    const reply = await rawRequest(sentinel.port, request)
    expect([reply.status, (reply.body as FailureBody).code]).toEqual([403, 'FORBIDDEN'])
  }
})

const FOREIGN_NAMES = [
  'evil.example',
  'evil.example:8080',
  '127.0.0.1.evil.example',
  '192.168.1.2',
  'localhost.evil.example',
  '',
]
const asInputs = (names: string[]) => names.map((name) => [name, name] as const)

it.each(spread(operations, asInputs(FOREIGN_NAMES), byAccess))(
  'the name "%s" is refused by %s where there is no token (DNS rebinding)',
  async (_what, _id, operation, Host) => {
    const { method } = operation
    const reply = await rawRequest(open.port, { method, target: targetOf(operation), headers: { Host } })
    expect(reply.status).toBe(403)
  },
)

const OWN_NAMES = ['localhost', '127.0.0.1:{port}', '[::1]:{port}', 'LOCALHOST']

it.each(spread(operations, asInputs(OWN_NAMES), byAccess))(
  'the name of this machine "%s" opens %s without a token',
  async (_what, _id, operation, name) => {
    const Host = name.replace('{port}', String(open.port))
    const status = await statusOf(open.port, operation.method, targetOf(operation), { Host })
    expect([401, 403]).not.toContain(status)
  },
)

function bearer({ token }: SentinelProcess): Record<string, string> {
  return token ? { Authorization: `Bearer ${token}` } : {}
}
