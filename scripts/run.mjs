// Runs the sentinel and the ui side by side until one ends or Ctrl-C; their logs go to $DATA_DIR/logs.
import { spawn } from 'node:child_process'
import { createWriteStream, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { root } from './prepare.mjs'

const STARTED_WITHIN_MS = 30_000

/** `environment` wins over what the shell has; `also` are further children to end with the services. */
export async function runTogether(environment, also = [], epilogue = () => '') {
  const env = { ...process.env, ...environment }
  const logs = join(env.DATA_DIR || 'data', 'logs')
  mkdirSync(logs, { recursive: true })
  const sentinelPort = env.SENTINEL_API_PORT || '8080'
  const uiPort = env.UI_PORT || '5001'
  env.SENTINEL_API_BASE_URL ||= `http://127.0.0.1:${sentinelPort}/api`
  const children = [...also, start('sentinel', env, logs), start('ui', env, logs)]
  let isStopping = false
  const stop = () => {
    isStopping = true
    children.forEach((child) => child.kill('SIGTERM'))
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  const ended = Promise.race(children.map(endOf))
  const page = `http://127.0.0.1:${uiPort}/${(env.BASE_PATH ?? '').replace(/^\/+|\/+$/g, '')}`.replace(/([^/])$/, '$1/')
  const started = await Promise.race([ended.then(() => false), whenUp(`http://127.0.0.1:${sentinelPort}/`, page)])
  if (started) console.log(`TG Sentinel is up:  ${page}\n${epilogue()}Logs: ${logs}   Stop: Ctrl-C`)
  const child = await ended
  if (isStopping) return
  console.error(`${nameOf(child)} ended. Its last words are in ${logs}; the others are stopped, too.`)
  process.exitCode = 1
  stop()
}

function endOf(child) {
  return new Promise((resolve) => child.once('exit', () => resolve(child)))
}

function nameOf({ spawnargs }) {
  return /(telegram-server|sentinel|ui)\/dist/.exec(spawnargs.join(' '))?.[1] ?? 'a process'
}

function start(service, env, logs) {
  const child = spawn(process.execPath, ['--max-semi-space-size=2', join(root, `services/${service}/dist/main.js`)], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const log = createWriteStream(join(logs, `${service}.log`), { flags: 'a' })
  // A full disk costs lines of the log, not the services.
  log.on('error', () => child.stdout.resume())
  child.stdout.pipe(log)
  return child
}

async function whenUp(...bases) {
  const deadline = Date.now() + STARTED_WITHIN_MS
  for (const base of bases) {
    while (!(await answers(base))) {
      if (Date.now() > deadline) return false
      await delay(100)
    }
  }
  return true
}

async function answers(base) {
  try {
    return (await fetch(`${base}api/health`)).ok
  } catch {
    return false
  }
}
