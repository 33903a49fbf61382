// Builds what runs: one bundle a process, better-sqlite3 (native) left outside, and the page.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('../', import.meta.url))
const bundles = [
  ['services/sentinel/src/main.ts', 'services/sentinel/dist/main.js'],
  ['services/sentinel/src/telegram/session-inspector.ts', 'services/sentinel/dist/session-inspector.js'],
  ['services/sentinel/src/embedding/model-thread.ts', 'services/sentinel/dist/model-thread.js'],
  ['services/ui/src/main.ts', 'services/ui/dist/main.js'],
  ['test/telegram-server/main.ts', 'test/telegram-server/dist/main.js'],
]

await import('./generate.mjs')
for (const [source, target] of bundles) {
  // An image of one service has no sources of the others.
  if (existsSync(root + source)) await bundle(root + source, root + target)
}
if (existsSync(`${root}services/ui/web`)) await buildPage()

function bundle(source, target) {
  return build({
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
    logOverride: { 'commonjs-variable-in-esm': 'silent' },
  })
}

async function buildPage() {
  const { build: buildWeb } = await import('vite')
  await buildWeb({ root: `${root}services/ui/web`, logLevel: 'warn' })
}
