import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from './sqlite'

const FIRST = { name: 'first', sql: 'CREATE TABLE a (id INTEGER PRIMARY KEY)' }
const SECOND = { name: 'second', sql: 'CREATE TABLE b (id INTEGER PRIMARY KEY); INSERT INTO a VALUES (1)' }

describe('a database', () => {
  let folder = ''
  let path = ''

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tgsentinel-sqlite-'))
    path = join(folder, 'deep', 'file.db')
  })

  afterEach(() => rmSync(folder, { recursive: true }))

  it('is made with its folder, for its owner and group alone, in WAL with foreign keys', () => {
    const database = openDatabase(path, [FIRST])
    expect(statSync(path).mode & 0o777).toBe(0o660)
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal')
    expect(database.pragma('foreign_keys', { simple: true })).toBe(1)
    database.close()
  })

  it('takes each migration once, and later ones when they come', () => {
    openDatabase(path, [FIRST]).close()
    openDatabase(path, [FIRST, SECOND]).close()
    const database = openDatabase(path, [FIRST, SECOND])
    expect(database.prepare('SELECT id, name FROM schema_migrations').all()).toEqual([
      { id: 1, name: 'first' },
      { id: 2, name: 'second' },
    ])
    expect(database.prepare('SELECT count(*) AS n FROM a').get()).toEqual({ n: 1 })
    database.close()
  })

  it('keeps nothing of a migration that fails', () => {
    const broken = { name: 'broken', sql: 'CREATE TABLE c (id INTEGER); SELECT nothing FROM nowhere' }
    expect(() => openDatabase(path, [FIRST, broken])).toThrow()
    const database = openDatabase(path, [FIRST])
    expect(database.prepare("SELECT name FROM sqlite_master WHERE name = 'c'").get()).toBeUndefined()
    database.close()
  })

  it('of a newer version is refused in words', () => {
    openDatabase(path, [FIRST, SECOND]).close()
    expect(() => openDatabase(path, [FIRST])).toThrow(/newer version/)
  })

  it('that cannot be opened says where and what to check', () => {
    writeFileSync(join(folder, 'file'), '')
    expect(() => openDatabase(join(folder, 'file', 'x.db'), [])).toThrow(
      /cannot be opened. Check that its folder exists/,
    )
  })
})
