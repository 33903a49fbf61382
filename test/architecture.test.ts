import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

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

/** A room may import the rooms of its own row's right side, and itself. The sentinel's rows are in DESIGN's order. */
const SENTINEL_ROOMS: Record<string, string[]> = {
  main: ['sentinel', 'config', 'store', 'kernel'],
  sentinel: [
    'templates',
    'backup',
    'health',
    're-reading',
    'admin-rosters',
    'api',
    'alerts',
    'backfills',
    'backtest',
    'capture-door',
    'deliveries',
    'telling',
    'bot',
    'bus',
    'chats',
    'config',
    'outgoing',
    'proxies',
    'delegation',
    'embedding',
    'events',
    'feeds',
    'follow',
    'ingestion',
    'keeping',
    'learning',
    'metrics',
    'model',
    'profiles',
    'relay',
    'search',
    'settings',
    'status',
    'store',
    'strangers',
    'telegram',
    'watch',
    'kernel',
    'generated',
    'ledger',
    'message-records',
    'metric-sources',
  ],
  'metric-sources': ['alerts', 'backup', 'ingestion', 'ledger', 'metrics', 'status', 'store', 'telegram', 'telling'],
  api: [
    'backup',
    'health',
    'alerts',
    'deliveries',
    'digests',
    'restraint',
    'time-zone',
    'templates',
    'backfills',
    'embedding',
    'backtest',
    'gallery',
    'bus',
    'chats',
    'events',
    'feeds',
    'keeping',
    'learning',
    'metrics',
    'profiles',
    'proxies',
    'relay',
    'search',
    'settings',
    'status',
    'store',
    'telegram',
    'watch',
    'model',
    'kernel',
    'generated',
    'session-codec',
    'ledger',
    'message-records',
  ],
  settings: [
    'deliveries',
    'digests',
    'keeping',
    'profiles',
    'restraint',
    'templates',
    'time-zone',
    'watch',
    'store',
    'model',
    'kernel',
    'generated',
  ],
  health: ['model', 'kernel'],
  status: ['alerts', 'bus', 'health', 'ingestion', 'ledger', 'store', 'telegram', 'model', 'kernel'],
  bot: [
    'alert-profiles',
    'cutting',
    'medium',
    'alerts',
    'templates',
    'backfills',
    'bus',
    'chats',
    'config',
    'follow',
    'proxies',
    'status',
    'store',
    'watch',
    'message-link',
    'notifiers',
    'styled-text',
    'intake',
    'model',
    'kernel',
  ],
  delegation: ['bus', 'chats', 'relay', 'telegram', 'model', 'kernel'],
  relay: ['chats', 'telegram', 'styled-text', 'intake', 'model', 'kernel'],
  follow: ['backfills', 'chats', 'telegram', 'watch', 'intake', 'model', 'kernel'],
  backfills: ['bus', 'chats', 'ingestion', 'store', 'telegram', 'intake', 'model', 'kernel'],
  'capture-door': ['ingestion', 'profiles', 'store', 'telegram', 'watch', 'intake', 'model'],
  ledger: ['store', 'telegram', 'watch', 'model', 'kernel'],
  'message-records': ['store', 'telegram', 'model', 'kernel'],
  strangers: ['store', 'telegram', 'model', 'kernel'],
  chats: ['bus', 'store', 'telegram', 'watch', 'model', 'kernel'],
  watch: ['store', 'intake', 'model'],
  search: ['bus', 'scoring', 'store', 'message-link', 'model', 'kernel'],
  keeping: ['bus', 'store', 'model', 'kernel'],
  'message-link': ['model'],
  metrics: ['telegram', 'model', 'kernel'],
  telling: ['bus', 'deliveries', 'digests', 'restraint', 'time-zone', 'store', 'model', 'kernel'],
  digests: [
    'alert-profiles',
    'bus',
    'deliveries',
    'schedules',
    'styled-text',
    'templates',
    'store',
    'wording',
    'model',
    'kernel',
  ],
  'time-zone': ['bus', 'schedules', 'store', 'model', 'kernel'],
  schedules: ['kernel'],
  restraint: [
    'alert-profiles',
    'hearing',
    'bus',
    'schedules',
    'styled-text',
    'templates',
    'store',
    'wording',
    'model',
    'kernel',
  ],
  deliveries: [
    'alert-profiles',
    'cutting',
    'hearing',
    'bus',
    'restraint',
    'notifiers',
    'outgoing',
    'styled-text',
    'templates',
    'store',
    'message-link',
    'word-diff',
    'wording',
    'model',
    'kernel',
  ],
  templates: [
    'alert-profiles',
    'cutting',
    'medium',
    'bus',
    'styled-text',
    'store',
    'message-link',
    'wording',
    'model',
    'kernel',
  ],
  notifiers: [
    'alert-profiles',
    'addresses',
    'cutting',
    'outgoing',
    'styled-text',
    'store',
    'telegram',
    'model',
    'kernel',
  ],
  outgoing: ['proxies', 'kernel'],
  proxies: ['store', 'model', 'kernel'],
  'styled-text': ['cutting'],
  alerts: [
    'alert-profiles',
    'message-link',
    'own-words',
    'bus',
    'deliveries',
    'profiles',
    'scoring',
    'stories',
    'store',
    'word-diff',
    'model',
    'kernel',
  ],
  medium: ['model'],
  're-reading': ['bus', 'ingestion', 'store', 'telegram', 'model', 'kernel'],
  'word-diff': ['model'],
  wording: ['cutting'],
  cutting: [],
  addresses: [],
  'alert-profiles': ['model'],
  hearing: ['alert-profiles', 'store', 'model'],
  'own-words': ['store', 'model'],
  'admin-rosters': ['profiles', 'store', 'telegram', 'watch', 'model', 'kernel'],
  profiles: [
    'cutting',
    'stories',
    'bus',
    'embedding',
    'scoring',
    'search',
    'store',
    'model',
    'kernel',
    'starter-profile',
  ],
  learning: ['bus', 'profiles', 'scoring', 'store', 'model', 'kernel'],
  feeds: [
    'alert-profiles',
    'wording',
    'medium',
    'bus',
    'profiles',
    'store',
    'message-link',
    'styled-text',
    'model',
    'kernel',
  ],
  stories: ['own-words', 'scoring', 'store', 'model', 'kernel'],
  backtest: ['stories', 'bus', 'profiles', 'scoring', 'store', 'model', 'kernel'],
  gallery: ['model'],
  ingestion: ['bus', 'store', 'intake', 'model', 'kernel'],
  events: ['bus', 'store', 'kernel'],
  'starter-profile': ['model'],
  embedding: ['scoring', 'model', 'kernel'],
  scoring: ['cutting', 'store', 'model'],
  telegram: [
    'wording',
    'schema',
    'bus',
    'config',
    'proxies',
    'store',
    'intake',
    'styled-text',
    'model',
    'kernel',
    'session-codec',
    'database',
  ],
  bus: ['config', 'kernel'],
  store: ['alert-profiles', 'message-link', 'medium', 'schema', 'intake', 'styled-text', 'model', 'kernel'],
  config: ['backup', 'config-values', 'outgoing', 'proxies', 'model', 'kernel', 'session-codec'],
  'config-values': ['config', 'proxies', 'model'],
  intake: ['model'],
  model: ['kernel', 'generated'],
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
