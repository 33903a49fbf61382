import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SentinelProcess } from '../support/sentinel-process'
import { APP } from '../support/telegram-stage'
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder'
import { until } from '../support/until'
import { startTelegramServer, type TelegramServer } from '../telegram-server/server'

const PHONE = '+12025550143'
let server: TelegramServer
let folder: string
let sentinel: SentinelProcess

beforeEach(async () => {
  folder = makeTemporaryFolder()
  server = await startTelegramServer({ dcs: [2, 4] })
  sentinel = await SentinelProcess.start({ dataDir: folder, env: await environment() })
})

afterEach(async () => {
  await sentinel.stop()
  await server.close()
  removeFolder(folder)
})

async function environment(): Promise<Record<string, string>> {
  const keys = join(folder, 'keys.pem')
  writeFileSync(keys, (await server.control.state()).publicKey.pkcs1)
  return {
    ...APP,
    TG_DC_ALLOW: Object.values(server.ports)
      .map((port) => `127.0.0.1:${port}`)
      .join(','),
    TG_DC_START: `2@127.0.0.1:${server.ports[2]}`,
    TG_DC_PUBLIC_KEYS: keys,
  }
}

describe('signing in', () => {
  it('by phone, at another data centre, with a password', async () => {
    const account = await server.control.createAccount({
      firstName: 'Alex',
      phone: PHONE,
      homeDc: 4,
      password: 'correct horse',
      hint: 'animal',
    })
    const post = (path: string, json: unknown) => sentinel.api.request<any>('POST', path, { json })
    const started = await post('/api/session/sign-in', { phone: PHONE })
    console.log(JSON.stringify(started.body))
    console.log(JSON.stringify((await post('/api/session/sign-in/code', { code: '' })).body))
    console.log(JSON.stringify((await post('/api/session/sign-in/code', { code: 'x' })).body))
    const { code } = await server.control.lastCode({ phone: PHONE })
    console.log(JSON.stringify((await post('/api/session/sign-in/code', { code })).body))
    console.log(JSON.stringify((await post('/api/session/sign-in/password', { password: 'wrong' })).body))
    console.log(JSON.stringify((await post('/api/session/sign-in/password', { password: 'correct horse' })).body))
    console.log(JSON.stringify((await sentinel.api.request<any>('GET', '/api/session')).body))
    const status = await sentinel.api.status()
    console.log(JSON.stringify(status))
    expect(status.user_info?.user_id).toBe(account.id)
    void until
  })
})
