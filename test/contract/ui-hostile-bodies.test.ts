import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { contractOf, targetWith, type Operation } from '../support/openapi'
import { byBody, oneOfEach, spread } from '../support/sampling'
import { PASSWORD } from '../support/ui-process'
import { formWith, type Sent, type UiReply } from './ui-client'
import { forwarded, isOwnPath } from './ui-forwarded'
import { UiStage } from './ui-stage'

const all = [...contractOf('ui').operations, ...forwarded]
const withBody = all.filter(({ requestBody }) => Object.keys(requestBody).length > 0)
const mediaOf = ({ requestBody }: Operation) => Object.keys(requestBody)
const taking = (media: string) => withBody.filter((one) => mediaOf(one).includes(media))
/** What the ui reads itself, and what it passes on, is read by different hands. */
const byHand = (operation: Operation) => `${isOwnPath(operation.path)} ${byBody(operation)}`

let stage: UiStage

beforeAll(async () => {
  stage = await UiStage.open()
})

afterEach(() => stage.expectUnharmed())

afterAll(() => stage.close())

const targetOf = (operation: Operation) => targetWith(operation, '1')
const JSON_TYPE = { 'Content-Type': 'application/json' }

function send(operation: Operation, sent: Sent): Promise<UiReply> {
  return stage.client.owner(operation.method, targetOf(operation), sent)
}

function expectRefusal({ status, body, text }: UiReply, statuses: number[], codes: string[] = []): void {
  expect([status, text]).toEqual([expect.any(Number), expect.stringContaining('"status":"error"')])
  expect(statuses).toContain(status)
  if (codes.length > 0) expect(codes).toContain(body.code)
}

function nested(levels: number, open: string, close: string, inner = '1'): string {
  return open.repeat(levels) + inner + close.repeat(levels)
}

const JSONS: Record<string, [body: Buffer | string, ...codes: string[]]> = {
  'malformed JSON': ['{"a":', 'INVALID_JSON'],
  'two JSON values': ['{} {}', 'INVALID_JSON'],
  'an empty body': ['', 'INVALID_JSON'],
  'white space': [' \n', 'INVALID_JSON'],
  'an array': ['[]', 'INVALID_REQUEST'],
  'a text': ['"x"', 'INVALID_REQUEST'],
  null: ['null', 'INVALID_REQUEST'],
  'a raw null byte': [Buffer.from('{"password":"long enough\0","name":"a\0b"}'), 'INVALID_JSON'],
  'an escaped null character': ['{"password":"long enough\\u0000"}', 'INVALID_REQUEST'],
  'a null character in a name': ['{"a\\u0000b":1}', 'INVALID_REQUEST'],
  'bad UTF-8': [Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), 'INVALID_JSON'],
  'an overlong UTF-8 slash': [Buffer.from([0x22, 0xc0, 0xaf, 0x22]), 'INVALID_JSON'],
  'random bytes': [randomBytes(4096), 'INVALID_JSON'],
  'a form': ['password=long+enough', 'INVALID_JSON'],
  __proto__: ['{"__proto__":{"isAdmin":true}}', 'INVALID_REQUEST'],
  'an unknown field': ['{"password":"long enough","nonsense":1}', 'INVALID_REQUEST'],
  'an object for a text': ['{"password":{"$ne":null},"name":{"$ne":null}}', 'INVALID_REQUEST'],
  '10,000 arrays in one another': [nested(10_000, '[', ']')],
  '10,000 objects in one another': [nested(10_000, '{"a":', '}')],
  '10,000 levels that end in a null character': [nested(10_000, '{"a":', '}', '"\\u0000"')],
}

it.each(spread(taking('application/json'), Object.entries(JSONS), byHand))(
  '%s as the JSON of %s is refused',
  async (_what, _id, operation, [body, ...codes]) => {
    expectRefusal(await send(operation, { headers: JSON_TYPE, body }), [400], codes)
  },
)

const edge = 'multipart/form-data; boundary=edge'
const form = (name: string, rest = 'abc\r\n--edge--\r\n') =>
  `--edge\r\nContent-Disposition: form-data; name="${name}"; filename="../../x"\r\n\r\n${rest}`
const field = (name: string, value: string) =>
  `--edge\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`

const FORMS: Record<string, [type: string, body: string | Buffer, ...codes: string[]]> = {
  'no boundary': ['multipart/form-data', 'x'],
  'another boundary': ['multipart/form-data; boundary=another', form('session_file')],
  'a boundary of 10 kB': [`multipart/form-data; boundary=${'a'.repeat(10_000)}`, form('session_file')],
  'nothing in it': [edge, '--edge--\r\n', 'NO_SESSION_FILE', 'INVALID_REQUEST'],
  'a body that is cut short': [edge, form('session_file', 'abc')],
  'a text for the file': [
    edge,
    '--edge\r\nContent-Disposition: form-data; name="session_file"\r\n\r\nabc\r\n--edge--\r\n',
    'NO_SESSION_FILE',
  ],
  'another field': [edge, form('file'), 'NO_SESSION_FILE'],
  'a file that is no session': [edge, form('session_file'), 'INVALID_SESSION_FILE'],
  'an empty file': [edge, form('session_file', '\r\n--edge--\r\n'), 'INVALID_SESSION_FILE'],
  '__proto__ as a field': [edge, form('__proto__'), 'NO_SESSION_FILE'],
  'a null byte in a name': [edge, form('session_file\0')],
  'a name in bad UTF-8': [edge, Buffer.from(form('\xff\xfe'), 'latin1')],
  'three files': [edge, form('session_file', 'a\r\n').repeat(3) + '--edge--\r\n', 'INVALID_REQUEST'],
  'a thousand fields': [
    edge,
    '--edge\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'.repeat(1000) + '--edge--\r\n',
    'INVALID_REQUEST',
  ],
  'a format that nobody knows': [edge, field('format', 'tdata') + form('session_file'), 'INVALID_REQUEST'],
  'a format that is empty': [edge, field('format', '') + form('session_file'), 'INVALID_REQUEST'],
  'a format that it is not of': [edge, field('format', 'pyrogram') + form('session_file'), 'INVALID_SESSION_FILE'],
  'a format of 100 kB': [edge, field('format', 'x'.repeat(100_000)) + form('session_file'), 'INVALID_REQUEST'],
  'a file for the format': [edge, form('format', 'telethon\r\n') + form('session_file')],
  'a part without headers': [edge, '--edge\r\n\r\nabc\r\n--edge--\r\n'],
}

it.each(spread(taking('multipart/form-data'), Object.entries(FORMS), byHand))(
  '%s in the form of %s is refused',
  async (_what, _id, operation, [type, body, ...codes]) => {
    // What these forms have is judged as a session; the other operation that takes a form looks for settings.
    const expected = operation.id === 'importSettings' ? ['INVALID_IMPORT', 'INVALID_REQUEST'] : codes
    expectRefusal(await send(operation, { headers: { 'Content-Type': type }, body }), [400], expected)
  },
)

describe.each(oneOfEach(taking('multipart/form-data'), byHand))('the form of %s', (_id, operation) => {
  it('is judged by what is in it up to 10 MiB, and refused beyond', async () => {
    const [just, more] = [Buffer.alloc(10 * 1024 * 1024), Buffer.alloc(10 * 1024 * 1024 + 1)]
    expectRefusal(await send(operation, formWith(just)), [400], ['INVALID_SESSION_FILE'])
    expectRefusal(await send(operation, formWith(more)), [413], ['FILE_TOO_LARGE'])
  })
})

const TYPES: Record<string, Record<string, string>> = {
  'no content type': {},
  'an empty one': { 'Content-Type': '' },
  text: { 'Content-Type': 'text/plain' },
  HTML: { 'Content-Type': 'text/html' },
  'a form of a page': { 'Content-Type': 'application/x-www-form-urlencoded' },
  nonsense: { 'Content-Type': 'application/json/x' },
  'letters beyond ASCII': { 'Content-Type': 'applic\xe4tion/json' },
  'another charset': { 'Content-Type': 'application/json; charset=utf-16' },
}

it.each(spread(withBody, Object.entries(TYPES), byHand))(
  '%s is no type for the body of %s',
  async (_what, _id, operation, headers) => {
    const body = JSON.stringify({ password: PASSWORD })
    expectRefusal(await send(operation, { headers, body }), [415], ['UNSUPPORTED_MEDIA_TYPE'])
  },
)

const ENCODINGS = ['gzip', 'br', 'deflate', 'gzip, identity', 'nonsense'].map((name) => [name, name] as const)

it.each(spread(withBody, ENCODINGS, byHand))(
  '%s is no encoding for the body of %s',
  async (_what, _id, operation, name) => {
    const headers = { 'Content-Type': mediaOf(operation)[0] ?? '', 'Content-Encoding': name }
    const body = gzipSync(JSON.stringify({ password: PASSWORD }))
    expectRefusal(await send(operation, { headers, body }), [415], ['UNSUPPORTED_MEDIA_TYPE'])
  },
)

describe.each(oneOfEach(withBody, byHand))('the body of %s', (_id, operation) => {
  const [media = ''] = mediaOf(operation)
  const isOwn = isOwnPath(operation.path)

  it('is refused by its declared size before it is sent, and by itself when it comes in chunks', async () => {
    const { method } = operation
    const before = stage.tap.count
    const type = media.startsWith('multipart') ? edge : media
    const declared = { 'Content-Type': type, 'Content-Length': '100000000000' }
    expectRefusal(await send(operation, { headers: declared }), [413])
    const start = media.startsWith('multipart') ? form('session_file', '') : '{"password":"'
    const chunks = [start, ...Array<string>(16).fill('A'.repeat(0x100000))].map(chunkOf)
    const head = headOf(operation, { 'Content-Type': type, 'Transfer-Encoding': 'chunked' })
    const reply = await stage.client.exchange(method, targetOf(operation), `${head}${chunks.join('')}0\r\n\r\n`)
    expectRefusal(reply, [413])
    if (!isOwn) expect(stage.tap.count).toBe(before)
  })

  it('that is refused by its size is heard out, so that its sender gets to read the answer', async () => {
    const type = media.startsWith('multipart') ? edge : media
    const head = headOf(operation, { 'Content-Type': type, 'Transfer-Encoding': 'chunked' })
    const start = chunkOf(media.startsWith('multipart') ? form('session_file', '') : '{"password":"')
    const part = chunkOf('A'.repeat(0x100000))
    const { answer, failure } = await sendSlowly(stage.ui.port, head + start, [
      ...Array<string>(16).fill(part),
      '0\r\n\r\n',
    ])
    expect([answer.split('\r\n')[0], failure]).toEqual(['HTTP/1.1 413 Payload Too Large', undefined])
  })

  it('is refused when its length is given twice, or is nonsense', async () => {
    const lengths = [{ 'Content-Length': '5', 'Transfer-Encoding': 'chunked' }, { 'Content-Length': '-1' }]
    for (const length of [...lengths, { 'Transfer-Encoding': 'gzip' }, { 'Content-Length': '5, 6' }]) {
      const head = headOf(operation, { 'Content-Type': media, ...length } as Record<string, string>)
      expectRefusal(await stage.client.exchange(operation.method, targetOf(operation), `${head}0\r\n\r\n`), [400])
    }
  })

  it('is no second request', async () => {
    const smuggled = 'DELETE /api/profiles/1 HTTP/1.1\r\nHost: x\r\n\r\n'
    const body = `2\r\n{}\r\n0\r\n\r\n`
    const head = headOf(operation, { 'Content-Type': media, 'Transfer-Encoding': 'chunked' })
    const reply = await stage.client.exchange(operation.method, targetOf(operation), head + body + smuggled)
    expectRefusal(reply, [400, 415])
  })
})

/** Sends on, part by part, each once the one before has gone out, whatever is answered meanwhile. */
async function sendSlowly(port: number, head: string, parts: string[]) {
  const socket = connect(port, '127.0.0.1').setEncoding('latin1')
  let answer = ''
  let failure: string | undefined
  socket.on('data', (text) => (answer += text))
  socket.on('error', (error) => (failure = error.message))
  const closed = new Promise((resolve) => socket.once('close', resolve))
  const write = (text: string) => new Promise<void>((resolve) => socket.write(text, () => resolve()))
  await write(head)
  for (const part of parts) await write(part)
  await closed
  return { answer, failure }
}

function chunkOf(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
}

function headOf(operation: Operation, headers: Record<string, string>): string {
  const all = { Host: `127.0.0.1:${stage.ui.port}`, Connection: 'close', ...stage.client.asOwner, ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${operation.method} ${targetOf(operation)} HTTP/1.1\r\n${lines.join('')}\r\n`
}
