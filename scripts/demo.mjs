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
const keys = resolve(dataDir, 'demo-keys.pem')
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
  '--public-key-out',
  keys,
]
const telegram = spawn(process.execPath, [join(root, 'test/telegram-server/dist/main.js'), ...arguments_], {
  stdio: ['ignore', 'pipe', 'inherit'],
})
const { port, controlPort } = await new Promise((onLine, onEnd) => {
  telegram.stdout.once('data', (line) => onLine(JSON.parse(String(line).split('\n')[0])))
  telegram.once('exit', (code) => onEnd(new Error(`the simulated Telegram ended with ${code}`)))
})
const environment = {
  DATA_DIR: serviceDir,
  ...Object.fromEntries(REAL.map((name) => [name, ''])),
  TG_API_ID: '1',
  TG_API_HASH: '00000000000000000000000000000000',
  TG_DC_ALLOW: `127.0.0.1:${port}`,
  TG_DC_START: `2@127.0.0.1:${port}`,
  TG_DC_PUBLIC_KEYS: keys,
}
const { phone: number } = await askTelegram('account', {})
const phone = `+${number.replace(/^\+/, '')}`
const timer = setInterval(tellCode, 500)
telegram.once('exit', () => clearInterval(timer))
const epilogue = () =>
  `Open it, set a password, and upload  ${session}\nor sign in by phone as  ${phone}  (the code is told here).\n`
await runTogether(environment, [telegram], epilogue)

/** The simulated Telegram sends its codes nowhere: they are told on the terminal. */
async function tellCode() {
  const { code } = (await askTelegram('lastCode', { phone })) ?? {}
  if (code && code !== tellCode.last) console.log(`Telegram's code for ${phone}:  ${code}`)
  tellCode.last = code
}

async function askTelegram(operation, options) {
  try {
    const url = `http://127.0.0.1:${controlPort}/${operation}`
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(options) })
    return (await response.json()).result
  } catch {
    return undefined
  }
}
