import { isIP } from 'node:net'
import { join } from 'node:path'
import { z } from 'zod'
import { logLevel, port, readEnvironment, sqliteUri } from '@tgsentinel/kernel/environment'

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
      UI_HOST: z.string().default('127.0.0.1'),
      SENTINEL_API_BASE_URL: baseUrl('http://127.0.0.1:8080/api'),
      SENTINEL_API_TOKEN: atLeast(16),
      UI_SECRET_KEY: atLeast(16),
      UI_ADMIN_PASSWORD: atLeast(8),
      BASE_PATH: basePath,
      TRUST_PROXY: trustProxy,
      LOG_LEVEL: logLevel,
    },
    env,
    SECRETS,
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
    trustProxy: values.TRUST_PROXY,
    logLevel: values.LOG_LEVEL,
  }
}

function atLeast(characters: number) {
  const message = `must have at least ${characters} characters`
  return z
    .string()
    .optional()
    .refine((text) => text === undefined || (text.length >= characters && text.length <= 1024), message)
}

function baseUrl(fallback: string) {
  return z
    .string()
    .default(fallback)
    .refine(isBaseUrl, 'must look like http://127.0.0.1:8080/api, without credentials or a query')
    .transform((text) => text.replace(/\/+$/, ''))
}

function isBaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash
}

const basePath = z
  .string()
  .default('/')
  .refine(
    (text) =>
      text
        .split('/')
        .filter(Boolean)
        .every((part) => /^[\w~-][\w.~-]*$/.test(part)),
    'must be a path such as /sentinel',
  )
  .transform((text) => `/${text.split('/').filter(Boolean).join('/')}/`.replace('//', '/'))

const trustProxy = z
  .string()
  .optional()
  .refine(
    (text) => text === undefined || isProxyList(text),
    'must be a number of proxies, or their addresses parted by commas',
  )
  .transform((text) => {
    if (text === undefined) return undefined
    return /^\d+$/.test(text) ? Number(text) : listOf(text)
  })

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
