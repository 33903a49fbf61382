import { readFileSync } from 'node:fs'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { FailureBody, Reply } from '../support/api-client'
import { writeReport } from '../support/contract-record'
import { fixtureBytes } from '../../services/session-codec/test/session-fixtures'
import { SentinelProcess } from '../support/sentinel-process'

const MIB = 1024 * 1024

interface Fixture {
  file: string
  strictness: string
  expect: {
    verdict: 'accept' | 'reject'
    http_status?: number[]
    code?: string
    alt_codes?: string[]
    message_may_match?: string
  }
}

interface Verdict {
  file: string
  encoding: string
  strictness: string
  wanted: string
  status: number
  code: string | null
  message: string
}

const manifest = join(__dirname, '../fixtures/sessions/MANIFEST.json')
const { files } = JSON.parse(readFileSync(manifest, 'utf8')) as { files: Fixture[] }
const verdicts: Verdict[] = []
let sentinel: SentinelProcess

beforeAll(async () => {
  // No Telegram application: what is accepted is put in force, but nobody dials Telegram.
  sentinel = await SentinelProcess.start()
})

afterAll(async () => {
  writeReport('fixtures-sentinel.json', verdicts)
  await sentinel.stop()
})

const send = {
  json: (bytes: Buffer) =>
    sentinel.api.request<FailureBody>('POST', '/api/session/import', {
      json: { session_data: bytes.toString('base64') },
    }),
  multipart: (bytes: Buffer, field = 'session_file') => {
    const form = new FormData()
    form.append(field, new Blob([new Uint8Array(bytes)]), 'my.session')
    return sentinel.api.request<FailureBody>('POST', '/api/session/import', { body: form })
  },
}

describe.each(['json', 'multipart'] as const)('an upload as %s', (encoding) => {
  it.each(files.map((fixture) => [fixture.file, fixture] as const))('%s gets its verdict', async (file, fixture) => {
    const bytes = fixtureBytes(file)
    const reply = await send[encoding](bytes)
    const { status, body } = reply
    const { strictness, expect: wanted } = fixture
    const code = body.code ?? null
    verdicts.push({ file, encoding, strictness, wanted: wanted.verdict, status, code, message: body.message })
    if (wanted.verdict === 'accept') expectTaken(reply, bytes)
    else expectRefused(reply, wanted)
  })

  it('takes a file of just 10 MiB to be judged by its content, and refuses one of a byte more by its size', async () => {
    const [just, more] = [await send[encoding](zeros(10 * MIB)), await send[encoding](zeros(10 * MIB + 1))]
    expect([just.status, just.body.code]).toEqual([400, 'INVALID_SESSION_FILE'])
    expect([more.status, more.body.code]).toEqual([413, 'FILE_TOO_LARGE'])
  })

  it('refuses 40 MiB by its size, and the sender gets to read it', async () => {
    const reply = await send[encoding](zeros(40 * MIB))
    expect([reply.status, reply.body.code]).toEqual([413, 'FILE_TOO_LARGE'])
  })
})

function expectTaken({ status, body }: Reply, bytes: Buffer): void {
  expect(body).toMatchObject({
    status: 'ok',
    message: 'Session imported successfully',
    data: { size: bytes.length, session_path: sentinel.sessionPath },
  })
  expect(status).toBe(200)
}

function expectRefused({ status, body }: Reply<FailureBody>, wanted: Fixture['expect']): void {
  expect(wanted.http_status).toContain(status)
  expect([wanted.code, ...(wanted.alt_codes ?? [])]).toContain(body.code)
  expect(body.error.code).toBe(body.code)
  if (wanted.message_may_match) expect(body.message).toMatch(new RegExp(wanted.message_may_match, 'i'))
  expect(body.message).not.toMatch(/SQLITE_|Error:|\n/)
}

function zeros(size: number): Buffer {
  return Buffer.alloc(size)
}

describe('an import', () => {
  const post = (json: unknown) => sentinel.api.request<FailureBody>('POST', '/api/session/import', { json })

  it.each([
    ['no session_data', {}, 'MISSING_SESSION_DATA'],
    ['an empty session_data', { session_data: '' }, 'INVALID_SESSION_FILE'],
    ['a number', { session_data: 7 }, 'INVALID_REQUEST'],
    ['null', { session_data: null }, 'INVALID_REQUEST'],
    ['what is no base64', { session_data: '!!! not base64 !!!' }, 'INVALID_BASE64'],
    ['base64 of a wrong length', { session_data: 'QUJDR' }, 'INVALID_BASE64'],
    ['a further field', { session_data: 'QUJD', path: '/etc/passwd' }, 'INVALID_REQUEST'],
    ['text in base64', { session_data: Buffer.from('hello').toString('base64') }, 'INVALID_SESSION_FILE'],
  ])('with %s is refused', async (_what, body, code) => {
    const reply = await post(body)
    expect([reply.status, reply.body.code]).toEqual([400, code])
  })

  it('as multipart with another field is refused', async () => {
    const reply = await send.multipart(fixtureBytes('a01'), 'file')
    expect([reply.status, reply.body.code]).toEqual([400, 'NO_SESSION_FILE'])
  })

  it('that is refused leaves the session that is in force, and no file behind', async () => {
    await sentinel.api.importSession(fixtureBytes('a01'))
    const before = readFileSync(sentinel.sessionPath)
    const { session_generation: generation } = await sentinel.api.status()
    await send.json(fixtureBytes('r25'))
    await send.multipart(fixtureBytes('r21'))
    expect(readFileSync(sentinel.sessionPath).equals(before)).toBe(true)
    expect((await sentinel.api.status()).session_generation).toBe(generation)
    expect(existsSync(`${sentinel.sessionPath}.arriving`)).toBe(false)
  })

  it('counts generations upwards, one by one', async () => {
    const first = await sentinel.api.importSession(fixtureBytes('a01'))
    const second = await sentinel.api.importSession(fixtureBytes('a02'))
    expect(second.generation).toBe(first.generation + 1)
    expect((await sentinel.api.status()).session_generation).toBe(second.generation)
  })

  it('does not confuse many at once', async () => {
    const sent = ['a01', 'r21', 'a02', 'r25', 'a10', 'r05'].map((name) => send.json(fixtureBytes(name)))
    expect((await Promise.all(sent)).map(({ status }) => status)).toEqual([200, 400, 200, 400, 200, 400])
    const { session_generation: generation, state } = await sentinel.api.status()
    expect([generation, state]).toEqual([expect.any(Number), 'needs_app'])
  })

  it('beyond 24 MB at once is refused before it is read, with the time to try again, and the next one is taken', async () => {
    const replies = await Promise.all(Array.from({ length: 12 }, () => send.multipart(zeros(10 * MIB))))
    const refused = replies.filter(({ status }) => status === 503)
    expect(refused.length).toBeGreaterThan(0)
    for (const { body, headers } of refused)
      expect([body.code, headers.get('retry-after')]).toEqual(['UNAVAILABLE', '5'])
    expect(replies.filter(({ status }) => status === 400).length + refused.length).toBe(12)
    expect((await send.multipart(zeros(10 * MIB))).body.code).toBe('INVALID_SESSION_FILE')
  })

  it('never writes a session into the log', () => {
    const key = fixtureBytes('a01').subarray(-600, -560).toString('base64')
    expect(sentinel.output).not.toContain(key)
    expect(sentinel.output).not.toContain('session_data')
  })
})
