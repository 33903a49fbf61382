// npm test: everything that a clone can check, from nothing. Brings packages, the build, redis-server and Chromium;
// what cannot be had leaves out its suites by name, and with CI=true that is a failure.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureInstalled, root, run } from './prepare.mjs'

const NEEDED = [
  { command: 'redis-server', debian: 'redis-server', suites: '\\.redis\\.test\\.ts$' },
  { command: 'chromium', debian: 'chromium', suites: '\\.browser\\.test\\.ts$' },
]

/** What runs sentence models is large and no dependency of the product: it is installed beside it. */
const RUNTIME = join(root, 'node_modules/.cache/sentence-model')

ensureInstalled()
rmSync(join(root, 'test/reports'), { recursive: true, force: true })
const absent = NEEDED.filter((tool) => !bring(tool))
if (!bringRuntime()) absent.push({ command: '@huggingface/transformers', suites: '\\.model\\.test\\.ts$' })
for (const { command, suites } of absent) console.error(`LEFT OUT, because there is no ${command}: suites ${suites}`)
run(process.execPath, ['scripts/build.mjs'])
run('npm', ['run', '--silent', 'types'])
const failed = test(process.argv.slice(2))
process.exitCode = failed || (absent.length > 0 && process.env.CI === 'true') ? 1 : 0

function bring({ command, debian }) {
  if (isThere(command)) return true
  const mayInstall = process.getuid?.() === 0 && isThere('apt-get')
  if (!mayInstall) return false
  console.error(`Installing ${debian} …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args) => spawnSync('apt-get', ['-qq', ...args], { stdio: ['ignore', 'ignore', 'inherit'], env })
  apt('update')
  apt('install', '-y', '--no-install-recommends', debian)
  return isThere(command)
}

/** Without scripts: one of them would download what only graphics cards need. */
function bringRuntime() {
  const lock = join(RUNTIME, 'package-lock.json')
  const wanted = join(root, 'test/embedding/package-lock.json')
  const isInstalled = existsSync(lock) && readFileSync(lock, 'utf8') === readFileSync(wanted, 'utf8')
  if (isInstalled && existsSync(join(RUNTIME, 'node_modules'))) return true
  console.error('Installing what runs sentence models …')
  mkdirSync(RUNTIME, { recursive: true })
  for (const name of ['package.json', 'package-lock.json'])
    cpSync(join(root, 'test/embedding', name), join(RUNTIME, name))
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'], {
    cwd: RUNTIME,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return status === 0
}

function isThere(command) {
  return spawnSync('sh', ['-c', `command -v ${command}`], { stdio: 'ignore' }).status === 0
}

function test(further) {
  const folder = mkdtempSync(join(tmpdir(), 'tgsentinel-test-'))
  const report = join(folder, 'report.json')
  const leftOut =
    absent.length > 0
      ? ['--testPathIgnorePatterns', '/node_modules/', '/dist/', ...absent.map(({ suites }) => suites)]
      : []
  const args = ['node_modules/jest/bin/jest.js', '--json', `--outputFile=${report}`, ...leftOut, ...further]
  const { status } = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: process.env,
  })
  const { numPassedTests, numFailedTests, numFailedTestSuites, numPendingTests } = JSON.parse(
    readFileSync(report, 'utf8'),
  )
  rmSync(folder, { recursive: true })
  const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : ''
  console.log(`${numPassedTests} passed, ${Math.max(numFailedTests, numFailedTestSuites)} failed${skipped}`)
  return status !== 0
}
