import { SECOND } from '@tgsentinel/kernel/time'
import { createLogger } from '@tgsentinel/kernel/log'
import { dialing } from '../../../../test/support/dialing'
import { APP } from '../../../../test/support/telegram-stage'
import { until } from '../../../../test/support/until'
import { startTelegramServer, type TelegramServer } from '../../../../test/telegram-server/server'
import { CallQueue, type CallReport } from './call-queue'
import { Api } from './gramjs'
import { InternalErrors } from './internal-errors'
import { SideLink } from './side-link'
import { TelegramError, toTelegramError } from './telegram-error'

const PHONE = '+12025550143'
/** Longer than a test may take: who waited for the answer would not end. */
const NEVER_MS = 300 * SECOND

describe('a link beside the session’s', () => {
  let server: TelegramServer
  let link: SideLink
  let stop: AbortController
  let reports: CallReport[]

  beforeAll(async () => {
    server = await startTelegramServer({ dcs: [2, 4] })
    await server.control.createAccount({ firstName: 'Alex', phone: PHONE })
  })

  afterAll(() => server.close())

  beforeEach(() => {
    stop = new AbortController()
    reports = []
    link = new SideLink({
      app: { apiId: Number(APP.TG_API_ID), apiHash: APP.TG_API_HASH },
      dataCentres: Object.values(server.ports).map((port) => `127.0.0.1:${port}`),
      dialing: dialing(),
      serverKeys: [server.publicKeyPem],
      queue: new CallQueue({ onReport: (report) => reports.push(report) }),
      scope: 'test',
      internal: new InternalErrors(createLogger('test', 'silent')),
      log: createLogger('test', 'silent'),
      start: { dcId: 2, address: '127.0.0.1', port: server.ports[2] as number },
      onEnvelope: () => undefined,
      signal: stop.signal,
    })
  })

  afterEach(async () => {
    await server.control.clearTrouble()
    await link.close()
    await until('nothing to be open', async () => (await connections()) === 0)
  })

  const connections = async () => (await server.control.state()).connections

  async function callsOf(name: string): Promise<number> {
    return (await server.control.calls()).calls.filter(({ method }) => method === name).length
  }

  /** A call that the server refuses, and thereby answers, before anybody is signed in. */
  function ask(options?: Parameters<SideLink['call']>[2]): Promise<string> {
    const request = () => new Api.auth.ImportLoginToken({ token: Buffer.from('nobody’s') })
    return link.call('auth.importLoginToken', request, options).then(
      () => 'no error',
      (error: unknown) => toTelegramError(error).type,
    )
  }

  const ANSWER = 'AUTH_TOKEN_INVALID'

  it('makes one connection for all who call at once', async () => {
    expect(await Promise.all(Array.from({ length: 7 }, () => ask()))).toEqual(Array(7).fill(ANSWER))
    expect(await connections()).toBe(1)
  })

  it('makes one connection anew for all who meet the loss of the old one', async () => {
    await ask()
    await server.control.dropConnections()
    expect(await Promise.all(Array.from({ length: 7 }, () => ask()))).toEqual(Array(7).fill(ANSWER))
    expect(await connections()).toBe(1)
  })

  it('leaves the new connection to those who opened it when an old call finds its own gone', async () => {
    await ask()
    await server.control.clearCalls()
    await server.control.delayMethod({ method: 'auth.importLoginToken', delayMs: 5 * SECOND })
    const slow = ask()
    const queued = [ask(), ask()]
    await until('the call', async () => (await callsOf('auth.importLoginToken')) === 1)
    await server.control.dropConnections()
    expect(await Promise.all([slow, ...queued, ask()])).toEqual(Array(4).fill(ANSWER))
    expect(await connections()).toBe(1)
  })

  it('leaves nothing open when it is closed while it opens', async () => {
    await server.control.delayMethod({ method: 'help.getConfig', delayMs: NEVER_MS })
    const calls = [ask(), ask()]
    await until('the greeting', async () => (await connections()) === 1)
    await link.close()
    expect(await Promise.all(calls)).toEqual(['ABORTED', 'ABORTED'])
    await until('nothing to be open', async () => (await connections()) === 0)
    expect(await ask()).toBe('ABORTED')
    expect(await connections()).toBe(0)
  })

  it('ends what is under way with its own signal', async () => {
    await server.control.delayMethod({ method: 'help.getConfig', delayMs: NEVER_MS })
    const call = ask()
    await until('the greeting', async () => (await connections()) === 1)
    stop.abort(new TelegramError('ABORTED', 0))
    expect(await call).toBe('ABORTED')
    await until('nothing to be open', async () => (await connections()) === 0)
  })

  it('lets a caller go, or run out of time, without failing those who joined', async () => {
    await server.control.delayMethod({ method: 'help.getConfig', delayMs: 2 * SECOND })
    const gone = new AbortController()
    let isAnswered = false
    const leaving = ask({ signal: gone.signal })
    const late = ask({ timeoutMs: 200 })
    const staying = ask().finally(() => (isAnswered = true))
    setTimeout(() => gone.abort(), 100)
    expect(await Promise.all([leaving, late])).toEqual(['ABORTED', 'TIMEOUT'])
    expect(isAnswered).toBe(false)
    expect(await staying).toBe(ANSWER)
  })

  it('passes the caller’s signal, priority and deadline on to the queue', async () => {
    await ask({ priority: 'background' })
    expect(reports.map(({ method, priority }) => [method, priority])).toEqual([
      ['help.getConfig', 'interactive'],
      ['auth.importLoginToken', 'background'],
    ])
    await server.control.delayMethod({ method: 'auth.importLoginToken', delayMs: NEVER_MS, times: 2 })
    const gone = new AbortController()
    setTimeout(() => gone.abort(), 100)
    expect(await Promise.all([ask({ signal: gone.signal }), ask({ timeoutMs: 200 })])).toEqual(['ABORTED', 'TIMEOUT'])
  })

  it('follows Telegram to another data centre once, for all who were sent there', async () => {
    await ask()
    await server.control.failMethod({ method: 'auth.importLoginToken', code: 303, type: 'USER_MIGRATE_4', times: 2 })
    expect(await Promise.all([ask(), ask()])).toEqual([ANSWER, ANSWER])
    expect(link.file.row()?.dcId).toBe(4)
    expect(await connections()).toBe(1)
  })
})
