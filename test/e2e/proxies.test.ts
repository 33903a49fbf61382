import { join } from 'node:path'
import type { components } from '../../openapi/generated/sentinel'
import { startHttpProxy, startSocks5, type ForeignProxy } from '../support/foreign-proxy'
import { freePort } from '../support/free-port'
import { SignInStage } from '../support/sign-in-stage'
import { until } from '../support/until'
import { MtProxy, mtSecret } from '../telegram-server/mt-proxy'

type Proxies = components['schemas']['Proxies']
type ProxyTests = components['schemas']['ProxyTestsReply']['data']
type AnyProxy = Pick<ForeignProxy, 'port' | 'link' | 'stop'>

const WATCH = join(__dirname, '../support/network-watch.cjs')
const PHONE = '+12025550143'
const LOGIN = { username: 'ada', password: 'hidden-word' }
/** Telegram's published addresses of DC 2. */
const DC2 = { ipv4: '149.154.167.51:443', ipv6: /^2001:0?67c:0?4e8:f002:.*a:443$/ }

let stage: SignInStage | undefined
const proxies: AnyProxy[] = []

afterEach(async () => {
  await stage?.close()
  stage = undefined
  await Promise.all(proxies.splice(0).map((proxy) => proxy.stop()))
})

async function used<T extends AnyProxy>(starting: Promise<T>): Promise<T> {
  const proxy = await starting
  proxies.push(proxy)
  return proxy
}

/** Its data centres are those of the stage, which comes after it. */
const mtProxy = (kind: Parameters<typeof mtSecret>[0]) =>
  used(MtProxy.start({ secret: mtSecret(kind), ports: () => stage?.server.ports ?? {} }))

async function open(env: Record<string, string>, homeDc = 4): Promise<SignInStage> {
  stage = await SignInStage.open(env, WATCH)
  await stage.control.createAccount({ firstName: 'Alex', phone: PHONE, homeDc })
  return stage
}

/** What the process wanted of the network, each once; it looks up where it listens itself. */
function wantedBy({ sentinel }: SignInStage): string[] {
  const all = [...sentinel.output.matchAll(/network: (.*)/g)].map(([, what = '']) => what)
  return [...new Set(all)].filter((what) => what !== 'lookup 127.0.0.1').sort()
}

const by = (...ways: AnyProxy[]) => ways.map(({ port }) => `connect 127.0.0.1:${port}`).sort()

async function heard({ sentinel, control }: SignInStage, text: string): Promise<void> {
  const { id } = await control.createUser({ firstName: 'Friend' })
  await control.postMessage({ chat: id, text })
  await until('the message', async () => {
    const query = { q: `"${text}"` }
    const { body } = await sentinel.api.request<{ data: { hits: unknown[] } }>('GET', '/api/search', { query })
    return body.data.hits.length === 1
  })
}

const connected = ({ sentinel }: SignInStage) =>
  until('the connection', async () => (await sentinel.api.status()).connected)

async function view({ sentinel }: SignInStage): Promise<Proxies> {
  return (await sentinel.api.request<{ data: Proxies }>('GET', '/api/proxies')).body.data
}

const put = ({ sentinel }: SignInStage, links: string[]) =>
  sentinel.api.request<{ code?: string; message: string; data: Proxies }>('PUT', '/api/proxies', { json: { links } })

describe('Telegram through a proxy', () => {
  it.each([
    ['SOCKS5', () => used(startSocks5({ login: LOGIN }))],
    ['HTTP', () => used(startHttpProxy({ login: LOGIN }))],
    ['an MTProxy with a plain secret', () => mtProxy('plain')],
    ['an MTProxy with a padded secret', () => mtProxy('padded')],
    ['an MTProxy with fake TLS', () => mtProxy('tls')],
  ] as [string, () => Promise<AnyProxy>][])(
    'is signed in to, heard and asked for photos by %s, and by nothing else',
    async (_what, start) => {
      const proxy = await start()
      const { control, sentinel } = await open({ TG_PROXY: proxy.link })
      const friend = (await control.createUser({ firstName: 'Friend' })).id
      await stage!.signIn(PHONE)
      await control.postMessage({ chat: friend, text: 'hello' })
      await control.setPhoto({ peer: friend, dc: 2 })
      await connected(stage!)
      await heard(stage!, 'through the proxy')
      const photo = await until('the photo', async () => {
        const { status } = await sentinel.api.request('GET', `/api/telegram/chats/${friend}/photo`)
        if (status === 200) return status
        await sentinel.api.request('POST', '/api/telegram/chats/refresh')
        return false
      })
      expect(photo).toBe(200)
      const kind = proxy.link.split(':')[0]
      expect((await sentinel.api.status()).proxy).toEqual({ kind, host: '127.0.0.1', port: proxy.port })
      expect(wantedBy(stage!)).toEqual(by(proxy))
      if (proxy instanceof MtProxy)
        expect([...new Set(proxy.visits.map(({ dcId }) => dcId))].sort()).toEqual([-2, 2, 4].sort())
    },
  )

  it('goes on by the next within seconds when the one in use dies', async () => {
    const [first, second, third] = [await used(startSocks5()), await mtProxy('tls'), await used(startHttpProxy())]
    await open({ TG_PROXY: [first, second, third].map(({ link }) => link).join(' ') })
    await stage!.signIn(PHONE)
    await connected(stage!)
    await heard(stage!, 'by the first')
    await first.stop()
    await until('the second', async () => (await stage!.sentinel.api.status()).proxy?.port === second.port, 60_000)
    await heard(stage!, 'by the second')
    expect(await view(stage!)).toMatchObject({
      source: 'environment',
      proxies: [
        { kind: 'socks5', in_use: false, problem: { code: 'refused' }, resting_until: expect.any(String) },
        { kind: 'mtproxy', in_use: true, problem: null, resting_until: null },
        { kind: 'http', in_use: false, problem: null },
      ],
    })
    await second.stop()
    await until('the third', async () => (await stage!.sentinel.api.status()).proxy?.port === third.port, 60_000)
    await heard(stage!, 'by the third')
    expect(wantedBy(stage!)).toEqual(by(first, second, third))
  })

  it.each([
    [
      'a wrong password',
      async () => (await used(startSocks5({ login: LOGIN }))).link.replace('ada', 'eve'),
      'refuses the name',
    ],
    ['a wrong secret', async () => (await mtProxy('tls')).link.replace(/ee../, 'ee00'), 'the secret is wrong'],
    [
      'a wrong padded secret',
      async () => (await mtProxy('padded')).link.replace(/dd../, 'dd00'),
      'the secret is wrong',
    ],
    ['nobody there', async () => `http://127.0.0.1:${await freePort()}`, 'Nobody listens at the proxy'],
  ])('says at the sign-in that there is %s, and dials nothing else', async (_what, linkOf, sentence) => {
    const link = await linkOf()
    const port = Number(/:(\d+)(\/|$)/.exec(link)?.[1])
    await open({ TG_PROXY: link })
    const { status, body } = await stage!.step('', { phone: PHONE })
    expect([status, body.code]).toEqual([503, 'TELEGRAM_UNREACHABLE'])
    expect(body.message).toContain(sentence)
    expect(wantedBy(stage!)).toEqual([`connect 127.0.0.1:${port}`])
    expect((await stage!.control.state()).connections).toBe(0)
  })
})

describe('proxies by the API', () => {
  it('are taken at once, tested, kept over a restart, removed, and told without what is secret', async () => {
    const proxy = await used(startSocks5({ login: LOGIN }))
    await open({})
    await stage!.signIn(PHONE)
    await connected(stage!)
    expect(await view(stage!)).toMatchObject({ source: 'none', used_for: ['telegram'], ip: ['4'], proxies: [] })
    expect((await put(stage!, [proxy.link])).status).toBe(200)
    await until('the proxy', async () => (await stage!.sentinel.api.status()).proxy?.port === proxy.port)
    await connected(stage!)
    await heard(stage!, 'by the proxy')
    expect((await stage!.control.state()).connections).toBeLessThanOrEqual(proxy.connections)
    const { body } = await stage!.sentinel.api.request<{ data: ProxyTests }>('POST', '/api/proxies/test', { json: {} })
    expect(body.data.tests).toMatchObject([{ proxy: { port: proxy.port }, reached: true, dc_id: 4, problem: null }])
    const told = JSON.stringify([await view(stage!), body]) + (await stage!.sentinel.metrics()) + stage!.sentinel.output
    expect(told).not.toMatch(/hidden-word|\bada\b/)
    await stage!.sentinel.stop()
    await stage!.start(WATCH)
    await until('the proxy', async () => (await stage!.sentinel.api.status()).proxy?.port === proxy.port)
    expect(wantedBy(stage!)).toEqual(by(proxy))
    await stage!.sentinel.api.request('DELETE', '/api/proxies')
    await until('the direct way', async () => {
      const status = await stage!.sentinel.api.status()
      return status.connected && status.proxy === null && wantedBy(stage!).length > 1
    })
    expect((await view(stage!)).source).toBe('none')
  })

  it('are not taken where one is wrong or TG_PROXY is set, and a stranger is not told of any', async () => {
    const proxy = await used(startSocks5())
    await open({ TG_PROXY: proxy.link })
    const stored = await put(stage!, ['http://127.0.0.1:1'])
    expect([stored.status, stored.body.code]).toEqual([409, 'PROXIES_SET_BY_ENVIRONMENT'])
    await stage!.signIn(PHONE)
    await connected(stage!)
    const { body } = await stage!.sentinel.api.request<{ data: { proxy: unknown } }>('GET', '/api/status', {
      token: null,
    })
    expect(body.data.proxy).toBeNull()
  })

  it('answer what is wrong with a link, and nothing of it', async () => {
    await open({})
    const { status, body } = await put(stage!, ['socks5://127.0.0.1:1', 'socks5://ada:hidden-word@127.0.0.1'])
    expect([status, body.code, body.message]).toEqual([
      400,
      'INVALID_PROXY',
      'Proxy 2 of 2 names no port from 1 to 65535.',
    ])
    expect((await view(stage!)).source).toBe('none')
  })
})

describe('the addresses of a data centre', () => {
  async function signedInBy(ip: string, isReached: (place: string) => boolean): Promise<string[]> {
    const leadTo = (place: string) => (isReached(place) ? stage?.server.ports[2] : undefined)
    const proxy = await used(startSocks5({ leadTo }))
    // Telegram's own DC 2 begins the sign-in; the proxy leads to the simulated one.
    await open({ TG_PROXY: proxy.link, TG_IP: ip, TG_DC_START: '', TG_DC_ALLOW: '' }, 2)
    await stage!.signIn(PHONE)
    await connected(stage!)
    await heard(stage!, 'hello')
    expect(wantedBy(stage!)).toEqual(by(proxy))
    return [...new Set(proxy.asked)]
  }

  it('are those of IPv4 by default', async () => {
    expect(await signedInBy('', () => true)).toEqual([DC2.ipv4])
  })

  it('are those of IPv6 alone with TG_IP=6, at the sign-in and afterwards', async () => {
    expect(await signedInBy('6', () => true)).toEqual([expect.stringMatching(DC2.ipv6)])
  })

  it('are tried in the order of TG_IP', async () => {
    const asked = await signedInBy('4,6', (place) => DC2.ipv6.test(place))
    expect(asked).toEqual([DC2.ipv4, expect.stringMatching(DC2.ipv6)])
  })
})
