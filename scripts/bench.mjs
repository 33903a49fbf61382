// npm run bench: measures the built services, prints a table, writes test/reports/bench.json. Nothing is asserted.
// `npm run bench -- scoring ingest` runs only the parts that are named; search only then: it fills a database of ten million messages
// (BENCH_SEARCH_ROWS), which takes minutes.
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBuilt, root } from './prepare.mjs'

ensureBuilt()
const { build } = await import('esbuild')
const outfile = join(root, 'test/bench/dist/main.js')
mkdirSync(join(root, 'test/reports'), { recursive: true })
await build({
  entryPoints: [join(root, 'test/bench/main.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  external: ['better-sqlite3', 'better-sqlite3-13', 'autocannon', 'telegram'],
  logLevel: 'warning',
})
const { status } = spawnSync(process.execPath, [outfile, root, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
})
process.exitCode = status ?? 1
