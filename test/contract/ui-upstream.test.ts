import { createServer, type Server } from 'node:net'
import { freshStatus, refuse, reply, TOKEN, type Heard } from '../../services/ui/test/fake-sentinel'
import { sessionFile, UiHarness } from '../../services/ui/test/ui-harness'
import type { ServerResponse } from 'node:http'
import { targetWith } from '../support/openapi'
import { until } from '../support/until'
import { formWith, UiClient, type UiReply } from './ui-client'
import { forwarded } from './ui-forwarded'
import { verdictOf } from './ui-stage'

const IMPORT = 'POST /api/session/import'
const JSON_TYPE = { 'Content-Type': 'application/json' }
const SESSION = sessionFile('a01_minimal_v7.session')

/** Waits for answers as long as a busy machine may need. */
let ui: UiHarness
/** Gives up soon: for what never comes. */
let hasty: UiHarness

beforeAll(async () => {
  ui = await UiHarness.start({}, { pollMs: 20 })
  hasty = await UiHarness.start({}, { callMs: 250, authorizationMs: 400, pollMs: 20 })
})

beforeEach(() => {
  for (const { sentinel } of [ui, hasty]) {
    sentinel.answers.clear()
    sentinel.status = freshStatus()
    sentinel.onImport = (generation) => sentinel.authorize(generation)
  }
})

afterAll(async () => {
  await ui.stop()
  await hasty.stop()
})

const clientOf = (harness: UiHarness) => new UiClient(harness.ui.port, TOKEN)
const uploadTo = (harness: UiHarness) => clientOf(harness).program('POST', '/api/session/upload', formWith(SESSION))
const upload = () => uploadTo(ui)

/** How a sentinel misbehaves when it is asked for something. */
type Misbehaviour = (response: ServerResponse, heard: Heard) => void

const send = (status: number, text: string | Buffer, type = 'application/json'): Misbehaviour => {
  return (response) => void response.writeHead(status, { 'Content-Type': type }).end(text)
}

const NONSENSE: Record<string, Misbehaviour> = {
  'a page': send(200, '<!doctype html><title>Welcome to nginx</title>', 'text/html'),
  'a page of a proxy': send(502, '<html>Bad Gateway</html>', 'text/html'),
  'a page that calls itself a photo': send(404, '<html>', 'image/jpeg'),
  'a photo of another type': send(200, Buffer.from('89504e470d0a1a0a', 'hex'), 'image/png'),
  nothing: send(200, ''),
  'a list': send(200, '[]'),
  null: send(200, 'null'),
  'half an envelope': send(200, '{"status":"ok","da'),
  'an envelope in bad UTF-8': send(200, Buffer.from([0x7b, 0xff, 0x7d])),
  '10,000 levels': send(200, '['.repeat(10_000)),
  'a redirect': (response) => void response.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end(),
  'a refusal of our token': (response) => refuse(response, 401, 'UNAUTHORIZED', 'No.'),
  'a length that it does not keep to': (response) => {
    response.writeHead(200, { ...JSON_TYPE, 'Content-Length': '5' })
    response.socket?.end('HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{}')
  },
}

const HANGING: Record<string, Misbehaviour> = {
  'before its answer': () => undefined,
  'after the head': (response) => response.writeHead(200, JSON_TYPE).flushHeaders(),
  'in the midst of its answer': (response) => void response.writeHead(200, JSON_TYPE).write('{"status":'),
  'by answering drop by drop': (response) => {
    response.writeHead(200, JSON_TYPE)
    const timer = setInterval(() => response.write(' '), 20)
    response.once('close', () => clearInterval(timer))
  },
}

function misbehave(key: string, how: Misbehaviour, harness = ui): void {
  harness.sentinel.answers.set(key, (heard, response) => how(response, heard))
}

async function whileSomethingElseListens(server: Server, work: () => Promise<UiReply>): Promise<UiReply> {
  const { port } = new URL(ui.sentinel.baseUrl)
  await ui.sentinel.stop()
  try {
    await new Promise<void>((resolve) => server.listen(Number(port), '127.0.0.1', resolve))
    return await work()
  } finally {
    await new Promise((resolve) => server.close(resolve))
    await ui.sentinel.start()
  }
}

describe('an upload is answered 502', () => {
  it.each(Object.entries(NONSENSE))('when the sentinel answers with %s', async (_what, how) => {
    misbehave(IMPORT, how)
    const { status, body } = await upload()
    expect(status).toBe(502)
    expect(['SENTINEL_BAD_REPLY', 'SENTINEL_REFUSED_TOKEN']).toContain(body.code)
  })

  it.each([
    ['no generation', { session_path: 'x' }],
    ['a generation that is no number', { generation: '1' }],
    ['nothing', null],
  ])('when the import tells of %s', async (_what, data) => {
    misbehave(IMPORT, (response) => reply(response, data))
    expect(verdictOf(await upload())).toEqual([502, 'SENTINEL_BAD_REPLY'])
  })

  it('when the sentinel fails inside, or has a code of its own', async () => {
    for (const [status, code] of [[500, 'INTERNAL'] as const, [409, 'SOMETHING_NEW'] as const]) {
      misbehave(IMPORT, (response) => refuse(response, status, code, 'In its own words.'))
      expect(verdictOf(await upload())).toEqual([502, 'SENTINEL_BAD_REPLY'])
    }
  })

  it('when what listens there speaks no HTTP', async () => {
    const babbler = createServer((socket) =>
      socket
        .on('error', () => undefined)
        .resume()
        .end('SSH-2.0-babble\r\n'),
    )
    const answer = await whileSomethingElseListens(babbler, upload)
    expect(verdictOf(answer)).toEqual([502, 'SENTINEL_WRONG_ADDRESS'])
    expect(answer.body.message).toContain('SENTINEL_API_BASE_URL')
  })
})

describe('an upload is answered 503', () => {
  it('when nobody listens there, or hangs up at once', async () => {
    await ui.sentinel.stop()
    expect(verdictOf(await upload())).toEqual([503, 'SENTINEL_UNREACHABLE'])
    await ui.sentinel.start()
    const rude = createServer((socket) => socket.on('error', () => undefined).destroy())
    expect(verdictOf(await whileSomethingElseListens(rude, upload))).toEqual([503, 'SENTINEL_UNREACHABLE'])
  })

  it('when the sentinel cannot store it', async () => {
    misbehave(IMPORT, (response) => refuse(response, 503, 'STORAGE_UNAVAILABLE', 'The disk is full.'))
    expect(verdictOf(await upload())).toEqual([503, 'STORAGE_UNAVAILABLE'])
  })
})

describe('an upload is answered 409', () => {
  it('when Telegram rejects the session, in the sentinel’s words', async () => {
    const message = 'Telegram says that this session was signed out.'
    ui.sentinel.onImport = (generation) =>
      ui.sentinel.setStatus({ import: { generation, state: 'failed', code: 'SESSION_REVOKED', message } })
    const answer = await upload()
    expect([...verdictOf(answer), answer.body.message]).toEqual([409, 'SESSION_REJECTED', message])
  })

  it('when a newer upload took its place', async () => {
    ui.sentinel.onImport = (generation) => ui.sentinel.authorize(generation + 1)
    expect(verdictOf(await upload())).toEqual([409, 'SESSION_REJECTED'])
  })
})

describe('an upload is answered 504', () => {
  it('when the session is not authorized in time, whoever else is', async () => {
    hasty.sentinel.authorize(hasty.sentinel.generation, { username: 'old', first_name: 'Old', user_id: 1 })
    hasty.sentinel.onImport = () => undefined
    expect(verdictOf(await uploadTo(hasty))).toEqual([504, 'NOT_AUTHORIZED_IN_TIME'])
  })

  it.each(Object.entries(HANGING))('when the sentinel hangs %s', async (_what, how) => {
    misbehave(IMPORT, how, hasty)
    expect(verdictOf(await uploadTo(hasty))).toEqual([504, 'SENTINEL_TIMEOUT'])
  })

  it('and leaves nothing open behind', async () => {
    misbehave(IMPORT, () => undefined, hasty)
    await uploadTo(hasty)
    expect(hasty.sentinel.streams.size).toBe(0)
    expect((await upload()).status).toBe(200)
    await until('the events to be let go', () => ui.sentinel.streams.size === 0)
  })
})

/** What is kept of the sentinel is told of it while it is away (services/ui/test/cache.test.ts). */
const KEPT = ['getStatus', 'getStats', 'listAlerts', 'listDigests', 'getTimeZone']
const isKept = ({ id }: { id: string }) => KEPT.includes(id)

describe.each(forwarded.filter(isKept).map(({ id, path }) => [id, path] as const))('%s', (_id, path) => {
  const isStale = async () => (await clientOf(hasty).program('GET', path)).body.data?.['stale_since'] !== undefined

  it('is answered from what is kept when the sentinel answers nonsense or hangs, and as ever when it refuses', async () => {
    misbehave(`GET ${path}`, send(200, ''), hasty)
    await until('something to be kept', isStale)
    for (const how of [...Object.values(NONSENSE), ...Object.values(HANGING)]) {
      misbehave(`GET ${path}`, how, hasty)
      const { status, body } = await clientOf(hasty).program('GET', path)
      const isRefusal = body.code === 'SENTINEL_REFUSED_TOKEN'
      expect([status, body.data?.['stale_since']]).toEqual(isRefusal ? [502, undefined] : [200, expect.any(String)])
    }
  })
})

const asked = forwarded.filter((operation) => !isKept(operation))
/** One code path forwards all of them: each operation meets some misbehaviour, and each misbehaviour several operations. */
const inTurn = <T>(values: readonly T[], index: number) => values[index % values.length] as T

describe.each(asked.map((operation, index) => [operation.id, operation, index] as const))(
  '%s',
  (...[, operation, index]) => {
    const { method, path, requestBody } = operation
    const target = targetWith({ path }, '1')
    const body = Object.keys(requestBody).length > 0 ? { json: {} } : {}
    const ask = (harness = ui) => clientOf(harness).program(method, target, body)

    it('is a bad gateway when the sentinel answers nonsense', async () => {
      for (const shift of [0, 5]) {
        misbehave(`${method} ${target}`, inTurn(Object.values(NONSENSE), index + shift))
        const { status, body: told } = await ask()
        expect([status, told.code]).toEqual([502, expect.stringMatching(/^SENTINEL_(BAD_REPLY|REFUSED_TOKEN)$/)])
      }
    })

    it('is a timeout when the sentinel hangs', async () => {
      misbehave(`${method} ${target}`, inTurn([...Object.values(HANGING)].slice(0, 3), index), hasty)
      expect(verdictOf(await ask(hasty))).toEqual([504, 'SENTINEL_TIMEOUT'])
    })
  },
)

it('each operation is unavailable when nobody listens there', async () => {
  await ui.sentinel.stop()
  for (const { method, path, requestBody } of asked) {
    const body = Object.keys(requestBody).length > 0 ? { json: {} } : {}
    const answer = await clientOf(ui).program(method, targetWith({ path }, '1'), body)
    expect([path, ...verdictOf(answer)]).toEqual([path, 503, 'SENTINEL_UNREACHABLE'])
  }
  await ui.sentinel.start()
})
