import { createServer as createTlsServer } from 'node:https'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createSocketServer, type AddressInfo } from 'node:net'
import { dialing } from '../../../../test/support/dialing'
import { startHttpProxy, type ForeignProxy } from '../../../../test/support/foreign-proxy'
import { KEY, SELF_SIGNED } from '../../../../test/support/self-signed'
import { AddressGuard } from './address-guard'
import { ALLOWED_NOTHING, parseAllowList } from './allow-list'
import { Outgoing } from './outgoing'
import type { OutgoingError } from './outgoing-error'

const signal = new AbortController().signal
const servers: Server[] = []

async function listen(listener: RequestListener): Promise<number> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

function outgoing(allow: string, addresses: string[][] = [], timeoutMs = 2000, door = dialing()): Outgoing {
  const answers = [...addresses]
  const resolve = async () =>
    (answers.shift() ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  return new Outgoing(new AddressGuard(parseAllowList(allow) ?? ALLOWED_NOTHING, resolve), door, timeoutMs)
}

async function failureOf(url: string, door: Outgoing): Promise<OutgoingError> {
  return door.send({ method: 'POST', url, body: {} }, signal).then(
    () => Promise.reject(new Error(`${url} was sent to`)),
    (error: OutgoingError) => error,
  )
}

afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
})

describe('the door for requests', () => {
  const HOSTS = [
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[64:ff9b::7f00:1]',
    '[64:ff9b::a00:1]',
    '[64:ff9b:1::1]',
    '[2002:7f00:1::]',
    '[2001::1]',
    '[fe80::1]',
    '[fc00::1]',
    '[fec0::1]',
  ]

  it.each(HOSTS)('refuses %s, and names the variable that would allow it', async (host) => {
    const failure = await failureOf(`http://${host}:9/`, outgoing(''))
    expect([failure.type, failure.message]).toEqual(['refused', expect.stringContaining('DELIVERY_ALLOW')])
  })

  it.each(['ftp://example.org/', 'file:///etc/passwd', 'http://name:secret@example.org/', 'nonsense'])(
    'refuses %s',
    async (url) => {
      const failure = await failureOf(url, outgoing(''))
      expect(failure.type).toBe('refused')
      expect(failure.message).not.toContain('secret')
    },
  )

  it('refuses a name that leads to such an address, also beside a public one, and connects to none', async () => {
    let calls = 0
    const port = await listen((_request, response) => void response.end(String((calls += 1))))
    for (const addresses of [['127.0.0.1'], ['93.184.216.34', '127.0.0.1'], ['::ffff:127.0.0.1'], ['64:ff9b::7f00:1']])
      expect((await failureOf(`http://rebound.example:${port}/`, outgoing('', [addresses]))).type).toBe('refused')
    expect(calls).toBe(0)
  })

  it('judges the very addresses that it connects to: an answer that changes is judged again', async () => {
    let calls = 0
    const port = await listen((_request, response) => void response.end(String((calls += 1))))
    const door = outgoing(`203.0.113.0/24`, [['203.0.113.1'], ['127.0.0.1']], 200)
    expect((await failureOf(`http://rebound.example:${port}/`, door)).type).not.toBe('refused')
    expect((await failureOf(`http://rebound.example:${port}/`, door)).type).toBe('refused')
    expect(calls).toBe(0)
  })

  it('reaches what the list names: an address with its port, a range, a name', async () => {
    const port = await listen((_request, response) => void response.end('taken'))
    const send = (url: string, door: Outgoing) => door.send({ method: 'POST', url, body: {} }, signal)
    const loopback = `http://127.0.0.1:${port}/`
    for (const allow of [`127.0.0.1:${port}`, '127.0.0.0/8', '127.0.0.1', `10.0.0.0/8, 127.0.0.1:${port}`])
      expect(await send(loopback, outgoing(allow))).toMatchObject({ status: 200, text: 'taken' })
    const named = outgoing(`hooks.lan:${port}`, [['127.0.0.1']])
    expect(await send(`http://hooks.lan:${port}/`, named)).toMatchObject({ status: 200 })
    expect((await failureOf(loopback, outgoing(`127.0.0.1:${port + 1}`))).type).toBe('refused')
    expect((await failureOf(`http://other.lan:${port}/`, outgoing(`hooks.lan:${port}`, [['127.0.0.1']]))).type).toBe(
      'refused',
    )
  })

  it('follows no redirect', async () => {
    let calls = 0
    const target = await listen((_request, response) => void response.end(String((calls += 1))))
    const port = await listen((_request, response) =>
      response.writeHead(307, { Location: `http://127.0.0.1:${target}/` }).end(),
    )
    const reply = await outgoing('127.0.0.0/8').send(
      { method: 'POST', url: `http://127.0.0.1:${port}/`, body: {} },
      signal,
    )
    expect([reply.status, calls]).toEqual([307, 0])
  })

  it('waits no longer than its time, and reads no more than it needs', async () => {
    const silent = await listen(() => undefined)
    expect((await failureOf(`http://127.0.0.1:${silent}/`, outgoing('127.0.0.0/8', [], 100))).type).toBe('timeout')
    const endless = await listen((_request, response) => {
      const timer = setInterval(() => response.write('x'.repeat(20_000)), 1)
      response.once('close', () => clearInterval(timer))
    })
    const request = { method: 'POST' as const, url: `http://127.0.0.1:${endless}/`, body: {} }
    const reply = await outgoing('127.0.0.0/8').send(request, signal)
    expect([reply.status, reply.text.length]).toEqual([200, 64 * 1024])
  })

  it('tells how long it is asked to wait', async () => {
    const later = new Date(Date.now() + 90_000).toUTCString()
    for (const [header, least] of [
      ['7', 7000],
      [later, 80_000],
    ] as const) {
      const port = await listen((_request, response) => response.writeHead(429, { 'Retry-After': header }).end())
      const request = { method: 'POST' as const, url: `http://127.0.0.1:${port}/`, body: {} }
      const { retryAfterMs } = await outgoing('127.0.0.0/8').send(request, signal)
      expect(retryAfterMs).toBeGreaterThanOrEqual(least)
      expect(retryAfterMs).toBeLessThanOrEqual(90_000)
    }
  })

  it('says in words what is wrong with a connection', async () => {
    const port = await listen((request) => void request.socket.destroy())
    expect((await failureOf(`http://127.0.0.1:${port}/`, outgoing('127.0.0.0/8'))).type).toBe('broken')
    const tls = createTlsServer({ key: KEY, cert: SELF_SIGNED }, (_request, response) => void response.end())
    await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve))
    const { port: tlsPort } = tls.address() as AddressInfo
    expect((await failureOf(`https://127.0.0.1:${tlsPort}/`, outgoing('127.0.0.0/8'))).type).toBe('certificate')
    tls.close()
    const closed = await failureOf(`http://127.0.0.1:${tlsPort}/`, outgoing('127.0.0.0/8'))
    expect([closed.type, closed.message]).toEqual([
      'unreachable',
      `Nobody listens at 127.0.0.1:${tlsPort}. Check that it runs.`,
    ])
  })

  it('takes the status of an answer that is more than it may be', async () => {
    const answer = 'HTTP/1.1 204 No Content\r\nContent-Length: 20\r\n\r\n{"error": "no tags"}'
    const server = createSocketServer((socket) =>
      socket.once('data', () => socket.end(answer)).on('error', () => undefined),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const request = { method: 'POST' as const, url: `http://127.0.0.1:${port}/`, body: {} }
    expect(await outgoing('127.0.0.0/8').send(request, signal)).toMatchObject({ status: 204 })
    server.close()
  })

  describe('through a proxy', () => {
    let proxy: ForeignProxy

    beforeEach(async () => {
      proxy = await startHttpProxy()
    })

    afterEach(() => proxy.stop())

    const through = (allow: string, addresses: string[][] = [], link = proxy.link) =>
      outgoing(allow, addresses, 2000, dialing({ links: [link], usedFor: ['deliveries'] }))

    it('sends by it alone, to the very address that was judged', async () => {
      const port = await listen((_request, response) => void response.end('taken'))
      const door = through(`hooks.lan:${port}`, [['127.0.0.1']])
      const request = { method: 'POST' as const, url: `http://hooks.lan:${port}/`, body: { a: 1 } }
      expect(await door.send(request, signal)).toMatchObject({ status: 200, text: 'taken' })
      expect(proxy.asked).toEqual([`127.0.0.1:${port}`])
    })

    it('refuses what it would refuse without, and asks the proxy for nothing', async () => {
      for (const [url, addresses] of [
        ['http://127.0.0.1:9/', []],
        ['http://10.0.0.1/', []],
        ['http://rebound.example/', [['127.0.0.1']]],
      ] as const)
        expect((await failureOf(url, through('', addresses as never))).type).toBe('refused')
      expect(proxy.asked).toEqual([])
    })

    it('judges the certificate of the place, not of the proxy', async () => {
      const tls = createTlsServer({ key: KEY, cert: SELF_SIGNED }, (_request, response) => void response.end())
      await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve))
      const { port } = tls.address() as AddressInfo
      expect((await failureOf(`https://127.0.0.1:${port}/`, through('127.0.0.0/8'))).type).toBe('certificate')
      expect(proxy.asked).toEqual([`127.0.0.1:${port}`])
      tls.close()
    })

    it('says what is wrong with the proxy, and sends nothing past it', async () => {
      let calls = 0
      const port = await listen((_request, response) => void response.end(String((calls += 1))))
      await proxy.stop()
      const failure = await failureOf(`http://127.0.0.1:${port}/`, through('127.0.0.0/8'))
      expect([failure.type, failure.message]).toEqual([
        'unreachable',
        `Nobody listens at the proxy (HTTP 127.0.0.1:${proxy.port}). Check that it runs, and its port.`,
      ])
      const mtOnly = through('127.0.0.0/8', [], `mtproxy://127.0.0.1:9/${'00'.repeat(16)}`)
      expect((await failureOf(`http://127.0.0.1:${port}/`, mtOnly)).type).toBe('unreachable')
      expect(calls).toBe(0)
    })
  })

  it.each(['nonsense', '10.0.0.0/33', '127.0.0.1:0', '127.0.0.1:70000', '999.1.1.1:80', '[::1', 'a b:80', 'http://x'])(
    'takes no list such as %s',
    (text) => expect(parseAllowList(text)).toBeUndefined(),
  )
})
