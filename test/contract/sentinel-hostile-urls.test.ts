import { randomBytes } from 'node:crypto'
import { expectFailure, expectUnharmed, JSON_TYPE, sendTo } from '../support/hostile'
import { contractOf, targetWith, type Operation } from '../support/openapi'
import { byIntake, spread } from '../support/sampling'
import { SAMPLE_BODIES } from './sample-bodies'
import { exchangeBytes, parseReply, rawRequest } from '../support/raw-http'
import { SentinelProcess } from '../support/sentinel-process'

const contract = contractOf('sentinel')

let sentinel: SentinelProcess
let profileId: number

beforeAll(async () => {
  sentinel = await SentinelProcess.start()
  profileId = (await sentinel.api.createProfile({ name: 'Hostile' })).id
})

afterEach(() => expectUnharmed(sentinel))

afterAll(() => sentinel.stop())

function targetOf(operation: Operation): string {
  return targetWith(operation, String(profileId))
}

const withId = contract.operations.filter(({ path }) => path.includes('{'))
const BAD_IDS = [
  '0',
  '-1',
  '1.5',
  '1e3',
  'abc',
  '%00',
  '1%00',
  'NaN',
  '99999999999999999999',
  '%F0%9F%98%80',
  '..%2f1',
  '%ff',
  '%',
  '%zz',
  "1'--",
]

/** A group's marked id is negative. */
const isMarked = ({ path }: Operation) => /^\/api\/(telegram|coverage)\//.test(path)
const asInputs = (ids: string[]) => ids.map((id) => [id, id] as const)
const TRIED_IDS = [
  ...spread(withId.filter(isMarked), asInputs(BAD_IDS.filter((id) => id !== '-1')), byIntake),
  ...spread(
    withId.filter((operation) => !isMarked(operation)),
    asInputs(BAD_IDS),
    byIntake,
  ),
]

describe('an id', () => {
  it.each(TRIED_IDS)('%s in the path of %s is refused', async (_what, _id, operation, id) => {
    const body = Object.keys(operation.requestBody).length > 0 ? '{"name":"Bad id","read":true}' : ''
    const target = targetWith(operation, id)
    expectFailure(await sendTo(sentinel, operation, target, body ? JSON_TYPE : {}, body), 400, ['INVALID_REQUEST'])
  })
})

const QUERIES: Record<string, string> = {
  'an unknown parameter': 'nonsense=1',
  __proto__: '__proto__=1',
  '__proto__ in brackets': '__proto__[x]=1',
  'a constructor': 'constructor=1',
  toString: 'toString=1',
  'bad percent encoding': 'q=%zz',
  'a lone percent sign': 'q=%',
  'bad UTF-8': 'q=%ff%fe',
  'a null character': 'q=%00',
  'a null character in a name': '%00=1',
  'an unknown parameter that is empty': '=',
}

const withoutHealth = contract.operations.filter(({ id }) => id !== 'streamEvents')

describe('a query', () => {
  it.each(spread(withoutHealth, Object.entries(QUERIES), byIntake))('with %s for %s is refused', async (...trial) => {
    const [, , operation, query] = trial
    expectFailure(await sendQuery(operation, query), 400, ['INVALID_REQUEST'])
  })
})

/** With a body of the right form, so that the query is what is wrong. */
function sendQuery(operation: Operation, query: string) {
  const sample = SAMPLE_BODIES[operation.id]
  const body = sample ? JSON.stringify(sample) : ''
  return sendTo(sentinel, operation, `${targetOf(operation)}?${query}`, body ? JSON_TYPE : {}, body)
}

const VALUES: Record<string, string[]> = {
  deep: ['2', '-1', 'true', '1.5', '', 'x'],
  profile: ['0', '-1', 'x', '', '1.5', '9'.repeat(30)],
  chat: ['x', '', '1'.repeat(17), '--1', '1 OR 1=1'],
  since: ['yesterday', '', '2026-13-01T00:00:00Z', '2026-01-01', '0'],
  min_score: ['-1', 'x', 'NaN', 'Infinity', '1e999'],
  q: ['', 'x'.repeat(201)],
  state: ['', 'UNREAD', 'unread,read'],
  limit: ['0', '501', '-5', '1.5', 'x', '1e9'],
  cursor: ['', 'x', '0', '-1', '1.5', '9'.repeat(41)],
  destination: ['0', '-1', 'x', '', '1.5', '9'.repeat(30)],
  bucket: ['', 'HOUR', 'week'],
  kind: ['', 'CHANNEL', 'friend'],
  folder: ['', 'x', '-1', '1.5', '10001'],
  before: ['', 'x', '0', '-1', '2147483648'],
  'getCoverage.cursor': ['', 'x', '0', '1.5', '9'.repeat(41)],
  'searchMessages.q': ['x'.repeat(301)],
  show: ['', 'ALL', 'some'],
  from: ['', 'x', '@', 'Me', '@a b', '1'.repeat(17), '@' + 'x'.repeat(33)],
  in: ['', 'x', '@', 'ME', '--1', '1 OR 1=1'],
  topic: ['', 'x', '0', '-1', '1.5', '2147483648'],
  has: ['', 'PHOTO', 'photo,link', 'service'],
  until: ['yesterday', '', '2026-13-01T00:00:00Z', '2026-01-01', '0'],
  lang: ['', 'EN', 'xx', 'en,de'],
  deleted: ['', 'ANY', 'true'],
  'getMessageContext.before': ['', 'x', '-1', '1.5', '101'],
  after: ['', 'x', '-1', '1.5', '101'],
  format: ['', 'YAML', 'xml', 'json,yaml'],
  dry_run: ['', 'TRUE', 'yes', '1'],
  generation: ['', 'x', '0', '-1', '1.5', '9'.repeat(30)],
}

const queried = contract.operations.flatMap((operation) =>
  operation.parameters
    .filter((parameter) => parameter.in === 'query')
    .map(({ name }) => [operation.id, name, operation] as const),
)

describe.each(queried)('%s with the parameter %s', (_id, name, operation) => {
  it('refuses each value that does not fit', async () => {
    const values = VALUES[`${operation.id}.${name}`] ?? VALUES[name] ?? []
    expect(values.length).toBeGreaterThan(0)
    for (const value of values) {
      const reply = await sendQuery(operation, `${name}=${encodeURIComponent(value)}`)
      expect([name, value, reply.status]).toEqual([name, value, 400])
    }
  })

  it('refuses it twice', async () => {
    expectFailure(await sendQuery(operation, `${name}=1&${name}=2`), 400, ['INVALID_REQUEST'])
    expectFailure(await sendQuery(operation, `${name}[]=1`), 400, ['INVALID_REQUEST'])
  })
})

describe('what is no HTTP', () => {
  const GARBAGE: Record<string, Buffer | string> = {
    'random bytes': Buffer.concat([randomBytes(2000), Buffer.from('\r\n\r\n')]),
    'a TLS hello': Buffer.from('160301020001000001fc0303', 'hex'),
    'a line of nonsense': 'HELO sentinel\r\n\r\n',
    'a header without a colon': 'GET /api/health HTTP/1.1\r\nnonsense\r\n\r\n',
    'headers of 40 kB': `GET /api/health HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(40_000)}\r\n\r\n`,
    'no host': 'GET /api/health HTTP/1.1\r\nConnection: close\r\n\r\n',
    'a null byte in a header': 'GET /api/health HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n',
    'an unknown version': 'GET /api/health HTTP/9.9\r\nHost: x\r\n\r\n',
  }

  it.each(Object.entries(GARBAGE))('(%s) is answered by the envelope and a closed connection', async (_what, bytes) => {
    const text = await exchangeBytes(sentinel.port, bytes)
    expectFailure(parseReply(text, 'GET', '/', 'sentinel'), 400, ['INVALID_REQUEST'])
  })

  it('but for an expectation that nobody knows is answered all the same', async () => {
    const reply = await rawRequest(sentinel.port, { method: 'GET', target: '/api/health', headers: { Expect: 'tea' } })
    expect(reply.status).toBe(200)
  })

  it('as a path is not found or refused', async () => {
    for (const target of [
      '//evil.example/api/health',
      '/api/%2e%2e/health',
      '/api//health',
      '/api/profiles%00',
      '/%',
    ]) {
      const reply = await rawRequest(sentinel.port, { method: 'GET', target })
      expect([400, 404]).toContain(reply.status)
    }
    const absolute = await exchangeBytes(
      sentinel.port,
      'GET http://evil.example/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    )
    expect(parseReply(absolute, 'GET', '/x', 'sentinel').status).toBe(404)
  })

  it('leaves no trace on what comes after: prototypes are as they were', async () => {
    const { body } = await sentinel.api.request('GET', '/api/profiles')
    expect(JSON.stringify(body)).not.toContain('isAdmin')
    expect((await sentinel.api.profiles()).find(({ id }) => id === profileId)).toMatchObject({
      enabled: true,
      min_score: 1,
    })
  })
})
