import { MtProxy, mtSecret } from './mt-proxy'
import { startTelegramServer, type TelegramServer } from './server'
import { signInWithMtcute } from './support/mtcute'

const PHONE = '+12025550143'

describe('mtcute, a client that nobody here wrote', () => {
  let server: TelegramServer

  beforeEach(async () => {
    server = await startTelegramServer({ dcs: [2, 4] })
    // mtcute leaves out leading zeros of a key's fingerprint and then does not find it: another key is made then.
    while (!(await hasLongFingerprint())) {
      await server.close()
      server = await startTelegramServer({ dcs: [2, 4] })
    }
  })

  async function hasLongFingerprint(): Promise<boolean> {
    const { fingerprint } = (await server.control.state()).publicKey
    return BigInt.asUintN(64, BigInt(fingerprint)).toString(16).length === 16
  }

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
