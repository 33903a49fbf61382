import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { expectFailure, expectUnharmed, JSON_TYPE, sendTo } from '../support/hostile'
import { contractOf, targetWith, type Operation } from '../support/openapi'
import { byBody, oneOfEach, spread } from '../support/sampling'
import { exchangeBytes, parseReply, type RawReply } from '../support/raw-http'
import { SentinelProcess, TOKEN } from '../support/sentinel-process'

const withBody = contractOf('sentinel').operations.filter(({ requestBody }) => Object.keys(requestBody).length > 0)

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

function send(operation: Operation, headers: Record<string, string>, body: Buffer | string): Promise<RawReply> {
  return sendTo(sentinel, operation, targetOf(operation), headers, body)
}

function nested(levels: number, open: string, close: string, inner = '1'): string {
  return open.repeat(levels) + inner + close.repeat(levels)
}

type Hostile = [headers: Record<string, string>, body: Buffer | string, status: number | number[], codes?: string[]]

const BODIES: Record<string, Hostile> = {
  'malformed JSON': [JSON_TYPE, '{"a":', 400, ['INVALID_JSON']],
  'two JSON values': [JSON_TYPE, '{} {}', 400, ['INVALID_JSON']],
  'single quotes': [JSON_TYPE, "{'a': 1}", 400, ['INVALID_JSON']],
  'an empty body': [JSON_TYPE, '', 400, ['INVALID_JSON']],
  'white space': [JSON_TYPE, ' \n', 400, ['INVALID_JSON']],
  'no content type': [{}, '{}', 415, ['UNSUPPORTED_MEDIA_TYPE']],
  'an empty content type': [{ 'Content-Type': '' }, '{}', 415],
  'text as content type': [{ 'Content-Type': 'text/plain' }, '{}', 415],
  'a form as content type': [{ 'Content-Type': 'application/x-www-form-urlencoded' }, 'a=1', 415],
  'a content type of nonsense': [{ 'Content-Type': 'application/json/x' }, '{}', 415],
  'another charset': [{ 'Content-Type': 'application/json; charset=utf-16' }, '{}', 415],
  gzip: [{ ...JSON_TYPE, 'Content-Encoding': 'gzip' }, gzipSync('{"read":true}'), 415],
  'an unknown encoding': [{ ...JSON_TYPE, 'Content-Encoding': 'br' }, 'x', 415],
  'an array': [JSON_TYPE, '[]', 400, ['INVALID_REQUEST']],
  'a text': [JSON_TYPE, '"x"', 400, ['INVALID_REQUEST']],
  'a number': [JSON_TYPE, '1', 400, ['INVALID_REQUEST']],
  null: [JSON_TYPE, 'null', 400, ['INVALID_REQUEST']],
  'a raw null byte': [JSON_TYPE, Buffer.from('{"name":"a\0b"}'), 400, ['INVALID_JSON']],
  'an escaped null character': [JSON_TYPE, '{"name":"a\\u0000b"}', 400, ['INVALID_REQUEST']],
  'a null character in a key': [JSON_TYPE, '{"a\\u0000b":1}', 400, ['INVALID_REQUEST']],
  'bad UTF-8': [JSON_TYPE, Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), 400, ['INVALID_JSON']],
  'an overlong UTF-8 slash': [JSON_TYPE, Buffer.from([0x22, 0xc0, 0xaf, 0x22]), 400, ['INVALID_JSON']],
  'random bytes': [JSON_TYPE, randomBytes(4096), 400, ['INVALID_JSON']],
  __proto__: [JSON_TYPE, '{"__proto__":{"isAdmin":true}}', 400, ['INVALID_REQUEST']],
  'constructor.prototype': [JSON_TYPE, '{"constructor":{"prototype":{"x":1}}}', 400, ['INVALID_REQUEST']],
  '10,000 arrays in one another': [JSON_TYPE, nested(10_000, '[', ']'), 400],
  '10,000 objects in one another': [JSON_TYPE, nested(10_000, '{"a":', '}'), 400],
  '10,000 levels that end in a null character': [JSON_TYPE, nested(10_000, '{"a":', '}', '"\\u0000"'), 400],
  'a huge number': [JSON_TYPE, '{"min_score":1e999}', 400],
  'a number of a thousand digits': [JSON_TYPE, `{"api_id":${'9'.repeat(1000)}}`, 400],
  'an unknown field': [JSON_TYPE, '{"nonsense":1}', 400, ['INVALID_REQUEST']],
  'multipart without a boundary': [{ 'Content-Type': 'multipart/form-data' }, 'x', [400, 415]],
  'multipart with another boundary': [
    { 'Content-Type': 'multipart/form-data; boundary=a' },
    '--b\r\n\r\n--b--',
    [400, 415],
  ],
  'multipart that is cut short': [
    { 'Content-Type': 'multipart/form-data; boundary=a' },
    '--a\r\nContent-Disposition: form-data; name="session_file"; filename="x"\r\n\r\nabc',
    [400, 415],
  ],
  'multipart without a file': [
    { 'Content-Type': 'multipart/form-data; boundary=a' },
    '--a\r\nContent-Disposition: form-data; name="session_file"\r\n\r\nabc\r\n--a--\r\n',
    [400, 415],
    ['NO_SESSION_FILE', 'INVALID_IMPORT', 'UNSUPPORTED_MEDIA_TYPE'],
  ],
  'multipart with __proto__ as a field': [
    { 'Content-Type': 'multipart/form-data; boundary=a' },
    '--a\r\nContent-Disposition: form-data; name="__proto__"; filename="x"\r\n\r\nabc\r\n--a--\r\n',
    [400, 415],
  ],
  'multipart with a null byte in its name': [
    { 'Content-Type': 'multipart/form-data; boundary=a' },
    '--a\r\nContent-Disposition: form-data; name="a\0b"; filename="../../x"\r\n\r\nabc\r\n--a--\r\n',
    [400, 415],
  ],
}

it.each(spread(withBody, Object.entries(BODIES), byBody))(
  '%s as the body of %s is refused',
  async (_what, _id, operation, [headers, body, status, codes]) => {
    expectFailure(await send(operation, headers, body), status, codes)
  },
)

describe.each(oneOfEach(withBody, byBody))('the body of %s', (_id, operation) => {
  const hasNoFile = !operation.requestBody['multipart/form-data']

  it('is refused by its declared size before it is sent', async () => {
    const reply = await send(operation, { ...JSON_TYPE, 'Content-Length': '100000000000' }, '')
    expectFailure(reply, 413, [hasNoFile ? 'PAYLOAD_TOO_LARGE' : 'FILE_TOO_LARGE'])
  })

  it('is refused by its size when it comes in chunks', async () => {
    const chunk = `100000\r\n${'A'.repeat(0x100000)}\r\n`
    const head = `${operation.method} ${targetOf(operation)} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\n`
    const rest = 'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n'
    const text = await exchangeBytes(sentinel.port, head + rest + chunk.repeat(16) + '0\r\n\r\n')
    expectFailure(parseReply(text, operation.method, targetOf(operation), 'sentinel'), 413)
  })

  it('is refused when both lengths are given, or a length of nonsense', async () => {
    for (const headers of [{ 'Content-Length': '5', 'Transfer-Encoding': 'chunked' }, { 'Content-Length': '-1' }]) {
      expectFailure(await send(operation, { ...JSON_TYPE, ...headers } as Record<string, string>, '0\r\n\r\n'), 400)
    }
  })
})
