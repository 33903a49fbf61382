import { mkdtempSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../src/config'
import { keptSecretKey } from '../src/secret-key'

test('without anything set it serves loopback and finds the sentinel there', () => {
  expect(readConfig({})).toEqual({
    databasePath: 'data/ui/ui.db',
    backups: { dir: 'data/ui/backups', everyMs: null, keep: 7 },
    host: '127.0.0.1',
    port: 5001,
    sentinelBaseUrl: 'http://127.0.0.1:8080/api',
    apiToken: undefined,
    secretKey: undefined,
    secretKeyPath: 'data/ui/secret.key',
    adminPassword: undefined,
    basePath: '/',
    trustProxy: undefined,
    logLevel: 'info',
  })
})

test.each([
  ['/', '/'],
  ['/sentinel', '/sentinel/'],
  ['sentinel/', '/sentinel/'],
  ['/a/b/', '/a/b/'],
])('BASE_PATH %s', (given, expected) => {
  expect(readConfig({ BASE_PATH: given }).basePath).toBe(expected)
})

test.each([
  ['1', 1],
  ['loopback', ['loopback']],
  ['10.0.0.0/8, ::1', ['10.0.0.0/8', '::1']],
])('TRUST_PROXY %s', (given, expected) => {
  expect(readConfig({ TRUST_PROXY: given }).trustProxy).toEqual(expected)
})

test('every problem is told at once, no secret is', () => {
  const env = {
    UI_PORT: '99999',
    UI_DB_URI: 'postgres://x',
    SENTINEL_API_BASE_URL: 'http://user:pw@host/api',
    SENTINEL_API_TOKEN: 'tiny-secret',
    UI_SECRET_KEY: 'tiny-secret',
    UI_ADMIN_PASSWORD: 'secret',
    BASE_PATH: '/a b',
    TRUST_PROXY: 'true',
    LOG_LEVEL: 'loud',
  }
  let message = ''
  try {
    readConfig(env)
  } catch (error) {
    message = (error as Error).message
  }
  for (const name of Object.keys(env)) expect(message).toContain(`${name}:`)
  expect(message).not.toMatch(/secret\b|:pw/)
})

test('a secret may stand in a file', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'ui-config-')), 'token')
  writeFileSync(path, 'a-token-in-a-file-0123\n')
  expect(readConfig({ SENTINEL_API_TOKEN_FILE: path }).apiToken).toBe('a-token-in-a-file-0123')
})

test('the key that signs cookies is made once, for its owner alone', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'ui-key-')), 'ui', 'secret.key')
  const key = keptSecretKey(path)
  expect(key).toMatch(/^[\w-]{43}$/)
  expect(keptSecretKey(path)).toBe(key)
  expect(statSync(path).mode & 0o777).toBe(0o600)
})
