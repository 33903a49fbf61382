import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { authKeyId } from '@tgsentinel/session-codec/session-codec'
import Database from '@tgsentinel/sqlite-driver'
import { foreignStrings, foreignText } from '../../../session-codec/test/foreign-fixtures'
import { isOurs } from './session-file'
import { writeSessionString } from './session-string'

let folder: string
let target: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'string-'))
  target = join(folder, 'new.session')
})

afterEach(() => rmSync(folder, { recursive: true }))

describe.each(foreignStrings.filter(({ expect: { refused } }) => refused === undefined))(
  '$file',
  ({ file, expect: wanted }) => {
    test('becomes a session file of ours', () => {
      const facts = writeSessionString(foreignText(file.replace('.txt', '')), target, { allow: [] })
      const selfUserId = wanted.user_id === null ? null : String(wanted.user_id)
      const server = { dcId: wanted.dc_id, address: wanted.address, port: wanted.port }
      const expected = { ...server, authKeyIdHex: wanted.auth_key_id_hex, selfUserId }
      const entities = selfUserId === null ? 0 : 1
      expect(facts).toEqual({ ...expected, schemaVersion: 7, entities, updateStates: 0, isTestDc: wanted.test_dc })
      expect(readBack(target)).toEqual({ ...expected, entities })
      expect(statSync(target).mode & 0o777).toBe(0o600)
      expect(isOurs(target)).toBe(true)
      expect(readdirSync(folder)).toEqual(['new.session'])
    })
  },
)

test.each(foreignStrings.filter(({ expect: { refused } }) => refused !== undefined))(
  '$file is refused and leaves no file',
  ({ file }) => {
    expect(() => writeSessionString(foreignText(file.replace('.txt', '')), target, { allow: [] })).toThrow(/bot/)
    expect(readdirSync(folder)).toEqual([])
  },
)

test('a former file is replaced, and stays when the text is refused', () => {
  writeFileSync(target, 'former')
  expect(() => writeSessionString('{"a": 1}', target, { allow: [] })).toThrow(/JSON/)
  expect(statSync(target).size).toBe(6)
  writeSessionString(foreignText('gramjs-ip'), target, { allow: [] })
  expect(isOurs(target)).toBe(true)
})

test('a server of the allow list is kept as it is', () => {
  const text = localTelethonString()
  expect(() => writeSessionString(text, target, { allow: [] })).toThrow(expect.objectContaining({ reason: 'port' }))
  const facts = writeSessionString(text, target, { allow: ['127.0.0.1:9001'] })
  expect(facts).toMatchObject({ address: '127.0.0.1', port: 9001, isTestDc: true })
})

test('an error of the disk is passed on and leaves no file', () => {
  const text = foreignText('telethon-ipv4')
  expect(() => writeSessionString(text, join(folder, 'nowhere', 'x.session'), { allow: [] })).toThrow(/ENOENT/)
  expect(readdirSync(folder)).toEqual([])
})

function localTelethonString(): string {
  const server = Buffer.from([2, 127, 0, 0, 1, 9001 >> 8, 9001 & 255])
  return `1${Buffer.concat([server, Buffer.alloc(256, 9)]).toString('base64url')}=`
}

function readBack(path: string) {
  const db = new Database(path, { readonly: true })
  db.defaultSafeIntegers(true)
  try {
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
    expect(db.prepare('SELECT version FROM version').pluck().all()).toEqual([7n])
    const rows = db.prepare('SELECT dc_id, server_address, port, auth_key, takeout_id FROM sessions').raw().all()
    expect(rows).toHaveLength(1)
    const [dcId, address, port, key, takeoutId] = rows[0] as [bigint, string, bigint, Buffer, null]
    expect([key.length, takeoutId]).toEqual([256, null])
    const self = db.prepare('SELECT hash FROM entities WHERE id = 0').pluck().get() as bigint | undefined
    const entities = Number(db.prepare('SELECT count(*) FROM entities').pluck().get())
    const server = { dcId: Number(dcId), address, port: Number(port) }
    return { ...server, authKeyIdHex: authKeyId(key).hex, selfUserId: self?.toString() ?? null, entities }
  } finally {
    db.close()
  }
}
