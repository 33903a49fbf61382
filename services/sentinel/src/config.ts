import {
  isLoopback,
  logLevel,
  optionalText,
  plainText,
  port,
  readEnvironment,
  secretText,
  sqliteUri,
  textAs,
} from '@tgsentinel/kernel/environment'
import { join } from 'node:path'

export interface TelegramApp {
  apiId: number
  apiHash: string
}

export interface RedisAddress {
  host: string
  port: number
  password: string | undefined
}

export interface SentinelConfig {
  app: TelegramApp | undefined
  sessionPath: string
  databasePath: string
  host: string
  port: number
  apiToken: string | undefined
  /** `host:port` of data centres that a session may name beside Telegram's published ones. */
  dataCentres: readonly string[]
  redis: RedisAddress | undefined
  logLevel: string
}

const SECRETS = ['TG_API_HASH', 'SENTINEL_API_TOKEN', 'REDIS_PASSWORD'] as const

/** @throws ConfigError naming every problem at once */
export function readConfig(env: NodeJS.ProcessEnv): SentinelConfig {
  const dataDir = env['DATA_DIR'] || 'data'
  const values = readEnvironment(
    {
      TG_API_ID: optionalText((text) => /^[1-9]\d{0,9}$/.test(text), 'must be a number, from my.telegram.org'),
      TG_API_HASH: optionalText(
        (text) => /^[0-9a-f]{32}$/.test(text),
        'must be 32 hexadecimal digits, from my.telegram.org',
      ),
      TG_SESSION_PATH: plainText(join(dataDir, 'sentinel', 'tgsentinel.session')),
      DB_URI: sqliteUri(`sqlite:///${join(dataDir, 'sentinel', 'sentinel.db')}`),
      SENTINEL_API_PORT: port(8080),
      SENTINEL_API_HOST: plainText('127.0.0.1'),
      SENTINEL_API_TOKEN: secretText(16),
      TG_DC_ALLOW: textAs('', parseDataCentres, 'must be host:port, several parted by commas'),
      REDIS_HOST: optionalText(),
      REDIS_PORT: port(6379),
      REDIS_PASSWORD: optionalText(),
      LOG_LEVEL: logLevel,
    },
    env,
    SECRETS,
    contradictions,
  )
  return {
    app:
      values.TG_API_ID && values.TG_API_HASH
        ? { apiId: Number(values.TG_API_ID), apiHash: values.TG_API_HASH }
        : undefined,
    sessionPath: values.TG_SESSION_PATH,
    databasePath: values.DB_URI,
    host: values.SENTINEL_API_HOST,
    port: values.SENTINEL_API_PORT,
    apiToken: values.SENTINEL_API_TOKEN,
    dataCentres: values.TG_DC_ALLOW,
    redis: values.REDIS_HOST
      ? { host: values.REDIS_HOST, port: values.REDIS_PORT, password: values.REDIS_PASSWORD }
      : undefined,
    logLevel: values.LOG_LEVEL,
  }
}

function contradictions(values: {
  TG_API_ID: string | undefined
  TG_API_HASH: string | undefined
  SENTINEL_API_HOST: string
  SENTINEL_API_TOKEN: string | undefined
  REDIS_HOST: string | undefined
  REDIS_PASSWORD: string | undefined
}): string[] {
  const problems = []
  if (!values.TG_API_ID !== !values.TG_API_HASH)
    problems.push('TG_API_ID and TG_API_HASH go together: set both or none')
  if (!isLoopback(values.SENTINEL_API_HOST) && !values.SENTINEL_API_TOKEN) {
    problems.push('SENTINEL_API_TOKEN is needed where SENTINEL_API_HOST is not a loopback address')
  }
  if (values.REDIS_PASSWORD && !values.REDIS_HOST) problems.push('REDIS_PASSWORD is set, but REDIS_HOST is not')
  return problems
}

function parseDataCentres(text: string): string[] | undefined {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean)
  const wellFormed = entries.every((entry) => /^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-f:]+\]):\d{1,5}$/i.test(entry))
  return wellFormed ? entries : undefined
}
