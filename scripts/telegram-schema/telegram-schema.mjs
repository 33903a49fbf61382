// Telegram's API in the newest layer that a pinned package carries, put under GramJS, whose own schema ends in early 2025.
// Writes services/sentinel/generated: the schema as text, in the form of `telegram/tl/apiTl`, and its layer.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { misrendered, parseDefinitions, renderSchema } from './render.mjs'

const require = createRequire(import.meta.url)
const folder = fileURLToPath(new URL('../../services/sentinel/generated/', import.meta.url))
export const schemaPath = join(folder, 'api-schema.js')

/** MTProxy's imitation of TLS is described in the same language, and is no part of the API. */
const FOREIGN = /^Tls/

/** @returns {{ layer: number, definitions: ReturnType<typeof parseDefinitions> }} of the package that is installed */
export function readPackage() {
  const home = dirname(require.resolve('teleproto/package.json'))
  const text = (path) => readFileSync(join(home, path), 'utf8')
  const layer = Number(/exports\.LAYER = (\d+);/.exec(text('tl/runtime/registry.js'))?.[1])
  if (!layer) throw new Error('The package does not say which layer its definitions are of.')
  const own = parseDefinitions(text('tl/generated/api-definitions.js'))
  const service = serviceIds()
  return {
    layer,
    definitions: own.filter(({ constructorId, name }) => !service.has(constructorId) && !FOREIGN.test(name)),
  }
}

export function writeSchema() {
  const { layer, definitions } = readPackage()
  const wrong = misrendered(definitions)
  if (wrong.length > 0) throw new Error(`Not rendered as Telegram wrote it: ${wrong.join(', ')}`)
  mkdirSync(folder, { recursive: true })
  const files = {
    'api-schema.js': `module.exports = ${JSON.stringify(renderSchema(definitions))}\n`,
    'api-schema.d.ts': 'declare const text: string\nexport = text\n',
    'layer.ts': `/** Of Telegram's API: what the schema beside this file describes. */\nexport const LAYER = ${layer}\n`,
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
}

/** Plugin of esbuild: GramJS reads our schema in place of its own. */
export const underGramJs = {
  name: 'telegram-schema',
  setup(build) {
    build.onResolve({ filter: /^\.\/apiTl(\.js)?$/ }, ({ importer }) =>
      /[\\/]telegram[\\/]tl[\\/]api\.js$/.test(importer) ? { path: schemaPath } : undefined,
    )
  },
}

/** MTProto's own messages: GramJS has them in a schema apart. */
function serviceIds() {
  const ids = require('telegram/tl/schemaTl').matchAll(/#([0-9a-f]{1,8}) /g)
  return new Set(Array.from(ids, ([, id]) => parseInt(id, 16)))
}
