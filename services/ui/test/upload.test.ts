import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readSessionRow } from '@tgsentinel/session-codec/session-codec'
import { ADA, freshStatus, refuse, reply, TOKEN } from './fake-sentinel'
import { sessionFile, UiHarness, until } from './ui-harness'

const FIXTURES = join(__dirname, '../../../test/fixtures/sessions')
const MANIFEST = JSON.parse(readFileSync(join(FIXTURES, 'MANIFEST.json'), 'utf8')) as {
  files: { file: string; expect: { verdict: 'accept' | 'reject' } }[]
}
/** Their verdict depends on the address, which the sentinel judges by its TG_DC_ALLOW, or on quick_check. */
const JUDGED_BY_THE_SENTINEL = [
  'r16_address_hostname.session',
  'r17_address_metadata.session',
  'r18_address_loopback_v4.session',
  'r19_address_loopback_v6.session',
  'r25_corrupt_page.session',
]
const GOOD = sessionFile('a01_minimal_v7.session')
const BEARER = { Authorization: `Bearer ${TOKEN}`, Cookie: '', Origin: undefined }

let ui: UiHarness
beforeEach(async () => {
  ui = await UiHarness.start()
})
afterEach(() => ui.stop())

/** Generations whose import the ui has given up. */
const cancelled = () =>
  ui.sentinel.heard.filter(({ method }) => method === 'DELETE').map(({ url }) => url.split('=')[1])

/** As a program, which needs no password. */
const upload = (bytes: Buffer) => ui.upload(bytes, '', BEARER)

describe('an upload', () => {
  test('of a Pyrogram file is refused until it is to be converted', async () => {
    const file = sessionFile('r26_pyrogram_v3.session')
    const refused = await upload(file)
    expect([refused.status, refused.body.code]).toEqual([400, 'INVALID_SESSION_FILE'])
    expect(refused.body.message).toContain('this is a Pyrogram session')
    const reply = await ui.upload(file, '', BEARER, 'pyrogram')
    expect(reply.status).toBe(200)
    const sent = ui.sentinel.heard.find(({ url }) => url === '/api/session/import')?.body
    expect(sent?.includes(file)).toBe(true)
    expect(sent?.toString('latin1')).toMatch(/name="format"\s+pyrogram/)
  })

  test.each([
    [GOOD, 'pyrogram', 'Pyrogram'],
    [GOOD, 'other', 'format must be one of'],
    [sessionFile('r27_browser_cookies.session'), 'pyrogram', 'Pyrogram'],
  ])('that is not of the format it names is refused (%#)', async (bytes, format, words) => {
    const { status, body } = await ui.upload(bytes, '', BEARER, format)
    expect([status, body.message]).toEqual([400, expect.stringContaining(words)])
  })

  test('is answered once the sentinel is authorized with this very session', async () => {
    await ui.setUp()
    const { status, body } = await ui.upload(GOOD)
    expect([status, body]).toEqual([
      200,
      {
        status: 'ok',
        message: 'Signed in as @ada',
        data: { redirect: '/', generation: 1, user_info: ADA },
        error: null,
      },
    ])
    const sent = ui.sentinel.heard.find(({ url }) => url === '/api/session/import')
    expect(sent?.body.includes(GOOD)).toBe(true)
    expect(sent?.headers).toMatchObject({ authorization: `Bearer ${TOKEN}`, 'x-request-id': expect.any(String) })
    expect(sent?.headers.cookie).toBeUndefined()
  })

  test('of a program needs a token alone', async () => {
    expect((await ui.upload(GOOD, '', BEARER)).status).toBe(200)
    expect((await ui.upload(GOOD, '', { Cookie: '' })).status).toBe(401)
  })

  test('never takes an older account for this one', async () => {
    ui.sentinel.authorize(0, { username: 'old', first_name: 'Old', user_id: 1 })
    ui.sentinel.onImport = () => undefined
    const early = await upload(GOOD)
    expect([early.status, early.body.code]).toEqual([504, 'NOT_AUTHORIZED_IN_TIME'])
    expect(early.body.message).toContain('Asking Telegram.')
  })

  test('waits for an older account to make room', async () => {
    ui.sentinel.authorize(0, { username: 'old', first_name: 'Old', user_id: 1 })
    ui.sentinel.onImport = () => undefined
    const answer = upload(GOOD)
    const asked = () => ui.sentinel.heard.filter(({ url }) => url === '/api/status').length
    await until(() => asked() > 2, 'asked again')
    ui.sentinel.authorize(1)
    expect((await answer).body.data).toMatchObject({ generation: 1, user_info: ADA })
  })

  test('hears of it by an event when asking is slow, and by asking when there are no events', async () => {
    await ui.ui.close()
    await ui.startUi({}, { pollMs: 60_000, authorizationMs: 20_000 })
    ui.sentinel.onImport = () => undefined
    const answer = upload(GOOD)
    await until(() => ui.sentinel.streams.size > 0, 'listens')
    ui.sentinel.authorize(1)
    expect((await answer).status).toBe(200)
    await ui.ui.close()
    await ui.startUi()
    ui.sentinel.answers.set('GET /api/events', (_heard, response) => refuse(response, 503, 'UNAVAILABLE', 'Too many.'))
    ui.sentinel.onImport = (generation) => ui.sentinel.authorize(generation)
    expect((await upload(GOOD)).status).toBe(200)
  })

  test('that Telegram rejects is told with its reason', async () => {
    ui.sentinel.onImport = (generation) =>
      ui.sentinel.setStatus({
        import: {
          generation,
          state: 'failed',
          code: 'SESSION_REVOKED',
          message: 'Telegram says that this session was signed out.',
        },
      })
    const { status, body } = await upload(GOOD)
    expect([status, body.code, body.message]).toEqual([
      409,
      'SESSION_REJECTED',
      'Telegram says that this session was signed out.',
    ])
  })

  test('without a Telegram application is told at once what to do', async () => {
    ui.sentinel.status = { ...freshStatus(), app_configured: false }
    ui.sentinel.onImport = (generation) =>
      ui.sentinel.setStatus({
        state: 'needs_app',
        import: { generation, state: 'verifying', code: 'NEEDS_APP', message: 'Waits for an API id.' },
      })
    const { status, body } = await upload(GOOD)
    expect([status, body.code]).toEqual([409, 'NEEDS_APP'])
    expect(cancelled()).toEqual([])
    expect(body.message).toContain('API id and API hash')
  })

  test('that is not authorized in time is given up at the sentinel before the answer says so', async () => {
    ui.sentinel.onImport = () => undefined
    expect((await upload(GOOD)).status).toBe(504)
    expect(cancelled()).toEqual(['1'])
    expect(ui.sentinel.status.import).toMatchObject({ generation: 1, state: 'failed', code: 'CANCELLED' })
  })

  test('that takes force in the very moment it is given up has succeeded', async () => {
    ui.sentinel.onImport = () => undefined
    ui.sentinel.answers.set('DELETE /api/session/import', (_heard, response) => {
      ui.sentinel.authorize(1)
      refuse(response, 409, 'NO_IMPORT', 'It is in force.')
    })
    const { status, body } = await upload(GOOD)
    expect([status, body.data]).toEqual([200, expect.objectContaining({ generation: 1, user_info: ADA })])
  })

  test('whose browser goes away is given up', async () => {
    ui.sentinel.onImport = () => undefined
    const leaving = new AbortController()
    const form = new FormData()
    form.append('session_file', new Blob([new Uint8Array(GOOD)]), 'x.session')
    const init = { method: 'POST', body: form, headers: { Authorization: `Bearer ${TOKEN}` }, signal: leaving.signal }
    const answer = fetch(`${ui.origin}/api/session/upload`, init).catch((error: Error) => error.name)
    await until(() => ui.sentinel.generation === 1, 'imported')
    leaving.abort()
    expect(await answer).toBe('AbortError')
    await until(() => cancelled().includes('1'), 'given up')
  })

  test('that somebody cancels is answered at once, and its events say so', async () => {
    ui.sentinel.onImport = () => undefined
    const answer = upload(GOOD)
    await until(() => ui.sentinel.generation === 1, 'imported')
    const cancelling = await ui.send('DELETE', '/api/session/import?generation=1', { headers: BEARER })
    expect([cancelling.status, cancelling.body.data]).toEqual([200, { generation: 1 }])
    const { status, body } = await answer
    expect([status, body.code, body.message]).toEqual([409, 'IMPORT_CANCELLED', expect.stringContaining('cancelled')])
  })

  test('gives way to a newer one', async () => {
    ui.sentinel.onImport = (generation) => generation === 2 && ui.sentinel.authorize(2)
    const first = upload(GOOD)
    await until(() => ui.sentinel.generation === 1, 'imported')
    expect((await upload(GOOD)).status).toBe(200)
    expect((await first).body.code).toBe('SESSION_REJECTED')
  })

  test('of Telegram Desktop’s data is told the one next step, and no other', async () => {
    const { status, body } = await upload(Buffer.concat([Buffer.from('TDF$'), Buffer.alloc(900, 1)]))
    expect([status, body.code]).toEqual([400, 'INVALID_SESSION_FILE'])
    expect(body.message).toMatch(/tdata.*sign in here with a QR code.*\)\.$/)
    expect(body.message).not.toContain('Telethon')
  })

  test('beyond 24 MB at once is refused until the sentinel has the others', async () => {
    const large = sessionFile('a16_large_just_under_10MiB.session.gz')
    const held: (() => void)[] = []
    ui.sentinel.answers.set('POST /api/session/import', (_heard, response) => {
      const data = { session_path: 'x', size: 1, imported_at: new Date().toISOString(), generation: held.length + 1 }
      held.push(() => reply(response, data, 'Session imported successfully'))
    })
    const two = [upload(large), upload(large)]
    await until(() => held.length === 2, 'both forwarded')
    const third = await upload(large)
    expect([third.status, third.body.code, third.headers.get('retry-after')]).toEqual([503, 'UNAVAILABLE', '5'])
    held.forEach((answer) => answer())
    ui.sentinel.answers.clear()
    const next = upload(large)
    await until(() => ui.sentinel.generation === 1, 'the next one')
    await Promise.all([...two, next])
    expect((await next).status).toBe(200)
  })

  test('without a file, or under another name, is a bad request', async () => {
    expect((await ui.send('POST', '/api/session/upload', { body: new FormData(), headers: BEARER })).body.code).toBe(
      'NO_SESSION_FILE',
    )
    const form = new FormData()
    form.append('file', new Blob([new Uint8Array(GOOD)]), 'x.session')
    expect((await ui.send('POST', '/api/session/upload', { body: form, headers: BEARER })).body.code).toBe(
      'NO_SESSION_FILE',
    )
    expect((await ui.post('/api/session/upload', {}, BEARER)).status).toBe(415)
  })
})

describe('a sentinel that fails an upload', () => {
  const IMPORT = 'POST /api/session/import'

  test.each([
    ['refuses the file', 400, 'INVALID_SESSION_FILE', 400, 'INVALID_SESSION_FILE'],
    ['finds it too large', 413, 'FILE_TOO_LARGE', 413, 'FILE_TOO_LARGE'],
    ['refuses our token', 401, 'UNAUTHORIZED', 502, 'SENTINEL_REFUSED_TOKEN'],
    ['cannot store it', 503, 'STORAGE_UNAVAILABLE', 503, 'STORAGE_UNAVAILABLE'],
    ['fails inside', 500, 'INTERNAL', 502, 'SENTINEL_BAD_REPLY'],
    ['has a code of its own', 409, 'SOMETHING_NEW', 502, 'SENTINEL_BAD_REPLY'],
  ])('that %s', async (_what, theirStatus, theirCode, status, code) => {
    ui.sentinel.answers.set(IMPORT, (_heard, response) => refuse(response, theirStatus, theirCode, 'In its own words.'))
    const answer = await upload(GOOD)
    expect([answer.status, answer.body.code]).toEqual([status, code])
    if (code === theirCode) expect(answer.body.message).toBe('In its own words.')
  })

  test.each(['<html>', '', 'null', '[]', '{"status":"ok"}', '{"status":"ok","data":{"generation":"1"},"error":null}'])(
    'that answers %j',
    async (text) => {
      ui.sentinel.answers.set(IMPORT, (_heard, response) => void response.end(text))
      const answer = await upload(GOOD)
      expect([answer.status, answer.body.code]).toEqual([502, 'SENTINEL_BAD_REPLY'])
    },
  )

  test('that is not there', async () => {
    await ui.sentinel.stop()
    const answer = await upload(GOOD)
    expect([answer.status, answer.body.code]).toEqual([503, 'SENTINEL_UNREACHABLE'])
  })

  test('that hangs', async () => {
    await ui.ui.close()
    await ui.startUi({}, { callMs: 200 })
    ui.sentinel.answers.set(IMPORT, () => undefined)
    const answer = await upload(GOOD)
    expect([answer.status, answer.body.code]).toEqual([504, 'SENTINEL_TIMEOUT'])
  })

  test('that tells nonsense about its state until it is mended', async () => {
    ui.sentinel.answers.set('GET /api/status', (_heard, response) => reply(response, { authorized: 'yes' }))
    ui.sentinel.onImport = () => undefined
    const answer = await upload(GOOD)
    expect([answer.status, answer.body.code]).toEqual([502, 'SENTINEL_BAD_REPLY'])
    ui.sentinel.answers.clear()
    ui.sentinel.authorize(1)
    ui.sentinel.onImport = (generation) => ui.sentinel.authorize(generation)
    expect((await upload(GOOD)).status).toBe(200)
  })
})

describe('the fixtures', () => {
  test.each(MANIFEST.files.map(({ file, expect: { verdict } }) => [file, verdict]))('%s', async (file, verdict) => {
    const answer = await upload(sessionFile(file as string))
    const passes = verdict === 'accept' || JUDGED_BY_THE_SENTINEL.includes(file as string)
    const tooLarge = file.startsWith('r31')
    expect([answer.status, answer.body.code]).toEqual(
      passes ? [200, undefined] : tooLarge ? [413, 'FILE_TOO_LARGE'] : [400, 'INVALID_SESSION_FILE'],
    )
    expect(ui.sentinel.heard.some(({ url }) => url === '/api/session/import')).toBe(passes)
    // A refusal has a next step.
    if (!passes) expect(answer.body.message).toMatch(/upload|choose/i)
    if (tooLarge) expect(answer.body.message).toContain('DELETE FROM entities')
  })
})

test('nothing of an upload is left on the disk, and the audit log knows of it', async () => {
  await ui.setUp()
  await ui.upload(GOOD)
  await ui.upload(sessionFile('r06_missing_sessions.session'))
  const key = readSessionRow(GOOD)?.authKey as Buffer
  expect(GOOD.includes(key)).toBe(true)
  const files = readdirSync(ui.folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  expect(files.map(({ name }) => name)).toContain('ui.db')
  for (const { parentPath, name } of files)
    expect(readFileSync(join(parentPath, name)).includes(key.subarray(0, 32))).toBe(false)
  expect(existsSync(join(ui.folder, 'ui', 'secret.key'))).toBe(true)
  const entries = (await ui.get('/api/audit')).body.data['entries'] as unknown as { action: string; detail: string }[]
  expect(entries.slice(0, 2)).toMatchObject([
    { action: 'session_upload_failed', detail: 'INVALID_SESSION_FILE' },
    { action: 'session_uploaded', detail: 'generation 1' },
  ])
})
