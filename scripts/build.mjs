// Builds what runs: one bundle a process, better-sqlite3 (native) left outside, and the page.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { underGramJs } from './telegram-schema/telegram-schema.mjs'

const root = fileURLToPath(new URL('../', import.meta.url))
const bundles = [
  ['services/sentinel/src/main.ts', 'services/sentinel/dist/main.js'],
  ['services/sentinel/src/telegram/session-inspector.ts', 'services/sentinel/dist/session-inspector.js'],
  ['services/sentinel/src/embedding/model-thread.ts', 'services/sentinel/dist/model-thread.js'],
  ['services/sentinel/src/settings/file-thread.ts', 'services/sentinel/dist/settings-thread.js'],
  ['services/sentinel/src/templates/template-thread.ts', 'services/sentinel/dist/template-thread.js'],
  ['services/ui/src/main.ts', 'services/ui/dist/main.js'],
  ['services/backup/src/main.ts', 'services/backup/dist/main.js'],
  ['services/backup/src/main.ts', 'services/sentinel/dist/backup.js'],
  ['services/backup/src/main.ts', 'services/ui/dist/backup.js'],
  ['test/telegram-server/main.ts', 'test/telegram-server/dist/main.js'],
]

const COMPRESSED = /\.(html|js|css|svg|webmanifest)$/

// What the worker keeps of the page.
const KEPT = /^(assets\/.*|offline\.html|icon\.svg|icon-192\.png|badge-96\.png)$/

await import('./generate.mjs')
for (const [source, target] of bundles) {
  // An image of one service has no sources of the others.
  if (existsSync(root + source)) await bundle(root + source, root + target)
}
if (existsSync(`${root}services/ui/web`)) await buildPage()

async function bundle(source, target) {
  const { outputFiles } = await build({
    entryPoints: [source],
    outfile: target,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // Half the text to hold in memory; names stay, so that stack traces can be read.
    minifyWhitespace: true,
    minifySyntax: true,
    logLevel: 'warning',
    external: ['better-sqlite3', 'better-sqlite3-13'],
    plugins: [underGramJs],
    logOverride: { 'commonjs-variable-in-esm': 'silent' },
    write: false,
  })
  mkdirSync(dirname(target), { recursive: true })
  for (const { path, text } of outputFiles) writeFileSync(path, escaped(text))
}

/** esbuild escapes what is not ASCII in strings, not in regular expressions; one such letter, and Node holds two bytes for each. */
function escaped(text) {
  return text.replace(/[^\x00-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

async function buildPage() {
  const { build: buildWeb } = await import('vite')
  await buildWeb({ root: `${root}services/ui/web`, logLevel: 'warn' })
  await buildWorker(`${root}services/ui/dist/web/`)
  compress(`${root}services/ui/dist/web/`)
}

/** Beside each text, as it is sent: what is compressed at its best takes half a second of every start otherwise. */
function compress(folder) {
  const paths = readdirSync(folder, { recursive: true }).filter((path) => COMPRESSED.test(path))
  for (const path of paths) {
    const bytes = readFileSync(folder + path)
    writeFileSync(`${folder}${path}.br`, brotliCompressSync(bytes))
    writeFileSync(`${folder}${path}.gz`, gzipSync(bytes, { level: 9 }))
  }
}

// Its name stays the same, and it knows what else was built: each deployment has a worker of its own.
function buildWorker(folder) {
  const paths = readdirSync(folder, { recursive: true }).filter((path) => /\.\w+$/.test(path))
  const hash = createHash('sha256')
  for (const path of paths.sort()) hash.update(path).update(readFileSync(folder + path))
  const shell = { version: hash.digest('hex').slice(0, 16), paths: paths.filter((path) => KEPT.test(path)) }
  return build({
    entryPoints: [`${root}services/ui/web/worker/worker.ts`],
    outfile: `${folder}worker.js`,
    bundle: true,
    minify: true,
    target: 'es2022',
    format: 'iife',
    logLevel: 'warning',
    define: { SHELL: JSON.stringify(shell) },
  })
}
