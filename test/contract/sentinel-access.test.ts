import type { FailureBody } from '../support/api-client'
import { contractOf, targetWith, type Operation } from '../support/openapi'
import { rawRequest, statusOf } from '../support/raw-http'
import { SentinelProcess, TOKEN } from '../support/sentinel-process'
import { TelegramStage } from '../support/telegram-stage'

const contract = contractOf('sentinel')
const operations = contract.operations.map((operation) => [operation.id, operation] as const)

const BAD_CREDENTIALS: Record<string, Record<string, string>> = {
  'no credentials': {},
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

describe.each(operations)('%s', (_id, operation) => {
  const { method, security } = operation

  it.each(Object.entries(BAD_CREDENTIALS))('with %s lets in only where it is open', async (_name, headers) => {
    const reply = await guarded.api.request<FailureBody>(method, targetOf(operation), { token: null, headers })
    if (security.optional) return expect(reply.status).toBe(200)
    expect([reply.status, reply.body.code]).toEqual([401, 'UNAUTHORIZED'])
  })

  it('with the token lets in', async () => {
    for (const headers of [{ Authorization: `Bearer ${TOKEN}` }, { Authorization: `bearer ${TOKEN}` }]) {
      const reply = await guarded.api.request(method, targetOf(operation), { token: null, headers })
      expect(reply.status).not.toBe(401)
    }
  })

  it.each([
    ['Origin', 'https://evil.example'],
    ['Origin', 'null'],
    ['Origin', 'http://127.0.0.1:5001'],
    ['Sec-Fetch-Site', 'cross-site'],
  ])('refuses a request of a web page (%s: %s)', async (name, value) => {
    for (const sentinel of [guarded, open]) {
      const target = targetOf(operation)
      const reply = await rawRequest(sentinel.port, { method, target, headers: { [name]: value, ...bearer(sentinel) } })
      expect([reply.status, (reply.body as FailureBody).code]).toEqual([403, 'FORBIDDEN'])
    }
  })

  it.each(['evil.example', 'evil.example:8080', '127.0.0.1.evil.example', '192.168.1.2', 'localhost.evil.example', ''])(
    'refuses the name "%s" where there is no token (DNS rebinding)',
    async (Host) => {
      const reply = await rawRequest(open.port, { method, target: targetOf(operation), headers: { Host } })
      expect(reply.status).toBe(403)
    },
  )

  it('is open without a token by the names of this machine', async () => {
    for (const Host of ['localhost', `127.0.0.1:${open.port}`, `[::1]:${open.port}`, 'LOCALHOST']) {
      const status = await statusOf(open.port, method, targetOf(operation), { Host })
      expect([401, 403]).not.toContain(status)
    }
  })
})

function bearer({ token }: SentinelProcess): Record<string, string> {
  return token ? { Authorization: `Bearer ${token}` } : {}
}
