import { mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from '@tgsentinel/sqlite-driver'
import { fixtureBytes, freshSession } from '../../../session-codec/test/session-fixtures'
import { isOurs, SessionFile, SessionFlushFailed } from './session-file'
import type { EntityRow } from './session-schema'

let folder: string
let path: string
let file: SessionFile

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'session-'))
  path = join(folder, 'a.session')
  file = SessionFile.create(path)
})

afterEach(() => {
  file.close()
  rmSync(folder, { recursive: true })
})

const server = { dcId: 4, address: '149.154.167.91', port: 443, authKey: Buffer.alloc(256, 9) }

function person(id: number, name = `Person ${id}`): EntityRow {
  return { id: BigInt(id), hash: BigInt(id) * 1_000_007n - 5n, username: `user${id}`, phone: null, name }
}

function reopen(): void {
  file.close()
  file = SessionFile.open(path)
}

test('a new file is private, ours and empty', () => {
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(isOurs(path)).toBe(true)
  expect(file.row()).toBeNull()
  expect(file.selfUserId()).toBeNull()
  expect(() => SessionFile.create(path)).toThrow(/EEXIST/)
})

test('the server row and the own user id are durable at once', () => {
  file.saveRow({ ...server, dcId: 2 })
  file.saveRow(server)
  file.setSelfUserId(5_551_234_567n)
  const other = SessionFile.open(path)
  expect(other.row()).toEqual(server)
  expect(other.selfUserId()).toBe(5_551_234_567n)
  other.close()
})

test('a missing key is stored as Telethon does and read as null', () => {
  file.saveRow({ ...server, authKey: null })
  expect(file.row()?.authKey).toBeNull()
})

test('entities are known before the flush and after it, with all 64 bits of the hash', () => {
  const channel = { ...person(1), id: -1_000_001_234_567n, hash: -9_223_372_036_854_775_808n, username: 'news' }
  file.putEntities([person(1), channel])
  for (const round of ['waiting', 'written']) {
    expect([round, file.inputEntity(-1_000_001_234_567n)]).toEqual([round, { id: channel.id, hash: channel.hash }])
    expect(file.entityByUsername('NEWS')?.id).toBe(channel.id)
    expect(file.entityName(1)).toBe('Person 1')
    expect(file.inputEntity(99)).toBeNull()
    file.flush()
  }
})

test('closing flushes, twice is harmless', () => {
  file.putEntities([person(1)])
  file.putUpdateState(0, { pts: 10, qts: 1, date: 1_731_600_000, seq: 2 })
  file.putUpdateState(123n, { pts: 77, qts: 0, date: 0, seq: 0 })
  file.close()
  file.close()
  file = SessionFile.open(path)
  expect(file.entityName(1)).toBe('Person 1')
  expect(file.updateStates()).toEqual([
    { id: 0n, pts: 10, qts: 1, date: 1_731_600_000, seq: 2 },
    { id: 123n, pts: 77, qts: 0, date: 0, seq: 0 },
  ])
})

test('what waits is bounded: the oldest rows give way', () => {
  file.putEntities(Array.from({ length: 20_001 }, (_, index) => person(index + 1)))
  expect(file.inputEntity(1)).toBeNull()
  expect(file.inputEntity(2)).not.toBeNull()
  expect(file.inputEntity(20_001)).not.toBeNull()
})

test('a failed flush says so, keeps the rows, and the next one writes them', () => {
  file.putEntities([person(1)])
  const other = new Database(path)
  other.exec('BEGIN EXCLUSIVE')
  expect(() => file.flush()).toThrow(SessionFlushFailed)
  expect(() => file.putEntities([person(2)])).not.toThrow()
  other.exec('COMMIT')
  other.close()
  reopen()
  expect([file.entityName(1), file.entityName(2)]).toEqual(['Person 1', 'Person 2'])
})

test('an entity that says nothing new is not written again', () => {
  file.putEntities([person(1)])
  file.flush()
  const before = changeCounter()
  file.putEntities([person(1)])
  file.flush()
  expect(changeCounter()).toBe(before)
  file.putEntities([person(1, 'Renamed')])
  file.flush()
  expect(changeCounter()).not.toBe(before)
})

test('Telethon files, foreign tables and broken files are not ours', () => {
  const other = join(folder, 'b.session')
  for (const bytes of [
    fixtureBytes('a01'),
    freshSession('', 'CREATE TABLE t (a)'),
    Buffer.alloc(0),
    Buffer.alloc(9000),
  ]) {
    writeFileSync(other, bytes)
    expect(isOurs(other)).toBe(false)
    expect(() => SessionFile.open(other)).toThrow(/import it first/)
  }
  expect(() => isOurs(join(folder, 'nothing'))).toThrow(/ENOENT/)
})

test('a file of ours beyond 10 MiB is still ours', () => {
  file.close()
  truncateSync(path, 11 * 1024 * 1024)
  expect(isOurs(path)).toBe(true)
})

function changeCounter(): unknown {
  const other = new Database(path, { readonly: true })
  const counter = other.serialize().readUInt32BE(24)
  other.close()
  return counter
}
