import { dirname, join, resolve } from 'node:path'
import { Backups } from '@tgsentinel/backup/backups'
import { lockDatabase } from '@tgsentinel/kernel/sqlite'
import { createApp, listen } from '@tgsentinel/kernel/http'
import { HttpTally } from '@tgsentinel/kernel/http-tally'
import { bindContract } from '@tgsentinel/kernel/contract'
import { Closers, type Service } from '@tgsentinel/kernel/lifecycle'
import { createLogger, type Logger } from '@tgsentinel/kernel/log'
import document from '../../../openapi/generated/sentinel.json'
import type { operations } from '../../../openapi/generated/sentinel'
import { AdminRosters } from './admin-rosters'
import { Alerts } from './alerts'
import { Answers } from './answers/answers'
import { accessRules } from './api/access'
import { alertHandlers } from './api/alerts'
import { backtestHandlers } from './api/backtests'
import { backupHandlers, backupView } from './api/backups'
import { chatHandlers } from './api/chats'
import { keepingHandlers } from './api/keeping'
import { learningHandlers } from './api/learning'
import { coverageHandlers } from './api/coverage'
import { deliveryHandlers } from './api/deliveries'
import { restraintHandlers } from './api/restraint'
import { digestHandlers } from './api/digests'
import { feedHandlers } from './api/feeds'
import { profileHandlers } from './api/profiles'
import { proxyHandlers } from './api/proxies'
import { searchHandlers } from './api/search'
import { serviceHandlers } from './api/service'
import { sessionHandlers } from './api/session'
import { settingsHandlers } from './api/settings'
import { signInHandlers } from './api/sign-in'
import { Backtests, type BacktestsOptions } from './backtest/backtests'
import { Backfills, type BackfillsOptions } from './backfills/backfills'
import { ChatBot, type ChatBotOptions } from './bot/bot'
import type { Bus } from './bus/bus'
import { openBus } from './bus/open-bus'
import { captureDoor, type DoorOptions } from './capture-door'
import { Chats } from './chats'
import { Topics } from './chats/topics'
import type { SentinelConfig } from './config'
import { Delegation } from './delegation/delegation'
import { SharedCaches } from './delegation/shared-caches'
import { Deliveries } from './deliveries/deliveries'
import { Embeddings } from './embedding/embeddings'
import { SentenceModel } from './embedding/model'
import { Events } from './events'
import { Feeds } from './feeds/feeds'
import { Follow } from './follow'
import { HealthBoard } from './health'
import { Ingestion } from './ingestion/ingestion'
import { Maintenance } from './keeping/maintenance'
import { Retention, type RetentionOptions } from './keeping/retention'
import { Learning } from './learning/learning'
import { Ledger } from './ledger'
import { MessageRecords } from './message-records'
import { metricSources } from './metric-sources'
import { Metrics } from './metrics'
import type { Alert, BotState } from './model'
import { AddressGuard } from './outgoing/address-guard'
import { Heartbeat } from './outgoing/heartbeat'
import { Outgoing } from './outgoing/outgoing'
import { Profiles } from './profiles'
import { Previews } from './profiles/previews'
import { Dialing } from './proxies/dialing'
import { ProxyOffice } from './proxies/office'
import { Proxies } from './proxies/proxies'
import { Relay } from './relay'
import { ReReading, type ReReadingOptions } from './re-reading'
import { Indexing } from './search/indexing'
import { Search } from './search/search'
import { settingsParts } from './settings/settings-parts'
import { StatusBoard } from './status'
import { openStore, type Store } from './store/store'
import { Strangers } from './strangers'
import { Telegram } from './telegram/telegram'
import type { TelegramOptions } from './telegram/owner-facts'
import { Telling } from './telling'
import { TemplateRendering } from './templates/template-rendering'
import { WatchList } from './watch'

export interface Sentinel extends Service {
  port: number
}

/**
 * Builds the whole service, top to bottom, and starts it. What fails half way is closed again.
 * @throws Error with a sentence for people: the session is locked, the database cannot be opened, the port is taken
 */
export async function createSentinel(
  config: SentinelConfig,
  inspectorPath: string,
  programPath: string,
): Promise<Sentinel> {
  const log = createLogger('sentinel', config.logLevel)
  const closers = new Closers()
  try {
    const bus = await openBus(config.redis, log, closers)
    const store = lockedStore(config.databasePath, closers)
    const embeddings = embeddingsOf(config, programPath, log, closers)
    const profiles = profilesOf(store, bus, embeddings)
    const ingestion = new Ingestion(store, bus, log.child({ part: 'ingestion' }), (fromChatId, toChatId) => {
      watch.carry(fromChatId, toChatId)
      profiles.carry(fromChatId, toChatId)
    })
    closers.add('ingestion', () => ingestion.close())
    const deliveries = new Deliveries(store, bus, Date.now)
    const raising = { store, profiles, deliveries, bus, now: Date.now, botId: config.bot?.id }
    const alerts = new Alerts({ ...raising, log: log.child({ part: 'alerts' }) })
    closers.add('alerts', () => alerts.close())
    const { indexing, retention, maintenance } = keepingOf(store, bus, alerts, programPath, log, closers)
    const watch = new WatchList(store)
    const hear: DoorOptions['hear'] = (intake) => relay.hear(intake)
    const onStranger: DoorOptions['onStranger'] = (...who) => strangers.notice(...who)
    const onUnknownChannel = () => chats.refreshSoon()
    const dialing = dialingOf(config, store, () => status.announce())
    const telegram = new Telegram({
      ...accountOf(config, inspectorPath),
      dialing,
      settings: store.settings,
      log: log.child({ part: 'telegram' }),
      door: captureDoor({ store, ingestion, watch, profiles, hear, onStranger, onUnknownChannel }),
      onSignedIn: () => {
        chats.refreshSoon()
        reReading.lookSoon()
      },
      onChange: () => status.announce(),
      onSignInChange: () => status.announceSignIn(),
      onSessionEvent: (event) => {
        metrics.sessionEvent(event.event)
        bus.publishSessionEvent(event)
        // After the state itself has changed.
        queueMicrotask(() => caches.refresh())
      },
      ...countedBy((): Metrics => metrics),
      onAttempt: (action, windowS) => {
        bus.countAttempt(action, windowS)
        status.announce()
      },
    })
    closers.add('telegram', () => telegram.close())
    const chats = new Chats(telegram.reader, store, watch, bus, log.child({ part: 'chats' }))
    const caches = new SharedCaches(() => telegram.snapshot, chats, bus)
    closers.add('shared caches', () => caches.close())
    const strangers = strangersOf(telegram, store, log, closers)
    const relay = new Relay(telegram.sender, telegram.reader, chats, config.sendAllow)
    const http = new HttpTally()
    const later = { ledger: () => ledger, status: () => status, digests: () => telling.digests, backups: () => backups }
    const metrics = new Metrics(metricSources(telegram, ingestion, alerts, store, later), http)
    const ledger = new Ledger(store, telegram, watch)
    const { health, heartbeat } = healthOf({ config, telegram, ingestion, ledger, dialing, log }, closers)
    const told = { ledger, store, bus, botState: (): BotState => bot.state, log: log.child({ part: 'status' }), health }
    const status = new StatusBoard({ telegram, ingestion, alerts, ...told, settingsFile: () => startFile.view })
    closers.add('status', () => status.close())
    const { reader, sender } = telegram
    const background = { reader, store, ingestion, chats, profiles, bus, log }
    const { backfills, reReading, topics, rosters } = readingOf(background, watch, closers)
    const follow = new Follow({ reader, sender, chats, watch, backfills })
    const isHeld = (alert: Alert): boolean => telling.restraint.isHeldForBot(alert)
    const answers = new Answers({ store, alerts, labels: () => learning.labels, ...config, log, now: Date.now })
    const heard = { store, alerts, answers, isHeld, chats, watch, follow, status, bus, dialing }
    const bot = botOf({ config: config.bot, ...heard, log: log.child({ part: 'bot' }) }, closers)
    const facts = { coverage: () => ledger.summary, isBehind: () => status.isBehind, now: Date.now, log }
    const parts = { relay, bot, alerts, answers, ...facts, store, deliveries, bus }
    const telling = tellingOf(parts, config, dialing, programPath, closers)
    const events = new Events(store, bus)
    const { backtests, learning } = profileWorkOf(raising, log, closers)
    const accountId = () => telegram.reader.self?.id ?? store.settings.number('chats_account')
    const backups = backupsOf({ config, store, bus, programPath, log }, closers)
    const onWatched = () => status.announce()
    const places = { folder: config.configDir, threadPath: join(dirname(programPath), 'settings-thread.js') }
    const configured = { ...telling.configured, profiles, retention, watch, accountId, store, onWatched, log }
    const { settings, startFile, imports } = settingsParts({ ...configured, ...places }, closers)
    const handlers = {
      ...serviceHandlers(status, events, metrics, health),
      ...sessionHandlers(telegram, chats, store, profiles, bus, config.sessionPath),
      ...signInHandlers(telegram),
      ...proxyHandlers(proxyOfficeOf(dialing, telegram)),
      ...chatHandlers(chats, watch, relay, onWatched),
      ...coverageHandlers(ledger, backfills, new MessageRecords(store, telegram.reader)),
      ...profileHandlers(profiles, imports, new Previews(store, profiles, config.bot?.id)),
      ...backtestHandlers(backtests),
      ...learningHandlers(learning, embeddings),
      ...deliveryHandlers(telling.office, deliveries),
      ...restraintHandlers(telling.restraint),
      ...digestHandlers(telling.digests, telling.timeZone),
      ...feedHandlers(new Feeds({ store, profiles, bus, now: Date.now })),
      ...alertHandlers(alerts, answers, store, bus),
      ...searchHandlers(new Search(store, accountId), indexing),
      ...keepingHandlers(retention, maintenance),
      ...backupHandlers(backups),
      ...settingsHandlers(settings),
    }
    const delegation = new Delegation(telegram, chats, relay, bus, log.child({ part: 'delegation' }), config.apiToken)
    await startFile.apply()
    const read = [indexing, backfills, reReading, topics, rosters, learning]
    for (const part of [telegram, delegation, caches, alerts, ...read, bot, telling, heartbeat, backups]) part.start()
    const routes = bindContract<operations>(document, handlers, { log, ...accessRules(config) })
    const app = createApp([routes], log, http.observe, () => store.busyTimeout.waitedInVain())
    const listener = await listen(app, config.host, config.port)
    closers.add('listener', () => listener.close())
    closers.add('events', () => events.close())
    closers.add('what waits for the sentence model', () => endReading(embeddings, alerts, backtests, learning))
    log.info({ host: config.host, port: listener.port }, 'HTTP API listening')
    return { port: listener.port, log, close: () => closers.close() }
  } catch (error) {
    await closers.close().catch((closing: unknown) => log.error({ err: closing }, 'not everything closed'))
    throw error
  }
}

/** The index of words, how long messages are kept, and the database itself. */
function keepingOf(store: Store, bus: Bus, alerts: Alerts, programPath: string, log: Logger, closers: Closers) {
  const indexing = new Indexing(store, bus, () => alerts.backlog, log.child({ part: 'indexing' }))
  closers.add('indexing', () => indexing.close())
  const options = { store, bus, log: log.child({ part: 'keeping' }), now: Date.now }
  const onSwept: RetentionOptions['onSwept'] = (...swept) => {
    store.coverage.sweptBelow(...swept)
    store.unreadable.sweptBelow(...swept)
  }
  const retention = new Retention({ ...options, uncounted: () => indexing.backlog, onSwept })
  closers.add('retention', () => retention.close())
  const maintenance = new Maintenance({ ...options, programPath })
  closers.add('maintenance', () => maintenance.close())
  return { indexing, retention, maintenance }
}

type ReadingOptions = Pick<BackfillsOptions & ReReadingOptions, 'store' | 'bus' | 'log'> & {
  reader: Telegram['reader']
  ingestion: Ingestion
  chats: Chats
  profiles: Profiles
}

/** The profiles, with the starter at the first run. */
function profilesOf(store: Store, bus: Bus, embeddings: Embeddings): Profiles {
  const profiles = new Profiles(store, bus, Date.now, embeddings)
  profiles.ensureStarter()
  return profiles
}

/** What is read from Telegram in the background, beside what is pushed and polled. */
function readingOf({ log, ...options }: ReadingOptions, watch: WatchList, closers: Closers) {
  const isWatched: BackfillsOptions['isWatched'] = (account, chat) => watch.isWatched(account, chat)
  const backfills = new Backfills({ ...options, isWatched, log: log.child({ part: 'backfills' }) })
  closers.add('backfills', () => backfills.close())
  const reReading = new ReReading({ ...options, log: log.child({ part: 're-reading' }) })
  closers.add('re-reading', () => reReading.close())
  const topics = new Topics({ ...options, log: log.child({ part: 'topics' }) })
  closers.add('topics', () => topics.close())
  const rosters = new AdminRosters({ ...options, watch, now: Date.now, log })
  closers.add('admin rosters', () => rosters.close())
  return { backfills, reReading, topics, rosters }
}

/** The database, and the proof that no other process works with it. */
function lockedStore(path: string, closers: Closers): Store {
  const lock = lockDatabase(path)
  closers.add('lock of the database', () => lock.close())
  const store = openStore(path)
  closers.add('store', () => store.close())
  return store
}

interface BackupParts {
  config: SentinelConfig
  store: Store
  bus: Bus
  programPath: string
  log: Logger
}

/** Made by a program of its own, which is told where the database and the session are. */
function backupsOf({ config, store, bus, programPath, log }: BackupParts, closers: Closers): Backups {
  const { backups: settings, databasePath, sessionPath } = config
  const backups = new Backups({
    ...{ settings, service: 'sentinel', programPath: join(dirname(programPath), 'backup.js') },
    env: { DB_URI: `sqlite:///${resolve(databasePath)}`, TG_SESSION_PATH: resolve(sessionPath) },
    onChange: () => {
      store.events.add('backup', backupView(backups.latest))
      bus.ring('events')
    },
    log: log.child({ part: 'backups' }),
  })
  closers.add('backups', () => backups.close())
  return backups
}

function strangersOf({ reader }: Telegram, store: Store, log: Logger, closers: Closers): Strangers {
  const strangers = new Strangers(reader, store, log.child({ part: 'strangers' }))
  closers.add('strangers', () => strangers.close())
  return strangers
}

/** What goes through the history for a profile. */
function profileWorkOf(options: Omit<BacktestsOptions, 'log'>, log: Logger, closers: Closers) {
  const backtests = new Backtests({ ...options, log: log.child({ part: 'backtests' }) })
  closers.add('backtests', () => backtests.close())
  const learning = new Learning({ ...options, log: log.child({ part: 'learning' }) })
  closers.add('learning', () => learning.close())
  return { backtests, learning }
}

interface HealthParts {
  config: SentinelConfig
  telegram: Telegram
  ingestion: Ingestion
  ledger: Ledger
  dialing: Dialing
  log: Logger
}

/** Whether the product does what it is for, and who is told as long as it does. */
function healthOf({ config, telegram, ingestion, ledger, dialing, log }: HealthParts, closers: Closers) {
  const health = new HealthBoard({
    owner: () => telegram.snapshot,
    isStorageFailing: () => ingestion.isFailing,
    summary: () => ledger.summary,
    now: Date.now,
  })
  closers.add('health', () => health.close())
  const heartbeat = new Heartbeat({ url: config.heartbeatUrl, dialing, isHeard: () => health.isHeard, log })
  closers.add('heartbeat', () => heartbeat.close())
  return { health, heartbeat }
}

function botOf(options: ChatBotOptions, closers: Closers): ChatBot {
  const bot = new ChatBot(options)
  closers.add('bot', () => bot.close())
  return bot
}

/** What is told and delivered, by the one door for addresses that the owner names. */
function tellingOf(
  parts: Omit<ConstructorParameters<typeof Telling>[0], 'outgoing' | 'renderTemplate'>,
  { deliveryAllow }: SentinelConfig,
  dialing: Dialing,
  programPath: string,
  closers: Closers,
): Telling {
  const rendering = new TemplateRendering(join(dirname(programPath), 'template-thread.js'))
  closers.add('templates', () => rendering.close())
  const outgoing = new Outgoing(new AddressGuard(deliveryAllow), dialing)
  const telling = new Telling({ ...parts, outgoing, renderTemplate: rendering.render })
  closers.add('telling', () => telling.close())
  return telling
}

/** What the settings say of the account and the way to Telegram. */
function accountOf(config: SentinelConfig, inspectorPath: string) {
  const { sessionPath, dataCentres, startDataCentre, serverKeys, app, pollsPerMinute } = config
  return {
    inspectorPath,
    sessionPath,
    dataCentres,
    startDataCentre,
    serverKeys,
    app,
    pollsPerSecond: pollsPerMinute / 60,
  }
}

function dialingOf(config: SentinelConfig, store: Store, onChange: () => void): Dialing {
  return new Dialing(new Proxies(config.proxies, store.settings, Date.now, onChange))
}

/** A new way to Telegram is taken at once. */
function proxyOfficeOf(dialing: Dialing, telegram: Telegram): ProxyOffice {
  const onReplaced = () => telegram.redial()
  return new ProxyOffice({ dialing, target: () => telegram.probeTarget, onReplaced })
}

function embeddingsOf(
  { embeddingModel: folder }: SentinelConfig,
  programPath: string,
  log: Logger,
  closers: Closers,
): Embeddings {
  if (folder === undefined) return new Embeddings(null)
  const here = dirname(programPath)
  const options = { threadPath: join(here, 'model-thread.js'), lookIn: [here, process.cwd(), folder] }
  const embeddings = new Embeddings(new SentenceModel({ folder, ...options, log: log.child({ part: 'embedding' }) }))
  closers.add('embeddings', () => embeddings.close())
  return embeddings
}

/** Whoever waits for the model would keep a stop waiting; what it did not read is judged at the next start. */
async function endReading(embeddings: Embeddings, alerts: Alerts, backtests: Backtests, learning: Learning) {
  alerts.close()
  backtests.close()
  const learned = learning.close()
  await embeddings.close()
  await learned
}

function countedBy(metrics: () => Metrics): Pick<TelegramOptions, 'onCall' | 'onImportEnd'> {
  return { onCall: (report) => metrics().call(report), onImportEnd: (outcome) => metrics().importEnd(outcome) }
}
