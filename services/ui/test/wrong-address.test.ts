import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sessionFile, UiHarness } from './ui-harness'

/** What may stand where a sentinel is looked for. */
const OTHERS: [string, number, string, string][] = [
  ['a web server', 404, 'text/html', '<!doctype html><title>404 Not Found</title>'],
  ['a page for every path', 200, 'text/html', '<!doctype html><title>Welcome</title>'],
  ['another API', 404, 'application/json', '{"detail":"Not Found"}'],
  [
    'a sentinel whose API is elsewhere',
    404,
    'application/json',
    '{"status":"error","code":"NOT_FOUND","message":"There is nothing here.","data":null,"error":{"code":"NOT_FOUND","message":"There is nothing here."}}',
  ],
  ['something that asks for a password', 401, 'application/json', '{"error":"login"}'],
]

describe.each(OTHERS)('SENTINEL_API_BASE_URL leads to %s', (_what, status, type, text) => {
  let other: Server
  let ui: UiHarness
  let baseUrl = ''

  beforeAll(async () => {
    other = createServer((_request, response) => response.writeHead(status, { 'Content-Type': type }).end(text))
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    baseUrl = `http://127.0.0.1:${(other.address() as AddressInfo).port}/api`
    ui = await UiHarness.start({ SENTINEL_API_BASE_URL: baseUrl })
    await ui.setUp()
  })

  afterAll(async () => {
    await ui.stop()
    await new Promise((resolve) => other.close(resolve))
  })

  const isNamed = (body: { code?: string; message?: string }) => {
    expect(body.code).toBe('SENTINEL_WRONG_ADDRESS')
    expect(body.message).toContain('SENTINEL_API_BASE_URL')
    expect(body.message).toContain(baseUrl)
  }

  it('what is forwarded says so', async () => {
    const reply = await ui.get('/api/status')
    expect(reply.status).toBe(502)
    isNamed(reply.body)
  })

  it('an upload says so', async () => {
    const reply = await ui.upload(sessionFile('a01_minimal_v7.session'))
    expect(reply.status).toBe(502)
    isNamed(reply.body)
  })
})
