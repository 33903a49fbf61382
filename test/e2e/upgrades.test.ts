import { createReadStream } from 'node:fs'
import { copyFile, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress } from 'node:zlib'
import { missingIn, schemaAfter, schemaOf } from '@tgsentinel/database/migration'
import Database from '@tgsentinel/sqlite-driver'
import { extract } from 'tar'
import { MIGRATIONS } from '../../services/sentinel/src/store/migrations'
import { ROOT, SentinelProcess } from '../support/sentinel-process'
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder'
import { until } from '../support/until'

/** What each released schema looked like in use: written by the program of its time, beside the simulated Telegram. */
const ARCHIVE = join(ROOT, 'test/fixtures/databases/sentinel.tar.br')
/** By number and commit, the oldest first. */
const STATES = [
  '01-2fb1c42',
  '02-3052b82',
  '03-4784caa',
  '04-771c647',
  '05-bd491eb',
  '06-2e0912f',
  '07-a673b33',
  '08-13eef47',
  '09-089f51a',
  '10-fed6b36',
  '11-fb25f43',
  '12-d1c6f78',
  '13-5900c5f',
  '14-b83db1c',
  '15-f749607',
  '16-84a0ed3',
  '17-c3a7cd8',
  '18-a5f186c',
  '19-ac4f23d',
]
const KEPT_TABLES = [
  'messages',
  'alerts',
  'profiles',
  'chats',
  'users',
  'coverage',
  'message_versions',
  'cursors',
  'labels',
]

describe('an upgrade', () => {
  const folder = makeTemporaryFolder()

  beforeAll(async () => {
    await pipeline(createReadStream(ARCHIVE), createBrotliDecompress(), extract({ cwd: folder }))
    expect((await readdir(folder)).sort()).toEqual(STATES.map((state) => `${state}.db`))
  })

  afterAll(() => removeFolder(folder))

  /** Rows by table, of the tables that are there; alerts by message, each of which has one by now. */
  function countsOf(path: string): Record<string, number> {
    const database = new Database(path, { readonly: true })
    const isThere = database.prepare('SELECT 1 FROM sqlite_master WHERE name = ?').pluck()
    const tables = KEPT_TABLES.filter((name) => isThere.get(name))
    const counted = (name: string) => (name === 'alerts' ? 'count(DISTINCT message_row)' : 'count(*)')
    const count = (name: string) =>
      Number(
        database
          .prepare(`SELECT ${counted(name)} FROM ${name}`)
          .pluck()
          .get(),
      )
    const counts = Object.fromEntries(tables.map((name) => [name, count(name)]))
    database.close()
    return counts
  }

  /** What is wrong with a database as a file of today's schema. */
  function flawsOf(path: string): unknown[] {
    const database = new Database(path, { readonly: true })
    const [found, wanted] = [schemaOf(database), schemaAfter(MIGRATIONS)]
    const broken = database.pragma('foreign_key_check') as unknown[]
    const damaged = database.pragma('integrity_check', { simple: true })
    database.close()
    return [...missingIn(found, wanted), ...missingIn(wanted, found), ...broken, ...(damaged === 'ok' ? [] : [damaged])]
  }

  it.each(STATES)('of %s keeps and serves what it holds', async (state) => {
    const dataDir = join(folder, `data-${state}`)
    const path = join(dataDir, 'sentinel/sentinel.db')
    await mkdir(join(dataDir, 'sentinel'), { recursive: true })
    await copyFile(join(folder, `${state}.db`), path)
    const before = countsOf(path)
    const sentinel = await SentinelProcess.start({ dataDir })
    try {
      const { api } = sentinel
      const alerts = await api.alerts({ limit: 200 })
      expect(alerts.length).toBe(before['alerts'])
      await until('the index', async () => (await api.search({ limit: 1 })).waiting === 0)
      const { text } = alerts[0] ?? { text: '' }
      const { hits } = await api.search({ q: `"${text.split(' ').slice(0, 3).join(' ')}"` })
      expect(hits.length).toBeGreaterThan(0)
      expect((await api.coverage()).chats.length).toBe(before['coverage'] ? before['coverage'] - 1 : 0)
    } finally {
      await sentinel.stop()
    }
    expect(countsOf(path)).toMatchObject(before)
    expect(flawsOf(path)).toEqual([])
  })
})
