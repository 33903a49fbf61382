import { generateKeyPairSync } from 'node:crypto'
import { MtProxy, mtSecret } from './mt-proxy'
import { startTelegramServer, type TelegramServer } from './server'
import { isFound, keyForMtcute, signInWithMtcute } from './support/mtcute'

const PHONE = '+12025550143'

describe('mtcute, a client that nobody here wrote', () => {
  let server: TelegramServer

  beforeEach(async () => {
    server = await startTelegramServer({ dcs: [2, 4], privateKeyPem: keyForMtcute() })
  })

  afterEach(() => server.close())

  it('shakes hands, follows to its data centre, signs in by code and password, and reads its dialogs', async () => {
    const { control } = server
    const account = await control.createAccount({
      firstName: 'Alex',
      phone: PHONE,
      homeDc: 4,
      password: 'correct horse',
    })
    for (const title of ['News', 'Team']) {
      const { chat } = await control.createSupergroup({ title })
      await control.postMessage({ chat, text: `first of ${title}` })
    }
    const report = await signInWithMtcute(server, { dc: 2, phone: PHONE, password: 'correct horse' })
    expect(report.self).toEqual({ id: account.id, firstName: 'Alex' })
    expect(report.dialogs.sort()).toEqual([
      ['News', 'first of News'],
      ['Team', 'first of Team'],
    ])
  })

  it.each([
    ['plain', 'intermediate'],
    ['padded', 'padded'],
    ['tls', 'padded'],
  ] as const)('signs in through an MTProxy with a %s secret', async (kind, transport) => {
    const account = await server.control.createAccount({ firstName: 'Alex', phone: PHONE, homeDc: 4 })
    const secret = mtSecret(kind)
    const proxy = await MtProxy.start({ secret, ports: () => server.ports })
    const where = { host: '127.0.0.1', port: proxy.port, secret }
    const report = await signInWithMtcute(server, { dc: 2, phone: PHONE, proxy: where })
    expect(report.self).toEqual({ id: account.id, firstName: 'Alex' })
    expect(proxy.visits).toEqual(
      expect.arrayContaining([
        { dcId: 2, transport },
        { dcId: 4, transport },
      ]),
    )
    await proxy.stop()
  })
})

describe('a key for mtcute', () => {
  const small = () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 512 })
    return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  }
  const keys = Array.from({ length: 300 }, small)
  const lost = keys.find((key) => !isFound(key)) ?? ''
  const found = keys.find(isFound) ?? ''

  it('is another one where the first would not be found', () => {
    const made = [lost, lost, found]
    expect(keyForMtcute(() => made.shift() ?? '')).toBe(found)
  })

  it('is not looked for without end', () => {
    expect(() => keyForMtcute(() => lost)).toThrow('None of 100 keys')
  })
})
