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
  const stop = () => children.forEach((child) => child.kill('SIGTERM'))
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  const ended = Promise.race(children.map((child) => new Promise((resolve) => child.once('exit', resolve))))
  const started = await Promise.race([ended.then(() => false), whenUp(sentinelPort, uiPort)])
  if (started)
    console.log(
      `TG Sentinel is up:  http://127.0.0.1:${uiPort}${env.BASE_PATH ?? '/'}\n${epilogue()}Logs: ${logs}   Stop: Ctrl-C`,
    )
  const code = await ended
  stop()
  process.exitCode = started && (code === 0 || code === null) ? 0 : 1
}

function start(service, env, logs) {
  const child = spawn(process.execPath, ['--max-semi-space-size=2', join(root, `services/${service}/dist/main.js`)], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  child.stdout.pipe(createWriteStream(join(logs, `${service}.log`), { flags: 'a' }))
  return child
}

async function whenUp(...ports) {
  const deadline = Date.now() + STARTED_WITHIN_MS
  for (const port of ports) {
    while (!(await answers(port))) {
      if (Date.now() > deadline) return false
      await delay(100)
    }
  }
  return true
}

async function answers(port) {
  try {
    return (await fetch(`http://127.0.0.1:${port}/api/health`)).ok
  } catch {
    return false
  }
}
