import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { limitAccess } from '@tgsentinel/database/file-access'
import {
  ConfigError,
  fileAccess,
  optionalText,
  plainText,
  readEnvironment,
  sqliteUri,
} from '@tgsentinel/kernel/environment'
import { version } from '../../../package.json'
import { MIGRATIONS as SENTINEL_STEPS } from '../../sentinel/src/store/migrations'
import { MIGRATIONS as UI_STEPS } from '../../ui/src/store/migrations'
import { makeBackup } from './backup'
import { BackupError, type DatabaseName } from './manifest'
import { restoreBackup } from './restore'

const USAGE = `Usage:
  tgsentinel backup [--to DIR] [--only sentinel|ui] [--with-session]   writes one file with the databases
  tgsentinel restore FILE [--only sentinel|ui] [--with-session]        puts it in force; stop TG Sentinel first
With --with-session the Telegram session is in it, sealed by the passphrase in BACKUP_PASSPHRASE (or BACKUP_PASSPHRASE_FILE).`

type Service = 'sentinel' | 'ui'

const STEPS = { 'sentinel.db': SENTINEL_STEPS, 'ui.db': UI_STEPS }

const { positionals, values: flags } = argumentsOf(process.argv.slice(2))
const environment = readSettings(process.env)
limitAccess(environment.FILE_ACCESS === 'group')

run().catch((error: unknown) => {
  const isOurs = error instanceof BackupError || error instanceof ConfigError
  process.stderr.write(`${isOurs ? error.message : String((error as Error).stack ?? error)}\n`)
  process.exitCode = 1
})

async function run(): Promise<void> {
  const [task, file] = positionals
  if (task === 'backup' && positionals.length === 1) return backup()
  if (task === 'restore' && file !== undefined && positionals.length === 2) return restore(file)
  throw new BackupError(USAGE)
}

async function backup(): Promise<void> {
  const only = serviceOf(flags.only)
  const to = flags.to ?? environment.BACKUP_DIR ?? join(environment.DATA_DIR, 'backups')
  const session = flags['with-session'] ? { session: sealedSession() } : {}
  const onProgress = flags.json ? (what: string, done: number) => say({ what, done }) : () => undefined
  const label = [only, flags['with-session'] && 'with-session'].filter(Boolean).join('-')
  const databases = databasesOf(only)
  const made = await makeBackup({ to, version, databases, ...session, label, onProgress, signal: untilTold() })
  const { rows = {} } = made.manifest.databases.find(({ name }) => name === 'sentinel.db') ?? {}
  const held = rows['messages'] === undefined ? '' : `: ${rows['messages']} messages, ${rows['alerts'] ?? 0} alerts`
  if (flags.json) return say({ path: made.path, size: made.size, made_at: made.manifest.made_at })
  process.stdout.write(`Backed up to ${made.path} (${(made.size / 1e6).toFixed(1)} MB)${held}.\n`)
}

async function restore(file: string): Promise<void> {
  const targets = Object.fromEntries(databasesOf(serviceOf(flags.only)).map(({ name, path }) => [name, path]))
  const session = flags['with-session'] ? { session: sealedSession() } : {}
  const { manifest, placed } = await restoreBackup({ file, targets, migrations: STEPS, ...session })
  for (const { path, keptAs } of placed)
    process.stdout.write(`Restored ${path}.${keptAs ? ` What it replaced is kept as ${keptAs}.` : ''}\n`)
  process.stdout.write(`It is as of ${manifest.made_at}. Start TG Sentinel: what was posted since is fetched.\n`)
}

/** Aborts when the process is told to end: what was begun is cleared away first. */
function untilTold(): AbortSignal {
  const told = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => told.abort(new BackupError('The backup was given up. Nothing of it was kept.')))
  return told.signal
}

/** An image has one of them: the variable of its database says which. */
function databasesOf(only: Service | undefined): { name: DatabaseName; path: string }[] {
  const { DB_URI, UI_DB_URI } = process.env
  const alone = only ?? (DB_URI && !UI_DB_URI ? 'sentinel' : UI_DB_URI && !DB_URI ? 'ui' : undefined)
  const all = [
    { name: 'sentinel.db' as const, path: environment.DB_URI },
    { name: 'ui.db' as const, path: environment.UI_DB_URI },
  ]
  return all.filter(({ name }) => alone === undefined || name === `${alone}.db`)
}

function sealedSession(): { path: string; passphrase: string } {
  const passphrase = environment.BACKUP_PASSPHRASE
  if (passphrase === undefined)
    throw new BackupError('Set BACKUP_PASSPHRASE, or BACKUP_PASSPHRASE_FILE, to what seals the session in the backup.')
  return { path: environment.TG_SESSION_PATH, passphrase }
}

function serviceOf(name: string | undefined): Service | undefined {
  if (name === undefined || name === 'sentinel' || name === 'ui') return name
  throw new BackupError(USAGE)
}

function argumentsOf(args: string[]) {
  try {
    const options = {
      to: { type: 'string' },
      only: { type: 'string' },
      json: { type: 'boolean' },
      'with-session': { type: 'boolean' },
    } as const
    return parseArgs({ args, allowPositionals: true, options })
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${USAGE}\n`)
    process.exit(1)
  }
}

function readSettings(env: NodeJS.ProcessEnv) {
  const dataDir = env['DATA_DIR'] || 'data'
  return readEnvironment(
    {
      DATA_DIR: plainText('data'),
      DB_URI: sqliteUri(`sqlite:///${join(dataDir, 'sentinel', 'sentinel.db')}`),
      UI_DB_URI: sqliteUri(`sqlite:///${join(dataDir, 'ui', 'ui.db')}`),
      TG_SESSION_PATH: plainText(join(dataDir, 'sentinel', 'tgsentinel.session')),
      FILE_ACCESS: fileAccess(),
      BACKUP_DIR: optionalText(),
      BACKUP_PASSPHRASE: optionalText(),
    },
    env,
    ['BACKUP_PASSPHRASE'],
  )
}

/** A line of JSON: for the service that runs this. */
function say(fact: object): void {
  process.stdout.write(`${JSON.stringify(fact)}\n`)
}
