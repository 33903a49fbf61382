// npm demo: both services beside the simulated Telegram, with a day of traffic and a session file to upload.
import { spawn } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ensureBuilt, root } from './prepare.mjs'
import { runTogether } from './run.mjs'

// Of a real installation in the same shell; the demo has its own.
const REAL = [
  'TG_SESSION_PATH',
  'DB_URI',
  'UI_DB_URI',
  'TG_API_HASH_FILE',
  'REDIS_HOST',
  'REDIS_PASSWORD',
  'REDIS_PASSWORD_FILE',
]

ensureBuilt()
const dataDir = process.env.DATA_DIR || 'data/demo'
const session = resolve(dataDir, 'demo.session')
// Each demo begins anew, in a folder of its own: what a real account has under DATA_DIR is never touched.
const serviceDir = join(dataDir, 'demo-services')
for (const path of [serviceDir, session]) rmSync(path, { recursive: true, force: true })
mkdirSync(dataDir, { recursive: true })
const arguments_ = [
  '--port',
  '0',
  '--control-port',
  '0',
  '--seed',
  '1',
  '--day',
  '--day-interval-ms',
  '4000',
  '--session-out',
  session,
]
const telegram = spawn(process.execPath, [join(root, 'test/telegram-server/dist/main.js'), ...arguments_], {
  stdio: ['ignore', 'pipe', 'inherit'],
})
const { port } = await new Promise((onLine, onEnd) => {
  telegram.stdout.once('data', (line) => onLine(JSON.parse(String(line).split('\n')[0])))
  telegram.once('exit', (code) => onEnd(new Error(`the simulated Telegram ended with ${code}`)))
})
const environment = {
  DATA_DIR: serviceDir,
  ...Object.fromEntries(REAL.map((name) => [name, ''])),
  TG_API_ID: '1',
  TG_API_HASH: '00000000000000000000000000000000',
  TG_DC_ALLOW: `127.0.0.1:${port}`,
}
await runTogether(environment, [telegram], () => `Open it, set a password, and upload  ${session}\n`)
