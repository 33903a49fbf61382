import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { authKeyId } from '@tgsentinel/session-codec/session-codec'
import Database from '@tgsentinel/sqlite-driver'
import { buildSync } from 'esbuild'
import {
  accepted,
  fixtureBytes,
  hostileFiles,
  rejected,
  tamperedSession,
} from '../../../session-codec/test/session-fixtures'
import { isOurs } from './session-file'
import { rebuildSessionFile, SessionRebuildFailed, type RebuildOptions } from './session-import'

const folder = mkdtempSync(join(tmpdir(), 'import-'))
const target = join(folder, 'new.session')
// Under services/sentinel, so that better-sqlite3 is found.
const builtFolder = mkdtempSync(join(__dirname, '../../.inspector-'))
const inspectorPath = join(builtFolder, 'session-inspector.js')
const options: RebuildOptions = { allow: [], inspectorPath }

beforeAll(() => {
  buildSync({
    entryPoints: [join(__dirname, 'session-inspector.ts')],
    bundle: true,
    platform: 'node',
    external: ['better-sqlite3', 'better-sqlite3-13'],
    outfile: inspectorPath,
  })
})

afterEach(() => rmSync(target, { force: true }))
afterAll(() => {
  rmSync(folder, { recursive: true })
  rmSync(builtFolder, { recursive: true })
})

describe.each(accepted)('$file', ({ file, expect: wanted }) => {
  test('is rebuilt as Telethon version 7', async () => {
    const facts = await rebuildSessionFile(fixtureBytes(file), target, options)
    const address = wanted.server_address.includes(':') ? '149.154.167.51' : wanted.server_address
    const expected = {
      dcId: wanted.dc_id,
      address,
      port: wanted.port,
      authKeyIdHex: wanted.auth_key_id_hex,
      entities: wanted.entities_to_carry ?? wanted.entities,
      updateStates: wanted.update_states,
      selfUserId: wanted.self_user_id === undefined ? null : String(wanted.self_user_id),
    }
    expect(facts).toEqual({ ...expected, schemaVersion: wanted.schema_version, isTestDc: wanted.test_dc })
    expect(readAsTelethon(target)).toEqual(expected)
    expect(statSync(target).mode & 0o777).toBe(0o600)
    expect(isOurs(target)).toBe(true)
    expect(readdirSync(folder)).toEqual(['new.session'])
  })
})

describe.each(rejected)('$file', ({ file, expect: wanted }) => {
  test('is refused in the words of the manifest and leaves no file', async () => {
    const refusal = rebuildSessionFile(fixtureBytes(file), target, options)
    await expect(refusal).rejects.toMatchObject({
      name: 'InvalidSessionFile',
      message: expect.stringMatching(new RegExp(wanted.message_may_match ?? '.')) as string,
    })
    expect(readdirSync(folder)).toEqual([])
  })
})

test.each(Object.keys(hostileFiles))('%s is refused', async (name) => {
  const bytes = hostileFiles[name]!()
  await expect(rebuildSessionFile(bytes, target, options)).rejects.toMatchObject({ name: 'InvalidSessionFile' })
})

test('a server of the allow list is kept as it is', async () => {
  const facts = await rebuildSessionFile(fixtureBytes('r18'), target, { ...options, allow: ['127.0.0.1:443'] })
  expect(facts).toMatchObject({ address: '127.0.0.1', port: 443, isTestDc: true, entities: 12 })
})

test('rows of a wrong type are left behind and a REAL date becomes an integer', async () => {
  const bytes = tamperedSession(
    `INSERT INTO entities VALUES (1, 'no hash', NULL, NULL, NULL, NULL), (2, -9223372036854775808, x'00', 'p', 5, 1.5);
    INSERT INTO update_state VALUES (0, 10, NULL, 1731600000.75, 3), (7, 'x', 0, 0, 0)`,
  )
  expect(await rebuildSessionFile(bytes, target, options)).toMatchObject({ entities: 1, updateStates: 1 })
  const db = new Database(target)
  db.defaultSafeIntegers(true)
  expect(db.prepare('SELECT hash, username, phone FROM entities').raw().all()).toEqual([
    [-9223372036854775808n, null, null],
  ])
  expect(db.prepare('SELECT id, pts, qts, date, seq FROM update_state').raw().all()).toEqual([
    [0n, 10n, 0n, 1731600000n, 3n],
  ])
  db.close()
})

test('a former file at the target is replaced', async () => {
  writeFileSync(target, 'old')
  await rebuildSessionFile(fixtureBytes('a01'), target, options)
  expect(isOurs(target)).toBe(true)
})

test('imports at once are taken one after the other', async () => {
  const targets = [1, 2, 3].map((number) => join(folder, `${number}.session`))
  const all = await Promise.all(targets.map((path) => rebuildSessionFile(fixtureBytes('a02'), path, options)))
  expect(all.map(({ entities }) => entities)).toEqual([500, 500, 500])
  targets.forEach((path) => rmSync(path))
})

test('more than eight imports at once are turned away', async () => {
  const inspector = script('setTimeout(() => console.log(JSON.stringify({ ok: true, facts: {} })), 20)')
  const all = Array.from({ length: 9 }, () =>
    rebuildSessionFile(fixtureBytes('a01'), target, { ...options, inspectorPath: inspector }),
  )
  const settled = await Promise.allSettled(all)
  expect(settled.filter(({ status }) => status === 'rejected')).toEqual([
    expect.objectContaining({ reason: expect.any(SessionRebuildFailed) as Error }),
  ])
})

describe('the child process', () => {
  test('is killed when it takes too long, and leaves no file', async () => {
    const inspector = script(`require('fs').writeFileSync(process.argv[3], 'half'); for (;;);`)
    const refusal = rebuildSessionFile(fixtureBytes('a01'), target, {
      ...options,
      inspectorPath: inspector,
      timeoutMs: 300,
    })
    await expect(refusal).rejects.toMatchObject({
      reason: 'integrity',
      message: expect.stringMatching(/corrupt/) as string,
    })
    expect(existsSync(target)).toBe(false)
  })

  test('cannot take more memory than its data limit', async () => {
    const inspector = script(`Buffer.alloc(400e6, 1); console.log('{"ok":true,"facts":{"unlimited":true}}')`)
    const refusal = rebuildSessionFile(fixtureBytes('a01'), target, { ...options, inspectorPath: inspector })
    await expect(refusal).rejects.toMatchObject({ reason: 'integrity' })
  })

  test('sees none of our environment', async () => {
    process.env.SENTINEL_API_TOKEN = 'secret'
    const inspector = script('console.log(JSON.stringify({ ok: true, facts: Object.keys(process.env) }))')
    const facts = await rebuildSessionFile(fixtureBytes('a01'), target, { ...options, inspectorPath: inspector })
    delete process.env.SENTINEL_API_TOKEN
    expect(facts).toContain('PATH')
    expect(facts).not.toContain('SENTINEL_API_TOKEN')
  })

  test('is stopped by the signal', async () => {
    const controller = new AbortController()
    const inspector = script('for (;;);')
    const refusal = rebuildSessionFile(fixtureBytes('a01'), target, {
      ...options,
      inspectorPath: inspector,
      signal: controller.signal,
    })
    controller.abort(new Error('shutting down'))
    await expect(refusal).rejects.toThrow('shutting down')
  })

  test('tells of a disk problem without blaming the file', async () => {
    const refusal = rebuildSessionFile(fixtureBytes('a01'), join(folder, 'nowhere', 'x.session'), options)
    await expect(refusal).rejects.toThrow(SessionRebuildFailed)
  })
})

/** Telethon 1.37 fails on any other number or order of columns, so that is checked; the values are read by name. */
function readAsTelethon(path: string) {
  const db = new Database(path, { readonly: true })
  db.defaultSafeIntegers(true)
  try {
    expect(
      db
        .prepare('SELECT * FROM sessions')
        .columns()
        .map(({ name }) => name),
    ).toEqual(['dc_id', 'server_address', 'port', 'auth_key', 'takeout_id'])
    expect(
      db
        .prepare('SELECT * FROM entities')
        .columns()
        .map(({ name }) => name),
    ).toEqual(['id', 'hash', 'username', 'phone', 'name', 'date'])
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
    expect(db.prepare('SELECT version FROM version').pluck().all()).toEqual([7n])
    const [row, ...others] = db.prepare('SELECT * FROM sessions').all() as Record<string, never>[]
    expect(others).toEqual([])
    expect(row?.takeout_id).toBeNull()
    return {
      dcId: Number(row?.dc_id),
      address: row?.server_address,
      port: Number(row?.port),
      authKeyIdHex: authKeyId(row?.auth_key as unknown as Buffer).hex,
      entities: count(db, 'entities'),
      updateStates: count(db, 'update_state'),
      selfUserId:
        (db.prepare('SELECT hash FROM entities WHERE id = 0').pluck().get() as bigint | undefined)?.toString() ?? null,
    }
  } finally {
    db.close()
  }
}

function count(db: Database.Database, table: string): number {
  return Number(db.prepare(`SELECT count(*) FROM ${table}`).pluck().get())
}

let scripts = 0
function script(source: string): string {
  const path = join(builtFolder, `script-${scripts++}.js`)
  writeFileSync(path, source)
  return path
}
