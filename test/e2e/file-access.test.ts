import { chmodSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { SentinelProcess } from '../support/sentinel-process'
import { TelegramStage } from '../support/telegram-stage'
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder'

const dataDir = makeTemporaryFolder()
let stage: TelegramStage

beforeAll(async () => {
  stage = await TelegramStage.open()
})

afterAll(async () => {
  await stage.close()
  removeFolder(dataDir)
})

const modeOf = (path: string) => statSync(path).mode & 0o777
const folder = join(dataDir, 'sentinel')

/** While it runs: the databases, what SQLite puts beside them, the locks and the session. */
function modes(): Record<string, string> {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, modeOf(join(folder, name)).toString(8)]))
}

async function run(env: Record<string, string> = {}): Promise<Record<string, string>> {
  const sentinel = await SentinelProcess.start({ dataDir, env: { ...stage.env, ...env } })
  await stage.signIn(sentinel)
  const found = modes()
  await sentinel.stop()
  return found
}

it('the files of a person are for that person alone, also those that were for the group before', async () => {
  const shared = await run({ FILE_ACCESS: 'group' })
  expect(Object.keys(shared)).toEqual(expect.arrayContaining(['sentinel.db', 'sentinel.db-wal', 'tgsentinel.session']))
  expect([...new Set(Object.values(shared)), modeOf(folder).toString(8)]).toEqual(['660', '770'])
  chmodSync(folder, 0o775)
  const own = await run()
  expect([...new Set(Object.values(own)), modeOf(folder).toString(8)]).toEqual(['600', '700'])
})
