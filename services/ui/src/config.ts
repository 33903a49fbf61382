import { isIP } from 'node:net'
import { join } from 'node:path'
import {
  fileAccess,
  logLevel,
  optionalText,
  plainText,
  port,
  readEnvironment,
  secretText,
  sqliteUri,
  textAs,
} from '@tgsentinel/kernel/environment'
import {
  backupSettings,
  NO_BACKUP_DIR,
  parseEvery,
  parseKeep,
  type BackupSettings,
} from '@tgsentinel/backup/backup-settings'

export interface UiConfig {
  databasePath: string
  host: string
  port: number
  /** Base of the sentinel's API, without a slash at its end. */
  sentinelBaseUrl: string
  apiToken: string | undefined
  /** Signs cookies; where none is given, one is kept in `secretKeyPath`. */
  secretKey: string | undefined
  secretKeyPath: string
  adminPassword: string | undefined
  /** Begins and ends with a slash. */
  basePath: string
  /** Number of proxies, or their addresses, whose X-Forwarded-* headers are believed. */
  trustProxy: number | readonly string[] | undefined
  /** Undefined: none is made by itself. */
  backups: BackupSettings
  logLevel: string
}

const SECRETS = ['SENTINEL_API_TOKEN', 'UI_SECRET_KEY', 'UI_ADMIN_PASSWORD'] as const
const PROXY_NAMES = ['loopback', 'linklocal', 'uniquelocal']

/** @throws ConfigError naming every problem at once */
export function readConfig(env: NodeJS.ProcessEnv): UiConfig {
  const dataFolder = join(env['DATA_DIR'] || 'data', 'ui')
  const values = readEnvironment(
    {
      UI_DB_URI: sqliteUri(`sqlite:///${join(dataFolder, 'ui.db')}`),
      UI_PORT: port(5001),
      UI_HOST: plainText('127.0.0.1'),
      SENTINEL_API_BASE_URL: textAs(
        'http://127.0.0.1:8080/api',
        readBaseUrl,
        'must look like http://127.0.0.1:8080/api, without credentials or a query',
      ),
      SENTINEL_API_TOKEN: secretText(16),
      UI_SECRET_KEY: secretText(16),
      UI_ADMIN_PASSWORD: secretText(8),
      BASE_PATH: textAs('/', readBasePath, 'must be a path such as /sentinel'),
      BACKUP_DIR: optionalText(),
      BACKUP_EVERY: optionalText(
        (text) => parseEvery(text) !== undefined,
        'must be a time such as 12h or 1d, from 10m to 365d',
      ),
      BACKUP_KEEP: textAs('7', parseKeep, 'must be a whole number from 1 to 1000'),
      TRUST_PROXY: optionalText(isProxyList, 'must be a number of proxies, or their addresses parted by commas'),
      FILE_ACCESS: fileAccess(),
      LOG_LEVEL: logLevel,
    },
    env,
    SECRETS,
    ({ BACKUP_EVERY, BACKUP_DIR }) => (BACKUP_EVERY && !BACKUP_DIR ? [NO_BACKUP_DIR] : []),
  )
  return {
    databasePath: values.UI_DB_URI,
    host: values.UI_HOST,
    port: values.UI_PORT,
    sentinelBaseUrl: values.SENTINEL_API_BASE_URL,
    apiToken: values.SENTINEL_API_TOKEN,
    secretKey: values.UI_SECRET_KEY,
    secretKeyPath: join(dataFolder, 'secret.key'),
    adminPassword: values.UI_ADMIN_PASSWORD,
    basePath: values.BASE_PATH,
    trustProxy: values.TRUST_PROXY === undefined ? undefined : proxiesOf(values.TRUST_PROXY),
    backups: backupSettings(values, join(dataFolder, 'backups')),
    logLevel: values.LOG_LEVEL,
  }
}

/** Without the slashes at its end. */
function readBaseUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  const isPlain = /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash
  return isPlain ? text.replace(/\/+$/, '') : undefined
}

function readBasePath(text: string): string | undefined {
  const parts = text.split('/').filter(Boolean)
  if (!parts.every((part) => /^[\w~-][\w.~-]*$/.test(part))) return undefined
  return `/${parts.join('/')}/`.replace('//', '/')
}

function proxiesOf(text: string): number | string[] {
  return /^\d+$/.test(text) ? Number(text) : listOf(text)
}

function isProxyList(text: string): boolean {
  if (/^\d$/.test(text)) return true
  const entries = listOf(text)
  return entries.length > 0 && entries.every((entry) => PROXY_NAMES.includes(entry) || isNetwork(entry))
}

function isNetwork(entry: string): boolean {
  const [address = '', bits] = entry.split('/', 2)
  const version = isIP(address)
  return version !== 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128)))
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean)
}
