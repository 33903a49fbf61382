import type { HttpTally } from '@tgsentinel/kernel/http-tally'
import {
  addCounter,
  addGauge,
  openRegistry,
  type MetricRegistry,
  type Values,
} from '@tgsentinel/kernel/process-metrics'
import type { ChatCoverage, CoverageSummary, Digest, Status } from './model'
import type { CallReport, QueueState } from './telegram/call-queue'
import type { Counter, Histogram } from 'prom-client'

export interface MetricSources {
  queue: () => QueueState
  floodUntilMs: () => number | null
  isConnected: () => boolean
  backlog: () => number
  lastHeardAtMs: () => number | null
  totals: () => { messages: number; alerts: number }
  /** Of all watched chats. */
  coverage: () => Pick<ChatCoverage, 'chat' | 'staleness_s' | 'bound_s'>[]
  summary: () => Pick<CoverageSummary, 'open_gaps' | 'unfillable_gaps' | 'is_hearing'>
  /** By chat, where there are any. */
  unreadable: () => { chatId: string; count: number }[]
  internalErrors: () => number
  /** Of each destination, in each state; those that were sent go after a while. */
  deliveries: () => { destinationId: number; state: string; count: number }[]
  digests: () => Pick<Digest, 'id' | 'state' | 'last_run'>[]
  status: () => Pick<Status, 'bot' | 'redis' | 'import'>
  databaseBytes: () => number
  /** When the newest backup in the folder was made; null where there is none. */
  newestBackupAtMs: () => number | null
  hasBackupFailed: () => boolean
}

const WAIT_BUCKETS_S = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 30, 120]

/** Calls that are kept one by one until somebody asks: the library costs 11 MB, and most never ask. */
const MAX_EARLY = 2000

/** Numbers for Prometheus: the queue of calls, floods, what was captured. */
export class Metrics {
  private loading: Promise<Series> | null = null
  /** Calls that ended before the library was there. */
  private early: CallReport[] = []
  private series: Series | null = null
  /** Imports, sign-ins that took force, ends of sessions: since the start. */
  private readonly sessionEvents = new Map<string, number>()
  private readonly importEnds = new Map<string, number>()

  constructor(
    private readonly sources: MetricSources,
    private readonly http: HttpTally,
  ) {}

  /** Counts a call that left the queue. */
  call(report: CallReport): void {
    if (this.series) return this.series.count(report)
    this.early.push(report)
    if (this.early.length > MAX_EARLY) void this.load()
  }

  sessionEvent(event: string): void {
    countIn(this.sessionEvents, event)
  }

  /** `accepted`, or why it failed. */
  importEnd(outcome: string): void {
    countIn(this.importEnds, outcome)
  }

  /** In Prometheus' text format. */
  async render(): Promise<string> {
    const series = await this.load()
    return (await series.to.registry.metrics()) + this.http.render()
  }

  private load(): Promise<Series> {
    this.loading ??= openRegistry().then((to) => {
      this.series = new Series(to, this.sources)
      addCounter(to, 'tgsentinel_session_events_total', 'Imports, authorizations and ends of sessions', ['event'], () =>
        [...this.sessionEvents].map(([event, count]) => [{ event }, count]),
      )
      addCounter(to, 'tgsentinel_session_imports_total', 'Imports that ended, by outcome', ['outcome'], () =>
        [...this.importEnds].map(([outcome, count]) => [{ outcome }, count]),
      )
      for (const report of this.early) this.series.count(report)
      this.early = []
      return this.series
    })
    return this.loading
  }
}

function countIn(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

class Series {
  private readonly calls: Counter<'method' | 'outcome'>
  private readonly waits: Histogram<'priority'>
  private readonly runs: Histogram<'method'>

  constructor(
    readonly to: MetricRegistry,
    private readonly sources: MetricSources,
  ) {
    const { prometheus, registry } = to
    const registers = [registry]
    this.calls = new prometheus.Counter({
      name: 'tgsentinel_telegram_calls_total',
      help: 'Calls to Telegram that ended, by method and outcome',
      labelNames: ['method', 'outcome'],
      registers,
    })
    this.waits = new prometheus.Histogram({
      name: 'tgsentinel_telegram_call_wait_seconds',
      help: 'Time that calls waited in the queue',
      labelNames: ['priority'],
      buckets: WAIT_BUCKETS_S,
      registers,
    })
    this.runs = new prometheus.Histogram({
      name: 'tgsentinel_telegram_call_seconds',
      help: 'Time from sending a call to its answer',
      labelNames: ['method'],
      buckets: WAIT_BUCKETS_S,
      registers,
    })
    this.addGauges()
  }

  count({ method, priority, outcome, waitedMs, ranMs }: CallReport): void {
    this.calls.inc({ method, outcome })
    this.waits.observe({ priority }, waitedMs / 1000)
    if (ranMs > 0) this.runs.observe({ method }, ranMs / 1000)
  }

  private addGauges(): void {
    this.addTelegram()
    this.addTotals()
    this.addCoverage()
    this.addDeliveries()
    this.addStates()
  }

  private addTelegram(): void {
    const { queue, floodUntilMs, isConnected, lastHeardAtMs } = this.sources
    this.gauge('tgsentinel_telegram_queue_depth', 'Calls that wait, by priority', ['priority'], () => [
      [{ priority: 'interactive' }, queue().interactive],
      [{ priority: 'background' }, queue().background],
    ])
    const floodWaitS = () => Math.max(0, ((floodUntilMs() ?? 0) - Date.now()) / 1000)
    this.number(
      'tgsentinel_telegram_queue_oldest_wait_seconds',
      'Wait of the oldest call',
      () => queue().oldestWaitMs / 1000,
    )
    this.number(
      'tgsentinel_telegram_flood_wait_seconds',
      'What is left of the wait that Telegram asked for',
      floodWaitS,
    )
    this.number('tgsentinel_telegram_connected', '1 while there is a live connection', () => Number(isConnected()))
    const heardAtS = () => (lastHeardAtMs() ?? 0) / 1000
    this.number('tgsentinel_telegram_last_heard_timestamp_seconds', 'When Telegram was last heard', heardAtS)
  }

  private addTotals(): void {
    const { backlog, totals, internalErrors, databaseBytes } = this.sources
    this.number('tgsentinel_backlog_messages', 'Messages that wait for their score', backlog)
    this.number('tgsentinel_database_bytes', 'Size of the database, without its write-ahead log', databaseBytes)
    this.total('tgsentinel_messages_stored_total', 'Messages that were ever stored', () => totals().messages)
    this.total('tgsentinel_alerts_raised_total', 'Alerts that were ever raised', () => totals().alerts)
    this.total(
      'tgsentinel_internal_errors_total',
      'Errors of this program while it spoke with Telegram',
      internalErrors,
    )
  }

  /** Of watched channels, one by one: how long each has not been confirmed, and within how long it will be. */
  private addCoverage(): void {
    const { coverage, summary, unreadable } = this.sources
    const perChat: [string, string, 'staleness_s' | 'bound_s'][] = [
      ['tgsentinel_chat_staleness_seconds', 'Since a channel was known last to be complete', 'staleness_s'],
      ['tgsentinel_chat_staleness_bound_seconds', 'Within how long a channel is asked again', 'bound_s'],
    ]
    for (const [name, help, field] of perChat)
      this.gauge(name, help, ['chat'], () =>
        coverage()
          .filter((row) => row.bound_s !== null)
          .map((row) => [{ chat: row.chat.id }, row[field] ?? 0]),
      )
    this.gauge('tgsentinel_coverage_gaps', 'Gaps that are not filled, by state', ['state'], () => [
      [{ state: 'open' }, summary().open_gaps],
      [{ state: 'unfillable' }, summary().unfillable_gaps],
    ])
    const help = 'Messages that were seen and could not be read, by chat'
    this.gauge('tgsentinel_unreadable_messages', help, ['chat'], () =>
      unreadable().map(({ chatId, count }) => [{ chat: chatId }, count]),
    )
    this.number('tgsentinel_hearing', '1 while Telegram is heard or asked in time', () => Number(summary().is_hearing))
  }

  private addDeliveries(): void {
    const { deliveries, digests } = this.sources
    const kept = 'Deliveries that are kept, by destination and state'
    this.gauge('tgsentinel_deliveries', kept, ['destination', 'state'], () =>
      deliveries().map(({ destinationId, state, count }) => [{ destination: String(destinationId), state }, count]),
    )
    this.gauge('tgsentinel_digests', '1 for the state that each digest is in', ['digest', 'state'], () =>
      digests().map(({ id, state }) => [{ digest: String(id), state }, 1]),
    )
    const lastRun = 'When each digest ran last'
    this.gauge('tgsentinel_digest_last_run_timestamp_seconds', lastRun, ['digest'], () =>
      digests().flatMap(({ id, last_run: run }) =>
        run ? [[{ digest: String(id) }, Date.parse(run.made_at) / 1000]] : [],
      ),
    )
  }

  private addStates(): void {
    const { status } = this.sources
    this.gauge('tgsentinel_bot', '1 for the state that the chat bot is in', ['state'], () => [
      [{ state: status().bot.state }, 1],
    ])
    this.gauge('tgsentinel_redis', '1 for the state that Redis is in', ['state'], () => [
      [{ state: status().redis }, 1],
    ])
    const { newestBackupAtMs, hasBackupFailed } = this.sources
    const newestAtS = () => (newestBackupAtMs() ?? 0) / 1000
    this.number(
      'tgsentinel_backup_newest_timestamp_seconds',
      'When the newest backup was made; 0: there is none',
      newestAtS,
    )
    this.number('tgsentinel_backup_failed', '1 where the latest backup failed', () => Number(hasBackupFailed()))
    this.gauge('tgsentinel_session_import', '1 for the state of the latest import since the start', ['state'], () => {
      const { import: latest } = status()
      return latest ? [[{ state: latest.state }, 1]] : []
    })
  }

  private number(name: string, help: string, read: () => number): void {
    this.gauge(name, help, [], () => [[{}, read()]])
  }

  private total(name: string, help: string, read: () => number): void {
    addCounter(this.to, name, help, [], () => [[{}, read()]])
  }

  private gauge(name: string, help: string, labelNames: string[], values: Values): void {
    addGauge(this.to, name, help, labelNames, values)
  }
}
