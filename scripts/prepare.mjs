// Brings a fresh clone to where its commands run: packages, generated code, bundles. Node's own modules only.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../', import.meta.url))

const BUNDLES = [
  'services/sentinel/dist/main.js',
  'services/ui/dist/main.js',
  'services/backup/dist/main.js',
  'services/ui/dist/web/index.html',
  'test/telegram-server/dist/main.js',
]
const SOURCES = ['openapi', 'services', 'test/telegram-server', 'scripts/build.mjs', 'package-lock.json']

/** Runs a command in the project's folder; a failure ends this process with its code. */
export function run(command, args, environment = {}) {
  const shown = `${command} ${args.join(' ')}`
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...environment } })
  if (result.error) throw new Error(`${shown} could not be started`, { cause: result.error })
  if (result.status !== 0) {
    console.error(`${shown} failed`)
    process.exit(result.status ?? 1)
  }
}

export function ensureInstalled() {
  const marker = join(root, 'node_modules/.package-lock.json')
  if (existsSync(marker) && modifiedMs(marker) >= modifiedMs(join(root, 'package-lock.json'))) return
  console.error('Installing packages (a minute or two, better-sqlite3 is compiled) …')
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
}

export function ensureBuilt() {
  ensureInstalled()
  const builtMs = Math.min(...BUNDLES.map((path) => (existsSync(join(root, path)) ? modifiedMs(join(root, path)) : 0)))
  if (newestMs(SOURCES.map((path) => join(root, path))) <= builtMs) return
  console.error('Building …')
  run(process.execPath, ['scripts/build.mjs'])
}

function newestMs(paths) {
  return Math.max(0, ...paths.map((path) => (statSync(path).isDirectory() ? newestIn(path) : modifiedMs(path))))
}

function newestIn(folder) {
  const entries = readdirSync(folder, { withFileTypes: true }).filter(
    ({ name }) => !['dist', 'generated', 'node_modules'].includes(name),
  )
  return newestMs(entries.map(({ name }) => join(folder, name)))
}

function modifiedMs(path) {
  return statSync(path).mtimeMs
}
