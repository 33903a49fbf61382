import { brotliDecompressSync } from 'node:zlib'
import { request } from 'node:http'
import { UiHarness } from './ui-harness'

let ui: UiHarness
beforeAll(async () => {
  ui = await UiHarness.start({ BASE_PATH: '/sentinel/' })
})
afterAll(() => ui.stop())

function raw(
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const sent = request(`${ui.origin}${path}`, { headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      )
    })
    sent.on('error', reject).end()
  })
}

test('the page is asked for anew each time, its assets once', async () => {
  const page = await raw('/sentinel/')
  expect([page.status, page.headers['cache-control'], page.headers['content-type']]).toEqual([
    200,
    'no-cache',
    'text/html; charset=utf-8',
  ])
  expect((await raw('/sentinel/', { 'If-None-Match': String(page.headers['etag']) })).status).toBe(304)
  const asset = await raw('/sentinel/assets/index-a1b2c3d4.js')
  expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable')
})

test('is sent compressed to who takes that', async () => {
  const { headers, body } = await raw('/sentinel/assets/index-a1b2c3d4.js', { 'Accept-Encoding': 'gzip, deflate, br' })
  expect([headers['content-encoding'], headers['vary']]).toEqual(['br', 'Accept-Encoding'])
  expect(brotliDecompressSync(body).toString()).toBe('console.log(1)\n')
  expect((await raw('/sentinel/', { 'Accept-Encoding': 'br;q=0, gzip' })).headers['content-encoding']).toBe('gzip')
  expect((await raw('/sentinel/')).headers['content-encoding']).toBeUndefined()
})

test('lets nothing in from elsewhere', async () => {
  const { headers } = await raw('/sentinel/')
  const policy = String(headers['content-security-policy'])
  for (const rule of [
    "default-src 'none'",
    "script-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "manifest-src 'self'",
  ]) {
    expect(policy).toContain(rule)
  }
  expect(policy).not.toMatch(/unsafe|http:|https:|\*/)
  expect(headers).toMatchObject({
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  })
  expect(headers['strict-transport-security']).toBeUndefined()
})

test.each([
  '/sentinel/nothing',
  '/sentinel/assets/',
  '/sentinel/../package.json',
  '/sentinel/%2e%2e/package.json',
  '/sentinel/assets/..%2findex.html',
  '/',
  '/sentinels/',
  '/sentinel/%00',
  '/sentinel/%',
])('what is not there is a JSON 404: %s', async (path) => {
  const { status, headers, body } = await raw(path)
  expect([status, headers['content-type'], JSON.parse(body.toString()).code]).toEqual([
    404,
    'application/json; charset=utf-8',
    'NOT_FOUND',
  ])
})

test('a name that anybody can own cannot reach the first password', async () => {
  const send = (host: string) =>
    new Promise<number>((resolve, reject) => {
      const headers = { Host: host, Origin: `http://${host}`, 'Content-Type': 'application/json' }
      const sent = request(
        `${ui.origin}/sentinel/api/auth/setup`,
        { method: 'POST', headers, agent: false },
        (response) => {
          response.resume().on('end', () => resolve(response.statusCode ?? 0))
        },
      )
      sent.on('error', reject).end('{"password":"short"}')
    })
  expect(await send('evil.example:5001')).toBe(403)
  for (const host of ['127.0.0.1:5001', '[::1]:5001', 'localhost:5001', 'nas:5001', 'nas.local'])
    expect(await send(host)).toBe(400)
})
