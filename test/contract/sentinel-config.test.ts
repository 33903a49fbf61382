import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { SentinelProcess, TOKEN } from '../support/sentinel-process'
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder'
import { APP } from '../support/telegram-stage'

let folder: string

beforeAll(() => {
  folder = makeTemporaryFolder()
})

afterAll(() => removeFolder(folder))

async function failedStart(env: Record<string, string>, withToken = false) {
  const sentinel = SentinelProcess.spawn({ dataDir: join(folder, 'data'), env, withToken })
  const { code } = await sentinel.exited
  return { code, stderr: sentinel.stderr, output: sentinel.output }
}

function writeSecret(name: string, value: string): string {
  const path = join(folder, name)
  writeFileSync(path, `${value}\n`)
  return path
}

const MALFORMED: Record<string, string> = {
  TG_API_ID: 'twelve',
  TG_API_HASH: 'secret-hash-of-nobody',
  DB_URI: 'postgres://user:secret-of-postgres@host/db',
  SENTINEL_API_PORT: '70000',
  SENTINEL_API_TOKEN: 'secret-short',
  TG_DC_ALLOW: 'example.org',
  TG_DC_START: '9@127.0.0.1:443',
  TG_DC_PUBLIC_KEYS: '/nowhere/keys.pem',
  TG_PROXY: 'socks5://user:secret-of-a-proxy@127.0.0.1:1080 http://user:secret-of-another@127.0.0.1',
  PROXY_FOR: 'telegram,secret-mail',
  TG_IP: '4,5',
  TG_SEND_ALLOW: 'Bot Father',
  TG_POLLS_PER_MINUTE: 'secretly many',
  DELIVERY_ALLOW: 'http://secret-hook.example/',
  TG_BOT_TOKEN: 'secret-token-of-nobody',
  TG_BOT_API_ROOT: 'ftp://secret.example',
  TG_BOT_ADMINS: '@secret_admin',
  REDIS_PORT: '-1',
  LOG_LEVEL: 'loud',
}

describe('the configuration', () => {
  it('tells of every malformed variable at once, on stderr, and prints no value', async () => {
    const { code, stderr, output } = await failedStart(MALFORMED)
    expect(code).toBe(1)
    for (const name of Object.keys(MALFORMED)) expect(stderr).toContain(`  - ${name}: `)
    for (const value of Object.values(MALFORMED)) expect(output).not.toContain(value)
    expect(stderr).not.toContain('    at ')
  })

  it('tells of what does not go together in the same message', async () => {
    const { stderr } = await failedStart({
      SENTINEL_API_PORT: '70000',
      SENTINEL_API_HOST: '0.0.0.0',
      REDIS_PASSWORD: 'secret',
    })
    expect(stderr.match(/^ {2}- /gm)).toHaveLength(3)
  })

  it.each(Object.entries(MALFORMED))('refuses a malformed %s alone', async (name, value) => {
    const rightBeside = {
      TG_API_ID: '12345',
      TG_API_HASH: '0123456789abcdef0123456789abcdef',
      TG_BOT_TOKEN: '1:abcdefghijklmnopqrstuvwxyz',
      TG_BOT_ADMINS: '1',
    }
    const { code, stderr } = await failedStart({ ...rightBeside, [name]: value })
    expect(code).toBe(1)
    expect(stderr.match(/^ {2}- /gm)).toHaveLength(1)
    expect(stderr).toContain(name)
  })

  it.each([
    ['an address beyond loopback without a token', { SENTINEL_API_HOST: '0.0.0.0' }, 'SENTINEL_API_TOKEN'],
    ['an API id without its hash', { TG_API_ID: '12345' }, 'TG_API_HASH'],
    ['an API hash without its id', { TG_API_HASH: APP.TG_API_HASH }, 'TG_API_ID'],
    ['a port for no Redis', { REDIS_PORT: '6379' }, 'REDIS_HOST'],
    ['a start that no list allows', { TG_DC_START: '2@127.0.0.1:4443' }, 'TG_DC_ALLOW'],
    ['a bot that obeys nobody', { TG_BOT_TOKEN: '1:abcdefghijklmnopqrstuvwxyz' }, 'TG_BOT_ADMINS'],
    ['admins without a bot', { TG_BOT_ADMINS: '1' }, 'TG_BOT_TOKEN'],
    [
      'an MTProxy for the bot',
      { TG_PROXY: `mtproxy://127.0.0.1:1/${'0123456789abcdef'.repeat(2)}`, PROXY_FOR: 'telegram,bot' },
      'TG_PROXY: An MTProxy carries nothing but the account',
    ],
    ['a password for no Redis', { REDIS_PASSWORD: 'secret-of-redis' }, 'REDIS_HOST'],
  ])('refuses %s', async (_what, env, named) => {
    const { code, stderr, output } = await failedStart(env as Record<string, string>)
    expect(code).toBe(1)
    expect(stderr).toContain(named)
    expect(output).not.toMatch(/secret-of|0123456789abcdef/)
  })

  it('refuses a secret that is given twice, and a secret file that is not there', async () => {
    const twice = await failedStart({ SENTINEL_API_TOKEN: TOKEN, SENTINEL_API_TOKEN_FILE: writeSecret('twin', TOKEN) })
    expect([twice.code, twice.stderr.includes('SENTINEL_API_TOKEN_FILE')]).toEqual([1, true])
    const missing = await failedStart({ TG_API_HASH_FILE: join(folder, 'nowhere'), TG_API_ID: '12345' })
    expect([missing.code, missing.stderr.includes('TG_API_HASH_FILE')]).toEqual([1, true])
    expect(twice.output + missing.output).not.toContain(TOKEN)
  })

  it('takes secrets out of files', async () => {
    const sentinel = await SentinelProcess.start({
      withToken: false,
      env: {
        TG_API_ID: APP.TG_API_ID,
        TG_API_HASH_FILE: writeSecret('hash', APP.TG_API_HASH),
        SENTINEL_API_TOKEN_FILE: writeSecret('token', TOKEN),
      },
    })
    expect((await sentinel.api.request('GET', '/api/profiles')).status).toBe(401)
    expect((await sentinel.api.request('GET', '/api/profiles', { token: TOKEN })).status).toBe(200)
    const { app_configured: isConfigured, app_from_environment: isFromEnvironment } = await sentinel.api.status()
    expect([isConfigured, isFromEnvironment]).toEqual([true, true])
    expect((await sentinel.stop()).code).toBe(0)
    expect(sentinel.output).not.toContain(TOKEN)
  })

  it('says which of several proxies is wrong and why', async () => {
    const { stderr } = await failedStart({ TG_PROXY: 'socks5://127.0.0.1:1 http://user:secret-word@127.0.0.1' })
    expect(stderr).toContain('  - TG_PROXY: Proxy 2 of 2 names no port from 1 to 65535.')
    expect(stderr).not.toContain('secret-word')
  })

  it('takes proxies out of a file, one a line', async () => {
    const links = ['socks5://user:secret-word@127.0.0.1:9', 'http://127.0.0.1:9', '']
    const sentinel = await SentinelProcess.start({ env: { TG_PROXY_FILE: writeSecret('proxies', links.join('\n')) } })
    const { body } = await sentinel.api.request('GET', '/api/proxies')
    expect(body).toMatchObject({ data: { source: 'environment', proxies: [{ kind: 'socks5' }, { kind: 'http' }] } })
    await sentinel.stop()
    expect(JSON.stringify(body) + sentinel.output).not.toContain('secret-word')
  })

  it('takes an empty variable for none', async () => {
    const sentinel = await SentinelProcess.start({
      env: { TG_API_ID: '', TG_API_HASH: '', REDIS_HOST: '', LOG_LEVEL: '' },
    })
    expect((await sentinel.api.status()).app_configured).toBe(false)
    await sentinel.stop()
  })
})

describe('a start that cannot succeed', () => {
  it('says in one sentence that the port is taken', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const { code, stderr } = await failedStart({ SENTINEL_API_PORT: String(port) })
    server.close()
    expect(code).toBe(1)
    expect(stderr.trim().split('\n')).toEqual([expect.stringContaining(`Cannot listen on 127.0.0.1:${port}`)])
  })

  it('says in one sentence that the database cannot be opened', async () => {
    const path = join(folder, 'a-folder.db')
    mkdirSync(path)
    const { code, stderr } = await failedStart({ DB_URI: `sqlite:///${path}` })
    expect(code).toBe(1)
    expect(stderr.trim().split('\n')).toEqual([expect.stringContaining(path)])
  })
})
