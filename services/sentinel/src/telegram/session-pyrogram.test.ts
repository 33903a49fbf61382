import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { authKeyId } from '@tgsentinel/session-codec/session-codec'
import Database from '@tgsentinel/sqlite-driver'
import { buildSync } from 'esbuild'
import { foreignBytes, foreignFiles, tamperedPyrogram } from '../../../session-codec/test/foreign-fixtures'
import { fixtureBytes, hostileFiles, rejected } from '../../../session-codec/test/session-fixtures'
import { isOurs, SessionFile } from './session-file'
import { rebuildSessionFile, type RebuildOptions } from './session-import'

const folder = mkdtempSync(join(tmpdir(), 'pyrogram-'))
const target = join(folder, 'new.session')
// Under services/sentinel, so that better-sqlite3 is found.
const builtFolder = mkdtempSync(join(__dirname, '../../.inspector-'))
const inspectorPath = join(builtFolder, 'session-inspector.js')
const options: RebuildOptions = { allow: [], inspectorPath, format: 'pyrogram' }

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

describe.each(foreignFiles.filter(({ expect: { refused } }) => refused === undefined))(
  '$file',
  ({ file, expect: wanted }) => {
    const bytes = foreignBytes(file.replace('.session', ''))

    test('is converted with its peers', async () => {
      const facts = await rebuildSessionFile(bytes, target, options)
      const selfUserId = String(wanted.user_id)
      const server = { dcId: wanted.dc_id, address: wanted.address, port: 443 }
      const expected = { ...server, authKeyIdHex: wanted.auth_key_id_hex, selfUserId }
      const counts = { entities: wanted.entities.length + 1, updateStates: 0 }
      expect(facts).toEqual({
        ...expected,
        ...counts,
        schemaVersion: wanted.schema_version,
        isTestDc: wanted.test_dc,
      })
      expect(readBack(target)).toEqual({ ...expected, entities: sorted(wanted.entities) })
      expect(statSync(target).mode & 0o777).toBe(0o600)
      expect(isOurs(target)).toBe(true)
      expect(readdirSync(folder)).toEqual(['new.session'])
    })

    test('is refused where nobody asked for it', async () => {
      const refusal = rebuildSessionFile(bytes, target, { allow: [], inspectorPath })
      await expect(refusal).rejects.toMatchObject({ reason: 'pyrogram' })
      expect(readdirSync(folder)).toEqual([])
    })
  },
)

test('the hand-made file of the first set is converted when asked for', async () => {
  const facts = await rebuildSessionFile(fixtureBytes('r26'), target, options)
  expect(facts).toMatchObject({ dcId: 2, address: '149.154.167.51', schemaVersion: 3, selfUserId: '777000123' })
  expect(readBack(target).entities).toEqual([
    ['-1001234567890', '-7', null, null, null, 1731600000],
    ['-4242', '0', null, null, null, 1731600000],
    ['777000', '5', null, null, null, 1731600000],
  ])
})

test('the session file opens and knows the peers', async () => {
  await rebuildSessionFile(foreignBytes('pyrogram-v3'), target, options)
  const file = SessionFile.open(target)
  expect(file.selfUserId()).toBe(5_551_234_567n)
  expect(file.entityByUsername('Ada')).toEqual({ id: 5_551_234_567n, hash: -9_223_372_036_854_775_808n })
  file.close()
})

test('the session of a bot is refused', async () => {
  const refusal = rebuildSessionFile(foreignBytes('pyrogram-v3-bot'), target, options)
  await expect(refusal).rejects.toMatchObject({ reason: 'bot' })
  expect(readdirSync(folder)).toEqual([])
})

test('a Telethon file is refused under the format of another', async () => {
  await expect(rebuildSessionFile(fixtureBytes('a01'), target, options)).rejects.toThrow(/This is a Telethon session/)
})

test.each(rejected.filter(({ file }) => !file.startsWith('r26')))(
  '$file is refused as a Pyrogram file, too',
  async ({ file }) => {
    const refusal = rebuildSessionFile(fixtureBytes(file), target, options)
    await expect(refusal).rejects.toMatchObject({ name: 'InvalidSessionFile' })
    expect(readdirSync(folder)).toEqual([])
  },
)

test.each(Object.keys(hostileFiles))('%s is refused', async (name) => {
  await expect(rebuildSessionFile(hostileFiles[name]!(), target, options)).rejects.toMatchObject({
    name: 'InvalidSessionFile',
  })
})

test('peers of a wrong type are left behind, values of a wrong type are left out', async () => {
  const bytes = tamperedPyrogram(
    `DELETE FROM peers;
    INSERT INTO peers VALUES (1, 'no hash', 'user', NULL, NULL, 1), (2, NULL, 'user', NULL, NULL, 1),
      (3, 0, 'user', NULL, NULL, 1), (0, 9, 'user', NULL, NULL, 1), (4, 1.5, 'user', NULL, NULL, 1),
      (5, 55, 'user', x'00', '+1555', 'now'), (6, 66, 'user', hex(zeroblob(200)), '123456789012345678901', -1),
      (7, 77, 'user', 'UPPER', 15550001122, 1.75), (-8, NULL, 'group', NULL, NULL, 1)`,
  )
  expect(await rebuildSessionFile(bytes, target, options)).toMatchObject({ entities: 5 })
  expect(readBack(target).entities).toEqual([
    ['-8', '0', null, null, null, 1],
    ['5', '55', null, null, null, null],
    ['6', '66', null, null, null, null],
    ['7', '77', 'upper', 15550001122, null, 1],
  ])
})

test('peers of version 1 are left, whose ids were marked otherwise', async () => {
  const bytes = tamperedPyrogram('UPDATE version SET number = 1', 'pyrogram-v2')
  expect(await rebuildSessionFile(bytes, target, options)).toMatchObject({ schemaVersion: 1, entities: 1 })
})

test('without a user id the file does not say whose it is', async () => {
  const bytes = tamperedPyrogram('UPDATE sessions SET user_id = NULL')
  expect(await rebuildSessionFile(bytes, target, options)).toMatchObject({ selfUserId: null, entities: 6 })
})

test('forty thousand peers and their usernames without an index take their time once', async () => {
  const bytes = tamperedPyrogram(
    `DROP INDEX idx_usernames_username; DROP INDEX idx_usernames_id; DELETE FROM usernames;
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)
    INSERT OR REPLACE INTO peers (id, access_hash, type, last_update_on) SELECT i, i * 1000003, 'user', 1 FROM n;
    INSERT INTO usernames SELECT id, 'name' || id FROM peers WHERE id > 0`,
    'kurigram-v7',
  )
  const { entities } = await rebuildSessionFile(bytes, target, options)
  expect(entities).toBe(40_007)
  expect(readBack(target).entities.filter(([, , username]) => username !== null)).toHaveLength(40_003)
})

test('damage that only SQLite finds is named as such', async () => {
  const bytes = foreignBytes('kurigram-v7')
  const page = bytes.length - 1024
  bytes.fill(0xee, page, page + 1024)
  await expect(rebuildSessionFile(bytes, target, options)).rejects.toMatchObject({
    reason: expect.stringMatching(/^(integrity|corrupt)$/) as string,
  })
})

type EntityValues = readonly (string | number | null)[]

function sorted(rows: readonly EntityValues[]): EntityValues[] {
  return [...rows].sort(([a], [b]) => Number(BigInt(a ?? 0) - BigInt(b ?? 0)))
}

function readBack(path: string) {
  const db = new Database(path, { readonly: true })
  db.defaultSafeIntegers(true)
  try {
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
    expect(db.prepare('SELECT version FROM version').pluck().all()).toEqual([7n])
    const rows = db.prepare('SELECT dc_id, server_address, port, auth_key FROM sessions').raw().all()
    expect(rows).toHaveLength(1)
    const [dcId, address, port, key] = rows[0] as [bigint, string, bigint, Buffer]
    const self = db.prepare('SELECT hash FROM entities WHERE id = 0').pluck().get() as bigint | undefined
    const server = { dcId: Number(dcId), address, port: Number(port) }
    return { ...server, authKeyIdHex: authKeyId(key).hex, selfUserId: self?.toString() ?? null, entities: peers(db) }
  } finally {
    db.close()
  }
}

/** Hashes as text: numbers would lose digits. */
function peers(db: Database.Database): EntityValues[] {
  const rows = db.prepare(
    'SELECT cast(id AS text), cast(hash AS text), username, phone, name, date FROM entities WHERE id <> 0 ORDER BY id',
  )
  const values = rows.raw().all() as (bigint | string | null)[][]
  return values.map((row) => row.map((value) => (typeof value === 'bigint' ? Number(value) : value)))
}
