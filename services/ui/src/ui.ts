import { createApp, listen } from '@tgsentinel/kernel/http'
import { HttpTally } from '@tgsentinel/kernel/http-tally'
import { Closers } from '@tgsentinel/kernel/lifecycle'
import { createLogger, type Logger } from '@tgsentinel/kernel/log'
import { Backups } from '@tgsentinel/backup/backups'
import { lockDatabase } from '@tgsentinel/kernel/sqlite'
import { SECOND } from '@tgsentinel/kernel/time'
import type { OpenApiDocument } from '@tgsentinel/kernel/validation'
import sentinelDocument from '../../../openapi/generated/sentinel.json'
import uiDocument from '../../../openapi/generated/ui.json'
import { underBasePath } from './api/access'
import { apiRoutes } from './api/api'
import { isLocalReader } from './api/metrics'
import { pageRoute } from './api/page'
import { Auth } from './auth/auth'
import { Cache } from './cache/cache'
import { CachedReplies } from './cache/cached-replies'
import type { UiConfig } from './config'
import { Live } from './live/live'
import { Metrics } from './metrics'
import { Page } from './page/page'
import { securityHeaders } from './page/security-headers'
import { keptSecretKey } from './secret-key'
import { AddressCheck } from './sentinel/address-check'
import { SentinelConnection } from './sentinel/connection'
import { Forwarder } from './sentinel/forwarder'
import { SentinelClient } from './sentinel/sentinel-client'
import { TIMEOUT_MS } from './sentinel/sentinel-failure'
import { Store } from './store/store'
import { Authorization } from './upload/authorization'
import { Upload } from './upload/upload'

/** How long a failed upload may take to tell the sentinel so. */
const GIVE_UP_MS = 5 * SECOND

export interface Ui {
  port: number
  log: Logger
  close(): Promise<void>
}

export interface UiOptions {
  /** Folder of the built page. */
  webFolder: string
  /** Of the program that makes backups. */
  backupPath: string
  /** How long an upload waits until the sentinel is authorized with it. */
  authorizationMs?: number
  /** How often it asks meanwhile. */
  pollMs?: number
  /** How long a call of the sentinel may take. */
  callMs?: number
  now?: () => number
}

/** Builds the service and serves it. @throws Error with a sentence for people when something that it needs is missing */
export async function createUi(config: UiConfig, options: UiOptions): Promise<Ui> {
  const closers = new Closers()
  try {
    return await compose(config, options, closers)
  } catch (error) {
    await closers.close()
    throw error
  }
}

async function compose(config: UiConfig, options: UiOptions, closers: Closers): Promise<Ui> {
  const { authorizationMs = 60 * SECOND, pollMs = SECOND, callMs = TIMEOUT_MS, now = Date.now, webFolder } = options
  const log = createLogger('tgsentinel-ui', config.logLevel)
  const secretKey = config.secretKey ?? keptSecretKey(config.secretKeyPath)
  const lock = lockDatabase(config.databasePath)
  closers.add('lock of the database', () => lock.close())
  const store = Store.open(config.databasePath)
  closers.add('database', () => store.close())

  const connection = new SentinelConnection(config.sentinelBaseUrl, config.apiToken)
  const address = new AddressCheck(config.sentinelBaseUrl, config.apiToken, callMs)
  const client = new SentinelClient(config.sentinelBaseUrl, config.apiToken, callMs, address)
  const forwarder = new Forwarder(documentOf(sentinelDocument), documentOf(uiDocument), connection, address, callMs)
  const live: Live = new Live(connection, (id) => auth.isSessionInForce(id))
  const onEnded = (id: number | 'all') => live.endSession(id)
  const auth = new Auth(store, { secretKey, apiToken: config.apiToken, now, onEnded })
  if (config.adminPassword !== undefined) await auth.adopt(config.adminPassword)
  const authorization = new Authorization(client, connection, {
    authorizationMs,
    pollMs,
    giveUpMs: Math.min(callMs, GIVE_UP_MS),
  })
  const upload = new Upload(client, authorization, (event) => live.publish('upload', event), log)
  const cache = new Cache({ store, connection, client, now, log: log.child({ part: 'cache' }) })
  const cachedReplies = new CachedReplies(documentOf(sentinelDocument), store, () => cache.heardAt)

  const http = new HttpTally()
  const metrics = new Metrics({
    http,
    isSentinelReachable: () => cache.isReachable,
    databaseBytes: () => store.sizeBytes,
    streams: () => live.streamCount,
  })
  const served = { auth, store, upload, client, live, forwarder, cache, cachedReplies, metrics }
  const parts = { ...served, isLocalReader: isLocalReader(config), log }
  const api = apiRoutes(documentOf(uiDocument), config.basePath, parts)
  const page = new Page(webFolder)
  const routes = [securityHeaders(), underBasePath(config.basePath), ...api, pageRoute(page)]
  const app = createApp(routes, log, http.observe, () => store.busyTimeout.waitedInVain())
  app.set('trust proxy', config.trustProxy ?? false)
  const listener = await listen(app, config.host, config.port)
  closers.add('http', () => listener.close())
  closers.add('live', () => live.close())
  closers.add('cache', () => cache.close())
  cache.start()
  const backups = new Backups({
    ...{ settings: config.backups, service: 'ui', programPath: options.backupPath },
    log: log.child({ part: 'backups' }),
  })
  closers.add('backups', () => backups.close())
  backups.start()
  log.info({ port: listener.port, host: config.host, base_path: config.basePath }, 'listening')
  void address.problem().then((problem) => problem && log.warn({ reason: problem.message }, 'no sentinel is found'))
  return { port: listener.port, log, close: () => closers.close() }
}

function documentOf(json: unknown): OpenApiDocument {
  return json as OpenApiDocument
}
