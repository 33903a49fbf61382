import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { SENTINEL_ROOMS } from './support/sentinel-rooms'

const root = resolve(__dirname, '..')

/** Who may import what from npm (DESIGN section 2). */
const RESERVED: Record<string, RegExp> = {
  telegram: /^services\/sentinel\/src\/telegram\//,
  'big-integer': /^services\/sentinel\/src\/telegram\//,
  'better-sqlite3': /^$/,
  'better-sqlite3-13': /^$/,
  '@tgsentinel/sqlite-driver':
    /^services\/kernel\/src\/sqlite(\.test)?\.ts$|^services\/(database|backup)\/src\/|^services\/(sentinel|ui)\/src\/store\/|^services\/sentinel\/src\/telegram\/session-/,
  grammy: /^services\/sentinel\/src\/bot\//,
  'prom-client': /^services\/kernel\/src\/process-metrics\.ts$|^services\/sentinel\/src\/metrics\.ts$/,
  ioredis: /^services\/sentinel\/src\/bus\/redis(-requests|-request-watch)?\.ts$/,
  express: /^services\/kernel\/|^services\/(sentinel|ui)\/src\/(api|upload|page)/,
  multer: /^services\/kernel\/|^services\/(sentinel|ui)\/src\/(api|upload)\//,
  stopword: /^services\/sentinel\/src\/scoring\/interest\//,
  feed: /^services\/sentinel\/src\/feeds\//,
  liquidjs: /^services\/sentinel\/src\/templates\//,
  'web-push': /^services\/sentinel\/src\/notifiers\/web-push\.ts$/,
  nodemailer: /^services\/sentinel\/src\/notifiers\/(email|smtp)\.ts$/,
  'ipaddr.js': /^services\/sentinel\/src\/(outgoing|proxies)\//,
  '@orama/stemmers': /^services\/sentinel\/src\/scoring\/forms\//,
  'temporal-polyfill': /^services\/sentinel\/src\/schedules\//,
  re2js: /^services\/sentinel\/src\/scoring\/query\//,
  yaml: /^services\/sentinel\/src\/(profiles\/import|settings)\//,
  tar: /^services\/backup\//,
  axios: /^services\/ui\/src\/sentinel\//,
}

interface Import {
  from: string
  specifier: string
  /** Path of an import inside the repository, without its ending. */
  target: string | null
}

const sources = [
  'services/kernel/src',
  'services/session-codec/src',
  'services/database/src',
  'services/backup/src',
  'services/sentinel/src',
  'services/ui/src',
  'services/ui/web/src',
  'services/ui/web/worker',
]
  .flatMap((folder) => filesIn(join(root, folder)))
  .filter((file) => !file.includes('.test.'))
const imports = sources.flatMap(importsOf)

describe('architecture', () => {
  it('reads a codebase, not an empty folder', () => {
    expect(sources.length).toBeGreaterThan(60)
    expect(imports.length).toBeGreaterThan(150)
  })

  it.each(Object.entries(RESERVED))('%s is imported only where it belongs', (name, where) => {
    const strays = imports.filter(({ specifier, from }) => packageOf(specifier) === name && !where.test(from))
    expect(strays.map(({ from }) => from)).toEqual([])
  })

  it.each(Object.keys(SENTINEL_ROOMS))('the sentinel’s %s imports in one direction', (room) => {
    const allowed = [room, ...(SENTINEL_ROOMS[room] ?? [])]
    const strays = imports
      .filter(
        ({ from, target }) => target !== null && from.startsWith('services/sentinel/src/') && roomOf(from) === room,
      )
      .filter(
        ({ target }) => target !== 'services/sentinel/package.json' && !allowed.includes(roomOf(target as string)),
      )
    expect(strays.map(({ from, target }) => `${from} -> ${target}`)).toEqual([])
  })

  it('every room of the sentinel has a row', () => {
    const rooms = new Set(sources.filter((file) => file.startsWith('services/sentinel/src/')).map(roomOf))
    expect([...rooms].filter((room) => !(room in SENTINEL_ROOMS))).toEqual([])
  })

  it.each([
    ['services/ui/', 'services/sentinel/'],
    ['services/sentinel/', 'services/ui/'],
    ['services/kernel/', 'services/sentinel/'],
    ['services/kernel/', 'services/ui/'],
    ['services/kernel/', 'services/session-codec/'],
    ['services/database/', 'services/kernel/'],
    ['services/kernel/', 'services/backup/'],
    ['services/database/', 'services/backup/'],
    ['services/database/', 'services/sentinel/'],
    ['services/database/', 'services/ui/'],
    ['services/ui/web/', 'services/ui/src/'],
    ['services/', 'test/'],
  ])('%s imports nothing from %s', (from, target) => {
    const strays = imports.filter((entry) => entry.from.startsWith(from) && entry.target?.startsWith(target))
    expect(strays.map((entry) => `${entry.from} -> ${entry.target}`)).toEqual([])
  })

  it('the session codec is pure: no files, no network, no native code', () => {
    const strays = imports
      .filter(({ from }) => from.startsWith('services/session-codec/'))
      .filter(
        ({ specifier, target }) => target === null && !['node:crypto', 'node:net', 'node:buffer'].includes(specifier),
      )
    expect(strays).toEqual([])
  })

  it('one room of the sentinel dials: what does so for deliveries asks it first', () => {
    const dials =
      /import \{[^}]*\b(connect|request|createConnection)\b[^}]*\} from 'node:(net|tls|https?)'|(?<!async )(?<![.\w])fetch\(/
    const dialers = sources
      .filter((file) => file.startsWith('services/sentinel/src/'))
      .filter((file) => dials.test(readFileSync(join(root, file), 'utf8')))
    expect(dialers.filter((file) => !/src\/(proxies\/|outgoing\/outgoing\.ts)/.test(file))).toEqual([])
    expect(dialers).toContain('services/sentinel/src/proxies/passage.ts')
  })

  it('the environment is read in config and where a process begins', () => {
    const readers = sources.filter((file) => /process\.env/.test(readFileSync(join(root, file), 'utf8')))
    const allowed = /\/(config|main)\.ts$|telegram\/session-(import|inspector)\.ts$|backup\/src\/program\.ts$/
    expect(readers.filter((file) => !allowed.test(file))).toEqual([])
  })

  it('the kernel stays small and knows no word of the domain', () => {
    const kernel = sources
      .filter((file) => file.startsWith('services/kernel/'))
      .map((file) => readFileSync(join(root, file), 'utf8'))
    expect(kernel.join('\n').split('\n').length).toBeLessThan(1650)
    expect(kernel.join('\n')).not.toMatch(/\b(telegram|chat|profile|digest)s?\b/i)
  })

  it('no test asserts how long work takes: that is for `npm run bench`', () => {
    const timed = /process\.(cpuUsage|hrtime)\(|expect\((Date|performance)\.now\(\) - .*toBeLessThan/
    const files = ['services', 'test'].flatMap((folder) => filesIn(join(root, folder)))
    const tests = files.filter((file) => file.endsWith('.test.ts'))
    expect(tests.length).toBeGreaterThan(100)
    const timing = tests.filter((file) => timed.test(readFileSync(join(root, file), 'utf8')))
    expect(timing).toEqual([])
  })
})

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return filesIn(path)
    return /\.tsx?$/.test(entry.name) && statSync(path).isFile() ? [relative(root, path)] : []
  })
}

function importsOf(from: string): Import[] {
  const text = readFileSync(join(root, from), 'utf8')
  const matches = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\s(?:[^'"\n;]|\n(?!import|export))*?from\s+'([^']+)'|import\('([^']+)'\)|(?:^|\n)import\s+'([^']+)'/g,
  )
  return [...matches].map((match) => {
    const specifier = match[1] ?? match[2] ?? match[3] ?? ''
    return { from, specifier, target: targetOf(from, specifier) }
  })
}

function targetOf(from: string, specifier: string): string | null {
  if (specifier.startsWith('.')) return relative(root, resolve(root, dirname(from), specifier))
  const workspace = /^@tgsentinel\/([\w-]+)\/(.+)$/.exec(specifier)
  return workspace ? `services/${workspace[1]}/src/${workspace[2]}` : null
}

function packageOf(specifier: string): string {
  return specifier.startsWith('@') ? specifier.split('/').slice(0, 2).join('/') : (specifier.split('/')[0] ?? '')
}

/** The room of a path: a folder or file right below `sentinel/src`, or another package by its name. */
function roomOf(path: string): string {
  if (path.startsWith('openapi/generated')) return 'generated'
  if (path.startsWith('services/sentinel/generated')) return 'schema'
  const own = /^services\/sentinel\/src\/([\w-]+)/.exec(path)
  if (own) return own[1] ?? ''
  return /^services\/([\w-]+)\//.exec(path)?.[1] ?? path
}
