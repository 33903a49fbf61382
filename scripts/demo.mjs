// npm demo: both services beside the simulated Telegram, with a day of traffic and a session file to upload.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ensureBuilt, root } from './prepare.mjs'
import { runTogether } from './run.mjs'

ensureBuilt()
const dataDir = process.env.DATA_DIR || 'data/demo'
const session = resolve(dataDir, 'demo.session')
// Each demo begins anew: the simulated Telegram does, and what a former one left here speaks of another.
if (existsSync(session)) {
  for (const name of ['sentinel', 'ui', 'logs', 'demo.session'])
    rmSync(join(dataDir, name), { recursive: true, force: true })
}
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
  DATA_DIR: dataDir,
  TG_API_ID: '1',
  TG_API_HASH: '00000000000000000000000000000000',
  TG_DC_ALLOW: `127.0.0.1:${port}`,
}
await runTogether(environment, [telegram], () => `Open it, set a password, and upload  ${session}\n`)
