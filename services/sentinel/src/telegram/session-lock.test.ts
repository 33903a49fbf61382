import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { lockSession, SessionLocked } from './session-lock'

const folder = mkdtempSync(join(tmpdir(), 'lock-'))
// Under services/sentinel, so that better-sqlite3 is found.
const builtFolder = mkdtempSync(join(__dirname, '../../.lock-'))
const holderPath = join(builtFolder, 'holder.js')
const sessionPath = join(folder, 'a.session')

beforeAll(() => {
  const contents = `
    import { lockSession } from './session-lock'
    const lock = lockSession(process.argv[2])
    console.log('locked')
    setInterval(() => lock, 1000)`
  buildSync({
    stdin: { contents, resolveDir: __dirname, loader: 'ts' },
    bundle: true,
    platform: 'node',
    external: ['better-sqlite3', 'better-sqlite3-13'],
    outfile: holderPath,
  })
})

afterAll(() => {
  rmSync(folder, { recursive: true })
  rmSync(builtFolder, { recursive: true })
})

test('a second process is refused until the first one is killed', async () => {
  const holder = spawn(process.execPath, [holderPath, sessionPath], { stdio: ['ignore', 'pipe', 'inherit'] })
  const isGone = once(holder, 'exit')
  try {
    await once(holder.stdout, 'data')
    expect(() => lockSession(sessionPath)).toThrow(SessionLocked)
    expect(() => lockSession(sessionPath)).toThrow(/in use by another process/)
  } finally {
    holder.kill('SIGKILL')
  }
  await isGone
  lockSession(sessionPath).close()
})

test('the same process is refused too, until it closes', () => {
  const lock = lockSession(sessionPath)
  expect(() => lockSession(sessionPath)).toThrow(SessionLocked)
  lock.close()
  lock.close()
  lockSession(sessionPath).close()
})

test('an unusable folder is not mistaken for a lock', () => {
  expect(() => lockSession(join(folder, 'nowhere', 'a.session'))).toThrow(/directory|open/)
})
