import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from '@tgsentinel/sqlite-driver'
import { hashOf } from './migration'
import { BUSY_TIMEOUT_MS, BusyTimeout } from './busy-timeout'
import { openDatabase } from './database'

const FIRST = { name: 'first', sql: 'CREATE TABLE a (id INTEGER PRIMARY KEY)' }
const SECOND = { name: 'second', sql: 'CREATE TABLE b (id INTEGER PRIMARY KEY); INSERT INTO a VALUES (1)' }
const BROKEN = { name: 'broken', sql: 'CREATE TABLE c (id INTEGER); SELECT 1 FROM nowhere' }

describe('a database', () => {
  let folder = ''
  let path = ''

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tgsentinel-sqlite-'))
    path = join(folder, 'deep', 'file.db')
  })

  afterEach(() => rmSync(folder, { recursive: true }))

  const copies = () => readdirSync(join(folder, 'deep')).filter((name) => name.includes('before-step'))

  it('is made with its folder, for its owner and group alone, in WAL with foreign keys', () => {
    const database = openDatabase(path, [FIRST])
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal')
    expect(database.pragma('foreign_keys', { simple: true })).toBe(1)
    expect(Number(database.pragma('busy_timeout', { simple: true }))).toBeLessThan(100)
    database.close()
  })

  it('takes each migration once, and later ones when they come', () => {
    openDatabase(path, [FIRST]).close()
    openDatabase(path, [FIRST, SECOND]).close()
    const database = openDatabase(path, [FIRST, SECOND])
    expect(database.prepare('SELECT id, name, hash FROM schema_migrations').all()).toEqual([
      { id: 1, name: 'first', hash: hashOf(FIRST) },
      { id: 2, name: 'second', hash: hashOf(SECOND) },
    ])
    expect(database.prepare('SELECT count(*) AS n FROM a').get()).toEqual({ n: 1 })
    database.close()
  })

  it('waits once for another process that has it locked, not once for each statement', async () => {
    const database = openDatabase(path, [FIRST])
    const busyTimeout = new BusyTimeout(database)
    const patience = () => Number(database.pragma('busy_timeout', { simple: true }))
    busyTimeout.waitedInVain()
    expect(patience()).toBe(0)
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(patience()).toBe(BUSY_TIMEOUT_MS)
    busyTimeout.off()
    busyTimeout.waitedInVain()
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(patience()).toBe(0)
    busyTimeout.on()
    expect(patience()).toBe(BUSY_TIMEOUT_MS)
    database.close()
    busyTimeout.waitedInVain()
  })

  it('loses what a restore replaced after a week, and nothing else', () => {
    openDatabase(path, [FIRST]).close()
    const now = new Date().toISOString().slice(0, 10)
    const [old, recent] = [`${path}.before-restore-2020-01-01T00-00-00Z`, `${path}.before-restore-${now}T00-00-00Z`]
    const kept = [recent, `${recent}-wal`, join(folder, 'deep/other.db.before-restore-2020-01-01T00-00-00Z')]
    for (const name of [old, `${old}-wal`, ...kept]) writeFileSync(name, '')
    openDatabase(path, [FIRST]).close()
    expect([old, `${old}-wal`, ...kept].map((name) => existsSync(name))).toEqual([false, false, true, true, true])
  })

  it('is copied before steps run over its data, and the copy goes after a week', () => {
    openDatabase(path, [FIRST]).close()
    expect(copies()).toEqual([])
    openDatabase(path, [FIRST, SECOND]).close()
    expect(copies()).toEqual(['file.db.before-step-2'])
    const before = openDatabase(`${path}.before-step-2`, [FIRST])
    expect(before.prepare('SELECT count(*) AS n FROM a').get()).toEqual({ n: 0 })
    before.close()
    const eightDaysAgo = Date.now() / 1000 - 8 * 24 * 3600
    utimesSync(`${path}.before-step-2`, eightDaysAgo, eightDaysAgo)
    openDatabase(path, [FIRST, SECOND]).close()
    expect(copies()).toEqual([])
  })

  it('keeps nothing of an upgrade that fails, and names the copy', () => {
    openDatabase(path, [FIRST]).close()
    expect(() => openDatabase(path, [FIRST, SECOND, BROKEN])).toThrow(
      /file\.db cannot be upgraded from step 1: no such table: nowhere.*Nothing was changed.*file\.db\.before-step-2/,
    )
    const database = openDatabase(path, [FIRST])
    expect(database.prepare("SELECT name FROM sqlite_master WHERE name IN ('b', 'c')").all()).toEqual([])
    database.close()
  })

  it('that lacks what its steps make is refused, not served', () => {
    openDatabase(path, [FIRST]).close()
    const database = new Database(path)
    database.exec('DROP TABLE a; ALTER TABLE schema_migrations DROP COLUMN hash')
    database.close()
    expect(() => openDatabase(path, [FIRST])).toThrow(/its schema lacks: table a/)
  })

  it('of the time before hashes is repaired by what is found in it', () => {
    const edited = { name: 'first', sql: 'CREATE TABLE a (id INTEGER PRIMARY KEY, word TEXT)' }
    const repair = {
      sinceStep: 1,
      isNeeded: (schema: { tables: Map<string, Map<string, string>> }) => !schema.tables.get('a')?.has('word'),
      sql: 'ALTER TABLE a ADD COLUMN word TEXT',
    }
    openDatabase(path, [FIRST]).close()
    const old = new Database(path)
    old.exec('INSERT INTO a VALUES (7); ALTER TABLE schema_migrations DROP COLUMN hash')
    old.close()
    const database = openDatabase(path, [edited], [repair])
    expect(database.prepare('SELECT id, word FROM a').all()).toEqual([{ id: 7, word: null }])
    expect(database.prepare('SELECT hash FROM schema_migrations').pluck().all()).toEqual([hashOf(edited)])
    database.close()
  })

  it.each([
    ['of a newer version', [FIRST], /written by a newer version.*step 2; this one knows 1.*restore a backup/],
    [
      'of another build',
      [FIRST, { ...SECOND, sql: `${SECOND.sql};` }],
      /another step 2 \("second"\).*restore a backup/,
    ],
  ])('%s is refused in words', (_name, migrations, words) => {
    openDatabase(path, [FIRST, SECOND]).close()
    expect(() => openDatabase(path, migrations)).toThrow(words)
  })

  it('that is no database says so, and what to do', () => {
    writeFileSync(join(folder, 'text.db'), 'not a database at all '.repeat(100))
    expect(() => openDatabase(join(folder, 'text.db'), [FIRST])).toThrow(
      /text\.db is not a database, or it is damaged\. Restore a backup/,
    )
  })

  it('whose copy cannot be made keeps what it was, and says how much room is needed', () => {
    openDatabase(path, [FIRST]).close()
    // In the place of the copy stands a folder that is not empty.
    openDatabase(join(`${path}.before-step-2`, 'x.db'), []).close()
    expect(() => openDatabase(path, [FIRST, SECOND])).toThrow(/No copy of the database .* Make room .*MB/)
    expect(existsSync(`${path}.before-step-2.unfinished`)).toBe(false)
    copyFileSync(path, join(folder, 'again.db'))
    openDatabase(join(folder, 'again.db'), [FIRST]).close()
  })

  it('that cannot be opened says where and what to check', () => {
    writeFileSync(join(folder, 'file'), '')
    expect(() => openDatabase(join(folder, 'file', 'x.db'), [])).toThrow(
      /cannot be opened. Check that its folder exists/,
    )
  })
})
