// npm run telegram-schema: brings the newest layer that the pinned package carries. It installs that version exactly, writes the schema
// anew, says what came and went, and runs the tests that walk it: whatever has no words yet fails there by its name.
import { spawnSync } from 'node:child_process'
import { root, run } from '../prepare.mjs'
import { readPackage } from './telegram-schema.mjs'

const PACKAGE = 'teleproto'

const before = readPackage()
const version = newestVersion()
run('npm', [
  'install',
  '--save-dev',
  '--save-exact',
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  `${PACKAGE}@${version}`,
])
run(process.execPath, ['scripts/generate.mjs'])
const after = readPackage()
console.log(`Layer ${before.layer} -> ${after.layer} (${PACKAGE} ${version})`)
const [old, present] = [namesOf(before), namesOf(after)]
print(
  'New',
  [...present].filter((name) => !old.has(name)),
)
print(
  'Gone',
  [...old].filter((name) => !present.has(name)),
)
run('npx', ['jest', 'services/sentinel/src/telegram/conversion'])

/** Versions are named 1.<layer>.<n>; `latest` may be an older one. */
function newestVersion() {
  const { stdout } = spawnSync('npm', ['view', PACKAGE, 'versions', '--json'], { cwd: root, encoding: 'utf8' })
  const versions = JSON.parse(stdout).filter((each) => /^1\.\d+\.\d+$/.test(each))
  const numbers = (each) => each.split('.').map(Number)
  const [newest] = versions.sort((a, b) => numbers(b)[1] - numbers(a)[1] || numbers(b)[2] - numbers(a)[2])
  if (!newest) throw new Error(`${PACKAGE} has no version that names its layer.`)
  return newest
}

function namesOf({ definitions }) {
  return new Set(definitions.map(({ namespace, name }) => (namespace ? `${namespace}.${name}` : name)))
}

function print(what, names) {
  if (names.length > 0) console.log(`${what}: ${names.sort().join(', ')}`)
}
