import {
  fileAccess,
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
import {
  backupSettings,
  NO_BACKUP_DIR,
  parseEvery,
  parseKeep,
  type BackupSettings,
} from '@tgsentinel/backup/backup-settings'
import { dataCentreAddress, isAllowedDataCentre } from '@tgsentinel/session-codec/session-codec'
import { dirname, join, resolve } from 'node:path'
import {
  isHttpUrl,
  isPageAddress,
  parseAdmins,
  parseChats,
  parseDataCentres,
  parseIp,
  parsePolls,
  parsePort,
  parseProxies,
  parsePurposes,
  parseStart,
  proxyProblem,
  readKeys,
} from './config-values'
import { parseAllowList, type AllowList } from './outgoing/allow-list'
import type { ProxyPurpose } from './model'
import { unfitFor, type ProxySettings } from './proxies/proxies'
import type { Proxy } from './proxies/proxy'

export interface TelegramApp {
  apiId: number
  apiHash: string
}

export interface RedisAddress {
  host: string
  port: number
  password: string | undefined
}

export interface DataCentre {
  dcId: number
  address: string
  port: number
}

export type IpVersion = '4' | '6'

export interface BotConfig {
  token: string
  /** The user that the bot is: a token begins with it. */
  id: number
  /** Where the Bot API is, without a slash at the end. */
  apiRoot: string
  /** Ids of those whom the bot obeys. */
  admins: readonly number[]
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
  /** Where a sign-in from nothing begins. */
  startDataCentre: DataCentre
  proxies: ProxySettings
  /** RSA keys, in PEM, of further data centres that may be shaken hands with. */
  serverKeys: readonly string[]
  /** `@name` in lower case or marked ids of the chats that the relay may write to. */
  sendAllow: readonly string[]
  /** How many channels may be asked in a minute whether something was posted that nobody pushed. */
  pollsPerMinute: number
  /** What deliveries may reach beside public addresses. */
  deliveryAllow: AllowList
  /** Folder in which a file of settings may lie. */
  configDir: string
  /** Folder of a sentence model. */
  embeddingModel: string | undefined
  /** Undefined: none is made by itself. */
  backups: BackupSettings
  /** Asked each minute while Telegram is heard. */
  heartbeatUrl: string | undefined
  /** Where the owner's devices reach the page, with a slash at the end. */
  publicUrl: string | undefined
  bot: BotConfig | undefined
  redis: RedisAddress | undefined
  logLevel: string
}

const SECRETS = [
  'TG_API_HASH',
  'SENTINEL_API_TOKEN',
  'REDIS_PASSWORD',
  'TG_BOT_TOKEN',
  'TG_PROXY',
  'HEARTBEAT_URL',
] as const
const START_DC = 2

/** @throws ConfigError naming every problem at once */
export function readConfig(env: NodeJS.ProcessEnv): SentinelConfig {
  return configOf(readValues(env))
}

function readValues(env: NodeJS.ProcessEnv) {
  const dataDir = env['DATA_DIR'] || 'data'
  return readEnvironment(
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
      TG_DC_ALLOW: textAs(
        '',
        parseDataCentres,
        'must be IP:port, such as 127.0.0.1:4443 (no names), several parted by commas',
      ),
      TG_DC_START: textAs('', parseStart, 'must be id@IP:port, such as 2@127.0.0.1:4443'),
      TG_DC_PUBLIC_KEYS: textAs('', readKeys, 'must be the path of a PEM file with RSA public keys'),
      TG_PROXY: textAs('', parseProxies, proxyProblem),
      PROXY_FOR: textAs('telegram', parsePurposes, 'must be some of telegram, bot, deliveries, parted by commas'),
      TG_IP: textAs('4', parseIp, 'must be 4, 6, or 4,6 (what is dialled, in which order)'),
      TG_SEND_ALLOW: textAs('', parseChats, 'must be @usernames or numeric ids, several parted by commas'),
      TG_POLLS_PER_MINUTE: textAs('60', parsePolls, 'must be a whole number from 1 to 60000'),
      DELIVERY_ALLOW: textAs(
        '',
        parseAllowList,
        'must be host:port, addresses or ranges such as 192.168.1.0/24, several parted by commas',
      ),
      CONFIG_DIR: plainText('config'),
      EMBEDDING_MODEL: optionalText(),
      BACKUP_DIR: optionalText(),
      BACKUP_EVERY: optionalText(
        (text) => parseEvery(text) !== undefined,
        'must be a time such as 12h or 1d, from 10m to 365d',
      ),
      BACKUP_KEEP: textAs('7', parseKeep, 'must be a whole number from 1 to 1000'),
      PUBLIC_URL: optionalText(isPageAddress, 'must be the address of the page, such as https://sentinel.example.org/'),
      HEARTBEAT_URL: optionalText(isHttpUrl, 'must be an http or https address'),
      TG_BOT_TOKEN: optionalText((text) => /^\d+:[\w-]{20,}$/.test(text), 'must be what @BotFather gave you'),
      TG_BOT_API_ROOT: optionalText(isHttpUrl, 'must be an http or https address'),
      TG_BOT_ADMINS: textAs('', parseAdmins, 'must be numeric user ids, several parted by commas'),
      REDIS_HOST: optionalText(),
      REDIS_PORT: textAs('', parsePort, 'must be a port, 1 to 65535'),
      REDIS_PASSWORD: optionalText(),
      FILE_ACCESS: fileAccess(),
      LOG_LEVEL: logLevel,
    },
    env,
    SECRETS,
    contradictions,
  )
}

function configOf(values: ReturnType<typeof readValues>): SentinelConfig {
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
    startDataCentre: values.TG_DC_START ?? telegramsOwn(START_DC),
    proxies: { fromEnvironment: values.TG_PROXY, usedFor: values.PROXY_FOR, ip: values.TG_IP },
    serverKeys: values.TG_DC_PUBLIC_KEYS,
    sendAllow: values.TG_SEND_ALLOW,
    pollsPerMinute: values.TG_POLLS_PER_MINUTE,
    deliveryAllow: values.DELIVERY_ALLOW,
    heartbeatUrl: values.HEARTBEAT_URL,
    publicUrl: values.PUBLIC_URL?.replace(/\/*$/, '/'),
    backups: backupSettings(values, join(dirname(values.DB_URI), 'backups')),
    configDir: resolve(values.CONFIG_DIR),
    embeddingModel: values.EMBEDDING_MODEL && resolve(values.EMBEDDING_MODEL),
    bot: values.TG_BOT_TOKEN
      ? {
          token: values.TG_BOT_TOKEN,
          id: Number.parseInt(values.TG_BOT_TOKEN, 10),
          apiRoot: (values.TG_BOT_API_ROOT ?? 'https://api.telegram.org').replace(/\/$/, ''),
          admins: values.TG_BOT_ADMINS,
        }
      : undefined,
    redis: values.REDIS_HOST
      ? { host: values.REDIS_HOST, port: values.REDIS_PORT ?? 6379, password: values.REDIS_PASSWORD }
      : undefined,
    logLevel: values.LOG_LEVEL,
  }
}

interface Readings {
  TG_API_ID: string | undefined
  TG_API_HASH: string | undefined
  SENTINEL_API_HOST: string
  SENTINEL_API_TOKEN: string | undefined
  TG_DC_ALLOW: readonly string[]
  TG_DC_START: DataCentre | null | undefined
  TG_PROXY: readonly Proxy[]
  PROXY_FOR: readonly ProxyPurpose[]
  BACKUP_DIR: string | undefined
  BACKUP_EVERY: string | undefined
  TG_BOT_TOKEN: string | undefined
  TG_BOT_API_ROOT: string | undefined
  TG_BOT_ADMINS: readonly number[]
  REDIS_HOST: string | undefined
  REDIS_PORT: number | null | undefined
  REDIS_PASSWORD: string | undefined
}

function contradictions(values: Readings): string[] {
  const start = values.TG_DC_START
  const allowed = Array.isArray(values.TG_DC_ALLOW) ? values.TG_DC_ALLOW : []
  const isForeign =
    start !== null && typeof start === 'object' && !isAllowedDataCentre(start.address, start.port, allowed)
  const areProxies = Array.isArray(values.TG_PROXY) && Array.isArray(values.PROXY_FOR)
  const unfit = areProxies ? unfitFor(values.TG_PROXY, values.PROXY_FOR) : undefined
  const botParts = values.TG_BOT_API_ROOT || values.TG_BOT_ADMINS.length > 0
  const checks: [boolean, string][] = [
    [!values.TG_API_ID !== !values.TG_API_HASH, 'TG_API_ID and TG_API_HASH go together: set both or none'],
    [
      !isLoopback(values.SENTINEL_API_HOST) && !values.SENTINEL_API_TOKEN,
      'SENTINEL_API_TOKEN is needed where SENTINEL_API_HOST is not a loopback address',
    ],
    [isForeign, "TG_DC_START is not one of Telegram's published servers: name it in TG_DC_ALLOW, too"],
    [Boolean(botParts) && !values.TG_BOT_TOKEN, 'TG_BOT_API_ROOT or TG_BOT_ADMINS is set, but TG_BOT_TOKEN is not'],
    [
      Boolean(values.TG_BOT_TOKEN) && values.TG_BOT_ADMINS.length === 0,
      'TG_BOT_ADMINS is needed beside TG_BOT_TOKEN: the bot obeys nobody else',
    ],
    [typeof values.REDIS_PORT === 'number' && !values.REDIS_HOST, 'REDIS_PORT is set, but REDIS_HOST is not'],
    [Boolean(values.REDIS_PASSWORD) && !values.REDIS_HOST, 'REDIS_PASSWORD is set, but REDIS_HOST is not'],
    [unfit !== undefined, `TG_PROXY: ${unfit}`],
    [Boolean(values.BACKUP_EVERY) && !values.BACKUP_DIR, NO_BACKUP_DIR],
  ]
  return checks.filter(([isWrong]) => isWrong).map(([, message]) => message)
}

function telegramsOwn(dcId: number): DataCentre {
  return { dcId, address: dataCentreAddress(dcId, false) ?? '', port: 443 }
}
