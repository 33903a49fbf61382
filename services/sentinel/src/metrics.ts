import type { ChatCoverage, CoverageSummary } from './model'
import type { CallReport, QueueState } from './telegram/call-queue'
import type { Counter, Gauge, Histogram, Registry } from 'prom-client'

type Prometheus = typeof import('prom-client')

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

  constructor(private readonly sources: MetricSources) {}

  /** Counts a call that left the queue. */
  call(report: CallReport): void {
    if (this.series) return this.series.count(report)
    this.early.push(report)
    if (this.early.length > MAX_EARLY) void this.load()
  }

  /** In Prometheus' text format. */
  async render(): Promise<string> {
    const series = await this.load()
    return series.registry.metrics()
  }

  private load(): Promise<Series> {
    this.loading ??= import('prom-client').then((prometheus) => {
      this.series = new Series(prometheus, this.sources)
      for (const report of this.early) this.series.count(report)
      this.early = []
      return this.series
    })
    return this.loading
  }
}

class Series {
  readonly registry: Registry
  private readonly calls: Counter<'method' | 'outcome'>
  private readonly waits: Histogram<'priority'>
  private readonly runs: Histogram<'method'>

  constructor(
    private readonly prometheus: Prometheus,
    private readonly sources: MetricSources,
  ) {
    this.registry = new prometheus.Registry()
    const registers = [this.registry]
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
    const { queue, floodUntilMs, isConnected, backlog, lastHeardAtMs, totals } = this.sources
    this.gauge('tgsentinel_telegram_queue_depth', 'Calls that wait, by priority', ['priority'], (gauge) => {
      gauge.set({ priority: 'interactive' }, queue().interactive)
      gauge.set({ priority: 'background' }, queue().background)
    })
    const simple: [string, string, () => number][] = [
      ['tgsentinel_telegram_queue_oldest_wait_seconds', 'Wait of the oldest call', () => queue().oldestWaitMs / 1000],
      [
        'tgsentinel_telegram_flood_wait_seconds',
        'What is left of the wait that Telegram asked for',
        () => Math.max(0, ((floodUntilMs() ?? 0) - Date.now()) / 1000),
      ],
      ['tgsentinel_telegram_connected', '1 while there is a live connection', () => (isConnected() ? 1 : 0)],
      [
        'tgsentinel_telegram_last_heard_timestamp_seconds',
        'When Telegram was last heard',
        () => (lastHeardAtMs() ?? 0) / 1000,
      ],
      [
        'tgsentinel_internal_errors',
        'Errors of this program while it spoke with Telegram',
        () => this.sources.internalErrors(),
      ],
      ['tgsentinel_backlog_messages', 'Messages that wait for their score', backlog],
      ['tgsentinel_messages_stored', 'Messages that were ever stored', () => totals().messages],
      ['tgsentinel_alerts_raised', 'Alerts that were ever raised', () => totals().alerts],
    ]
    for (const [name, help, read] of simple) this.gauge(name, help, [], (gauge) => gauge.set(read()))
    this.addCoverage()
    this.addDeliveries()
  }

  /** Of watched channels, one by one: how long each has not been confirmed, and within how long it will be. */
  private addCoverage(): void {
    const { coverage, summary } = this.sources
    const perChat: [string, string, 'staleness_s' | 'bound_s'][] = [
      ['tgsentinel_chat_staleness_seconds', 'Since a channel was known last to be complete', 'staleness_s'],
      ['tgsentinel_chat_staleness_bound_seconds', 'Within how long a channel is asked again', 'bound_s'],
    ]
    for (const [name, help, field] of perChat)
      this.gauge(name, help, ['chat'], (gauge) => {
        gauge.reset()
        for (const row of coverage()) if (row.bound_s !== null) gauge.set({ chat: row.chat.id }, row[field] ?? 0)
      })
    this.gauge('tgsentinel_coverage_gaps', 'Gaps that are not filled, by state', ['state'], (gauge) => {
      gauge.set({ state: 'open' }, summary().open_gaps)
      gauge.set({ state: 'unfillable' }, summary().unfillable_gaps)
    })
    const name = 'tgsentinel_unreadable_messages'
    this.gauge(name, 'Messages that were seen and could not be read, by chat', ['chat'], (gauge) => {
      gauge.reset()
      for (const { chatId, count } of this.sources.unreadable()) gauge.set({ chat: chatId }, count)
    })
    this.gauge('tgsentinel_hearing', '1 while Telegram is heard or asked in time', [], (gauge) =>
      gauge.set(summary().is_hearing ? 1 : 0),
    )
  }

  private addDeliveries(): void {
    const name = 'tgsentinel_deliveries'
    this.gauge(name, 'Deliveries that are kept, by destination and state', ['destination', 'state'], (gauge) => {
      gauge.reset()
      for (const { destinationId, state, count } of this.sources.deliveries())
        gauge.set({ destination: String(destinationId), state }, count)
    })
  }

  private gauge(name: string, help: string, labelNames: string[], fill: (gauge: Gauge) => void): void {
    new this.prometheus.Gauge({
      name,
      help,
      labelNames,
      registers: [this.registry],
      collect() {
        fill(this)
      },
    })
  }
}
