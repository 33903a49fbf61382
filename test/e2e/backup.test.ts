import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from '@tgsentinel/sqlite-driver'
import { Conversation } from '../support/conversation'
import { TestProcess } from '../support/child-process'
import { ROOT, SentinelProcess } from '../support/sentinel-process'
import { until } from '../support/until'
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder'

const PROGRAM = join(ROOT, 'services/backup/dist/main.js')
const KILLS = 12

interface Row {
  chat_id: number
  message_id: number
  text: string
}

/** The program as it is shipped, against a sentinel that is at work. */
describe('tgsentinel backup and restore', () => {
  const folder = makeTemporaryFolder()
  const dataDir = join(folder, 'here')
  let talk: Conversation
  let news = 0

  beforeAll(async () => {
    mkdirSync(dataDir)
    const prepare = async ({ control }: Conversation['stage']) => (await control.createChannel({ title: 'News' })).chat
    ;({ talk, cast: news } = await Conversation.open(prepare, { dataDir }))
    await talk.sentinel.api.createProfile({
      name: 'All',
      min_score: 1,
      keywords: { general: { words: ['word'], weight: 1 } },
    } as never)
  })

  afterAll(async () => {
    await talk.close()
    removeFolder(folder)
  })

  const run = (args: string[], env: Record<string, string> = {}) =>
    new TestProcess(process.execPath, [PROGRAM, ...args], { PATH: process.env.PATH, DATA_DIR: dataDir, ...env }, ROOT)

  /** Ends well, and gives what it said. */
  async function done(process: TestProcess): Promise<string> {
    const { code } = await process.exited
    expect([code, process.stderr]).toEqual([0, ''])
    return process.stdout
  }

  const fileIn = (text: string) => /^Backed up to (.*\.tar\.gz)/m.exec(text)?.[1] ?? ''

  function rowsOf(path: string): Row[] {
    const database = new Database(path, { readonly: true })
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
    const rows = database
      .prepare<[], Row>('SELECT chat_id, message_id, text FROM messages ORDER BY chat_id, message_id')
      .all()
    database.close()
    return rows
  }

  /** Talks until it is told to stop; how many messages were posted. */
  function talking(): () => Promise<number> {
    let isOver = false
    const work = (async () => {
      let posted = 0
      for (; !isOver; posted += 1) {
        await talk.send({ chat: news, text: `word ${posted}` })
        await new Promise((resolve) => setTimeout(resolve, 2))
      }
      return posted
    })()
    return () => {
      isOver = true
      return work
    }
  }

  it('takes what was there at its moment while messages pour in, and gives it back into an empty folder', async () => {
    const stop = talking()
    const isPouring = () => rowsOf(talk.sentinel.databasePath).length >= 50
    await until('messages to pour in', isPouring)
    const before = rowsOf(talk.sentinel.databasePath).length
    const file = fileIn(await done(run(['backup', '--to', join(folder, 'backups')])).finally(stop))
    await talk.settled()
    const truth = rowsOf(talk.sentinel.databasePath)
    const elsewhere = join(folder, 'there')
    expect(await done(run(['restore', file], { DATA_DIR: elsewhere }))).toMatch(
      /Restored .*sentinel\.db\.\nIt is as of 20/,
    )
    const restored = rowsOf(join(elsewhere, 'sentinel/sentinel.db'))
    expect(restored.length).toBeGreaterThanOrEqual(before)
    expect(restored).toEqual(truth.slice(0, restored.length))
    const sentinel = await SentinelProcess.start({ dataDir: elsewhere })
    expect((await sentinel.api.stats()).total_messages).toBe(restored.length)
    expect(await sentinel.api.alerts({ limit: 1 })).toHaveLength(1)
    await sentinel.stop()
  })

  it('restores nothing while the sentinel runs', async () => {
    const file = fileIn(await done(run(['backup', '--to', join(folder, 'backups')])))
    const refused = run(['restore', file])
    expect((await refused.exited).code).toBe(1)
    expect(refused.stderr).toMatch(/sentinel\.db is in use by another process.*nothing was restored/)
  })

  it('says how it is used', async () => {
    const lost = run(['restore'])
    expect((await lost.exited).code).toBe(1)
    expect(lost.stderr).toMatch(/^Usage:/)
  })

  it('killed at any moment leaves what was there or what was restored, each of them whole', async () => {
    const elsewhere = { DATA_DIR: join(folder, 'killed') }
    const path = join(folder, 'killed/sentinel/sentinel.db')
    const first = fileIn(await done(run(['backup', '--to', join(folder, 'first')])))
    await talk.post({ chat: news, text: 'one word more' })
    const second = fileIn(await done(run(['backup', '--to', join(folder, 'second')])))
    await done(run(['restore', first], elsewhere))
    const counts = [rowsOf(path).length, rowsOf(path).length + 1]
    for (let round = 0; round < KILLS; round += 1) {
      const restoring = run(['restore', round % 2 ? first : second], elsewhere)
      await new Promise((resolve) => setTimeout(resolve, 60 + 30 * round))
      restoring.kill('SIGKILL')
      await restoring.exited
      expect(counts).toContain(rowsOf(path).length)
    }
    await done(run(['restore', second], elsewhere))
    expect(rowsOf(path)).toHaveLength(counts[1] ?? 0)
    for (let round = 0; round < KILLS; round += 1) {
      const backing = run(['backup', '--to', join(folder, 'killed-backups')])
      await new Promise((resolve) => setTimeout(resolve, 60 + 30 * round))
      backing.kill('SIGKILL')
      await backing.exited
    }
    const made = existsSync(join(folder, 'killed-backups')) ? readdirSync(join(folder, 'killed-backups')) : []
    for (const name of made.filter((one) => one.endsWith('.tar.gz')))
      await done(run(['restore', join(folder, 'killed-backups', name)], elsewhere))
  })
})
