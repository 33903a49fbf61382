import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger } from '@tgsentinel/kernel/log'
import { dialing } from '../../../../test/support/dialing'
import { until } from '../../../../test/support/until'
import { openStore, type Store } from '../store/store'
import { CallQueue } from './call-queue'
import { InternalErrors } from './internal-errors'
import { SessionArrival } from './session-arrival'
import { SessionStore } from './session-store'

const APP = { apiId: 1, apiHash: 'a'.repeat(32) }
const log = createLogger('test', 'silent')

let folder: string
let store: Store
let sessions: SessionStore
/** Takes connections and never says a word. */
let silent: Server
let dialled: number
const sockets = new Set<Socket>()
let accepted: number[]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'arrival-'))
  store = openStore(join(folder, 'sentinel.db'))
  sessions = new SessionStore(join(folder, 'x.session'), store.settings, { allow: [], inspectorPath: '' })
  dialled = 0
  accepted = []
  silent = createServer((socket) => {
    dialled++
    sockets.add(socket)
    socket.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
})

afterEach(async () => {
  const closed = new Promise((resolve) => silent.close(resolve))
  for (const socket of sockets) socket.destroy()
  await closed
  store.close()
  rmSync(folder, { recursive: true })
})

function arrival(acceptanceMs: number, app: typeof APP | null = APP): SessionArrival {
  const { port } = silent.address() as AddressInfo
  const dataCentres = [`127.0.0.1:${port}`]
  const internal = new InternalErrors(log)
  const options = { dataCentres, dialing: dialing(), serverKeys: [], queue: new CallQueue(), internal, log }
  return new SessionArrival({
    sessions,
    app: () => app ?? undefined,
    verifying: () => ({ ...options, scope: 'test' }),
    log,
    onChange: () => undefined,
    onEnd: () => undefined,
    onAccepted: (generation) => accepted.push(generation),
    acceptanceMs,
  })
}

function stage(): number {
  const { port } = silent.address() as AddressInfo
  sessions.compose({ dcId: 2, address: '127.0.0.1', port, authKey: Buffer.alloc(256, 7) }, 1n)
  return sessions.stage()
}

describe('an import that Telegram does not accept in time', () => {
  it('has failed, is deleted, and is not tried again', async () => {
    const generation = stage()
    const own = arrival(300)
    own.verify(generation)
    await until('the end', () => own.state?.state === 'failed')
    expect(own.state).toMatchObject({
      generation,
      code: 'TIMEOUT',
      message: expect.stringContaining('not tried again'),
    })
    expect([sessions.hasStaged, existsSync(join(folder, 'x.session')), accepted]).toEqual([false, false, []])
    await own.stop()
  })

  it('is given up at the next start without being dialled, where its time ended meanwhile', async () => {
    const generation = stage()
    const first = arrival(60_000)
    first.verify(generation)
    await until('the dialling', () => dialled > 0)
    await first.stop()
    expect(sessions.hasStaged).toBe(true)
    store.settings.set('import_until', Date.now() - 1)
    const before = dialled
    const second = arrival(60_000)
    second.verify(generation)
    await until('the end', () => second.state?.state === 'failed')
    expect([second.state?.code, sessions.hasStaged, dialled]).toEqual(['TIMEOUT', false, before])
  })

  it('waits for a Telegram application without its time running', async () => {
    const own = arrival(1, null)
    own.verify(stage())
    expect(own.state).toMatchObject({ state: 'verifying', code: 'NEEDS_APP' })
    expect([sessions.hasStaged, store.settings.get('import_until')]).toEqual([true, undefined])
  })
})
