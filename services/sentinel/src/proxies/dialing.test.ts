import { createServer, type AddressInfo, type Server } from 'node:net'
import { createServer as createWebServer } from 'node:http'
import { MINUTE } from '@tgsentinel/kernel/time'
import { dialing } from '../../../../test/support/dialing'
import { startHttpProxy, startSocks5, type ForeignProxy } from '../../../../test/support/foreign-proxy'
import { freePort } from '../../../../test/support/free-port'
import { until } from '../../../../test/support/until'
import { MtProxy, mtSecret } from '../../../../test/telegram-server/mt-proxy'
import { startTelegramServer, type TelegramServer } from '../../../../test/telegram-server/server'
import { DialError } from './dial-error'
import type { DataCentrePlace } from './dialing'
import type { Line } from './line'
import { probe } from './probe'
import { ProxyTrials } from './trials'

const LOGIN = { username: 'ada', password: 'p:w/d@ 1' }
const never = new AbortController().signal

describe('dialling through proxies', () => {
  let telegram: TelegramServer
  let place: DataCentrePlace
  const opened: { stop(): Promise<unknown> }[] = []
  const lines: Line[] = []

  beforeAll(async () => {
    telegram = await startTelegramServer({ dcs: [2] })
    place = { dcId: 2, addresses: [{ address: '127.0.0.1', port: telegram.port }] }
  })

  afterAll(() => telegram.close())

  afterEach(async () => {
    for (const { socket } of lines.splice(0)) socket.destroy()
    await Promise.all(opened.splice(0).map((one) => one.stop()))
  })

  async function used<T extends { stop(): Promise<unknown> }>(starting: Promise<T>): Promise<T> {
    const one = await starting
    opened.push(one)
    return one
  }

  const mtProxy = (secret: string) => used(MtProxy.start({ secret, ports: () => telegram.ports }))

  async function served(server: Server): Promise<number> {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    opened.push({ stop: async () => void server.close() })
    return port
  }

  /** What a test of one proxy says. */
  async function tried(link: string, target = place) {
    const [test] = await new ProxyTrials(dialing(), () => ({ dcId: 2, place: target })).run([link], never)
    return test!
  }

  const wrong = (link: string, from: string, to: string) => {
    expect(link).toContain(from)
    return link.replace(from, to)
  }

  it.each([
    ['SOCKS5', () => startSocks5()],
    ['SOCKS5 with a password', () => startSocks5({ login: LOGIN })],
    ['HTTP', () => startHttpProxy()],
    ['HTTP with a password', () => startHttpProxy({ login: LOGIN })],
  ])('reaches Telegram by %s', async (_what, start: () => Promise<ForeignProxy>) => {
    const proxy = await used(start())
    const test = await tried(proxy.link)
    expect(test).toMatchObject({ reached: true, dc_id: 2, problem: null })
    expect(test.message).toBe(`Reached DC 2 in ${test.took_ms} ms.`)
    expect(proxy.asked).toEqual([`127.0.0.1:${telegram.port}`])
  })

  it.each([
    ['plain', 'intermediate'],
    ['padded', 'padded'],
    ['tls', 'padded'],
  ] as const)('reaches Telegram by an MTProxy with a %s secret', async (kind, transport) => {
    const proxy = await mtProxy(mtSecret(kind))
    expect(await tried(proxy.link)).toMatchObject({ reached: true, problem: null })
    expect(proxy.visits).toEqual([{ dcId: 2, transport }])
  })

  it.each([-2, 10_002, -10_002])('tells an MTProxy that the data centre is %i', async (dcId) => {
    const proxy = await mtProxy(mtSecret('tls'))
    expect(await tried(proxy.link, { ...place, dcId })).toMatchObject({ reached: true })
    expect(proxy.visits).toEqual([{ dcId, transport: 'padded' }])
  })

  it('reaches Telegram by fake TLS for any length of a domain', async () => {
    for (const length of [3, 40, 182]) {
      const proxy = await mtProxy(mtSecret('tls', 'a'.repeat(length)))
      expect(await tried(proxy.link)).toMatchObject({ reached: true })
    }
  })

  it('says that nobody listens', async () => {
    const port = await freePort()
    expect(await tried(`socks5://127.0.0.1:${port}`)).toMatchObject({
      reached: false,
      problem: 'refused',
      message: `Nobody listens at the proxy (SOCKS5 127.0.0.1:${port}). Check that it runs, and its port.`,
    })
  })

  it('says that a name is not known', async () => {
    expect(await tried('http://proxy.invalid:3128')).toMatchObject({ problem: 'unreachable' })
  })

  it.each(['socks5', 'http'] as const)('says that a password is wrong or missing, by %s', async (kind) => {
    const proxy = await used(kind === 'http' ? startHttpProxy({ login: LOGIN }) : startSocks5({ login: LOGIN }))
    const misspelt = await tried(wrong(proxy.link, 'ada:', 'eve:'))
    expect(misspelt).toMatchObject({
      problem: 'wrong_password',
      message: expect.stringMatching('refuses the name or the'),
    })
    const nameless = await tried(`${kind}://127.0.0.1:${proxy.port}`)
    expect(nameless).toMatchObject({ problem: 'wrong_password', message: expect.stringMatching('and none is set') })
    expect(JSON.stringify([misspelt, nameless])).not.toMatch(/p:w|ada|eve/)
  })

  it.each(['plain', 'padded', 'tls'] as const)('says that a %s secret is wrong', async (kind) => {
    const [secret, other] = [mtSecret(kind), mtSecret(kind)]
    const proxy = await mtProxy(secret)
    const test = await tried(wrong(proxy.link, secret, other))
    expect(test).toMatchObject({ reached: false, problem: 'wrong_secret' })
    expect(test.message).not.toContain(other)
  })

  it('says that an MTProxy whose secret is right does not reach Telegram', async () => {
    const proxy = await used(MtProxy.start({ secret: mtSecret('tls'), ports: () => ({}) }))
    expect(await tried(proxy.link)).toMatchObject({
      problem: 'telegram_unreachable',
      message: expect.stringMatching('does not reach Telegram: the connection ends at once'),
    })
  })

  it('says that an MTProxy for padded packets alone is asked for others', async () => {
    const secret = mtSecret('padded')
    const proxy = await mtProxy(secret)
    expect(await tried(wrong(proxy.link, secret, secret.slice(2)))).toMatchObject({ problem: 'wrong_secret' })
  })

  it('says that the domain of an MTProxy is another one', async () => {
    const secret = mtSecret('tls', 'www.example.org')
    const proxy = await mtProxy(secret)
    const other = secret.slice(0, 34) + Buffer.from('www.example.com').toString('hex')
    expect(await tried(wrong(proxy.link, secret, other))).toMatchObject({ problem: 'wrong_secret' })
  })

  it.each([
    ['socks5://', 'a web server', 'not_a_proxy'],
    ['http://', 'a web server', 'telegram_unreachable'],
    ['ee', 'a web server', 'not_a_proxy'],
    ['http://', 'a SOCKS5 proxy', 'telegram_unreachable'],
    ['socks5://', 'an HTTP proxy', 'not_a_proxy'],
    ['ee', 'Telegram itself', 'wrong_secret'],
  ])('says that it is none: %s at %s', async (scheme, what, problem) => {
    const web = createWebServer((_request, response) => response.writeHead(404).end())
    const ports: Record<string, () => Promise<number>> = {
      'a web server': () => served(web),
      'a SOCKS5 proxy': async () => (await used(startSocks5())).port,
      'an HTTP proxy': async () => (await used(startHttpProxy())).port,
      'Telegram itself': async () => telegram.port,
    }
    const port = await ports[what]!()
    const link = scheme === 'ee' ? `mtproxy://127.0.0.1:${port}/${mtSecret('tls')}` : `${scheme}127.0.0.1:${port}`
    expect(await tried(link)).toMatchObject({ reached: false, problem })
  })

  it('says that a proxy does not reach Telegram', async () => {
    const nowhere = { dcId: 2, addresses: [{ address: '127.0.0.1', port: await freePort() }] }
    for (const proxy of [await used(startSocks5()), await used(startHttpProxy())])
      expect(await tried(proxy.link, nowhere)).toMatchObject({
        problem: 'telegram_unreachable',
        message: expect.stringMatching('does not reach Telegram'),
      })
  })

  it('says that something else answers behind the proxy', async () => {
    const web = await served(createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')))
    const proxy = await used(startSocks5())
    const test = await tried(proxy.link, { dcId: 2, addresses: [{ address: '127.0.0.1', port: web }] })
    expect(test.reached).toBe(false)
  })

  it('gives up a proxy that takes the connection and says nothing', async () => {
    const port = await served(createServer((socket) => void socket.resume().on('error', () => undefined)))
    const links = ['socks5://', 'http://', 'mtproxy://'].map((scheme) => `${scheme}127.0.0.1:${port}`)
    const secrets = ['', '', `/${mtSecret('tls')}`]
    const tests = await Promise.all(links.map((link, index) => tried(link + secrets[index])))
    expect(tests.map(({ problem }) => problem)).toEqual(['timeout', 'timeout', 'timeout'])
  })

  it('gives up an MTProxy that takes the secret and says nothing', async () => {
    const proxy = await mtProxy(mtSecret('padded'))
    proxy.isDeaf = true
    const test = await tried(proxy.link)
    expect(test).toMatchObject({ problem: 'timeout', message: expect.stringMatching('the secret is wrong') })
  })

  describe('several of them', () => {
    async function dialled(door: ReturnType<typeof dialing>, to = place): Promise<Line> {
      const line = await door.toDataCentre(to, never)
      lines.push(line)
      await probe(line, Date.now())
      return line
    }

    it('are tried in turn, and one that failed is behind for a while', async () => {
      let nowMs = 0
      const [dead, alive] = [await freePort(), await used(startSocks5())]
      const door = dialing({ links: [`socks5://127.0.0.1:${dead}`, alive.link], now: () => nowMs })
      await dialled(door)
      const [first, second] = door.proxies.view.proxies
      expect(first).toMatchObject({
        in_use: false,
        resting_until: '1970-01-01T00:01:00.000Z',
        problem: { code: 'refused' },
      })
      expect(second).toMatchObject({ in_use: true, resting_until: null, problem: null })
      expect(door.proxies.inUse).toEqual({ kind: 'socks5', host: '127.0.0.1', port: alive.port })
      expect(door.proxies.inTurn('telegram').map(({ port }) => port)).toEqual([alive.port, dead])
      nowMs = MINUTE
      expect(door.proxies.inTurn('telegram').map(({ port }) => port)).toEqual([dead, alive.port])
    })

    it('are of any kind, and one that is cut off without a word is behind, too', async () => {
      const [stranger, known] = [await mtProxy(mtSecret('padded')), await mtProxy(mtSecret('tls'))]
      const secret = mtSecret('padded')
      const door = dialing({ links: [`mtproxy://127.0.0.1:${stranger.port}/${secret}`, known.link] })
      await expect(dialled(door)).rejects.toThrow(DialError)
      await dialled(door)
      expect(door.proxies.view.proxies).toMatchObject([{ problem: { code: 'wrong_secret' } }, { in_use: true }])
    })

    it('are never gone past, whatever becomes of them', async () => {
      const connections = async () => (await telegram.control.state()).connections
      await until('nothing to be open', async () => (await connections()) === 0)
      const door = dialing({ links: [`socks5://127.0.0.1:${await freePort()}`] })
      await expect(dialled(door)).rejects.toMatchObject({ code: 'refused' })
      expect(await connections()).toBe(0)
    })

    it('name none to be in use any more when the line has ended', async () => {
      const proxy = await used(startSocks5())
      const door = dialing({ links: [proxy.link] })
      const line = await dialled(door)
      const closed = new Promise((resolve) => line.socket.once('close', resolve))
      line.socket.destroy()
      await closed
      expect(door.proxies.inUse).toBeNull()
    })
  })

  it('asks a proxy for the next address of a data centre where it does not reach the first', async () => {
    const proxy = await used(
      startSocks5({ leadTo: (asked) => (asked.startsWith('2001:') ? telegram.port : undefined) }),
    )
    const both = {
      dcId: 2,
      addresses: ['149.154.167.51', '2001:67c:4e8:f002::a'].map((address) => ({ address, port: 443 })),
    }
    expect(await tried(proxy.link, both)).toMatchObject({ reached: true })
    expect(proxy.asked.map((asked) => asked.slice(0, 9))).toEqual(['149.154.1', expect.stringMatching('^2001:')])
  })

  it('dials the next address itself where it does not reach the first, and none where the owner of the call has gone', async () => {
    const dead = { address: '127.0.0.1', port: await freePort() }
    const line = await dialing().toDataCentre({ dcId: 2, addresses: [dead, ...place.addresses] }, never)
    lines.push(line)
    await probe(line, Date.now())
    const gone = AbortSignal.abort(new Error('gone'))
    await expect(dialing().toDataCentre(place, gone)).rejects.toThrow('gone')
  })
})
