import type { Logger } from '@tgsentinel/kernel/log'
import { SECOND } from '@tgsentinel/kernel/time'
import type { Alert, DigestRun, Stats } from '../model'
import type { CallOptions, SentinelClient } from '../sentinel/sentinel-client'
import { KEPT_ALERTS } from '../store/alert-cache'
import type { Store } from '../store/store'

const SOON_MS = SECOND
const ALERTS_A_PAGE = 100
const KEPT_RUNS = 20

export interface ReadingParts {
  client: SentinelClient
  store: Store
  log: Logger
  /** Of each call. */
  options: CallOptions
  /** There are fewer alerts than there were. */
  onErased: () => void
}

/** Reads from the sentinel what is kept of it; each part replaces what was kept in one transaction. */
export class Reading {
  private readonly soon = new Map<string, NodeJS.Timeout>()
  private underWay: Promise<unknown> = Promise.resolve()
  private totalAlerts = 0

  constructor(private readonly parts: ReadingParts) {}

  /** @throws ApiError when something of it cannot be read; what was read until then is kept */
  all(): Promise<void> {
    return this.inTurn(async () => {
      const { client, store, options } = this.parts
      const status = await client.getStatus(options)
      const alerts = await this.alerts()
      store.transaction(() => {
        store.settings.set('sentinel_status', JSON.stringify(status))
        store.alerts.replaceAll(alerts)
      })
      this.keep(await client.getStats(options))
      await this.digests()
    })
  }

  /** Not put off by what happens next: a steady stream of alerts is counted as it goes. */
  statsSoon(): void {
    this.doSoon('stats', async () => {
      const stats = await this.parts.client.getStats(this.parts.options)
      const areErased = stats.total_alerts < this.totalAlerts
      this.keep(stats)
      if (areErased) this.parts.onErased()
    })
  }

  digestsSoon(): void {
    this.doSoon('digests', () => this.digests())
  }

  /** Waits for what is under way, whose signal has ended. */
  async close(): Promise<void> {
    for (const timer of this.soon.values()) clearTimeout(timer)
    this.soon.clear()
    await this.underWay
  }

  private doSoon(name: string, work: () => Promise<void>): void {
    if (this.soon.has(name)) return
    const run = () => {
      this.soon.delete(name)
      this.inTurn(work).catch((error: Error) => this.parts.log.debug({ reason: error.message }, `${name} not read`))
    }
    this.soon.set(name, setTimeout(run, SOON_MS).unref())
  }

  /** One after the other, so that none overwrites what a later one read. */
  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.underWay.then(work)
    this.underWay = done.catch(() => undefined)
    return done
  }

  private async alerts(): Promise<Alert[]> {
    const alerts: Alert[] = []
    let cursor: string | null = null
    do {
      const page = await this.parts.client.listAlerts(ALERTS_A_PAGE, cursor, this.parts.options)
      alerts.push(...page.alerts)
      cursor = page.next_cursor
    } while (cursor !== null && alerts.length < KEPT_ALERTS)
    return alerts
  }

  private keep(stats: Stats): void {
    this.totalAlerts = stats.total_alerts
    this.parts.store.settings.set('sentinel_stats', JSON.stringify(stats))
  }

  private async digests(): Promise<void> {
    const { client, store, options } = this.parts
    const digests = await client.listDigests(options)
    const timeZone = await client.getTimeZone(options)
    const runs = new Map<number, DigestRun[]>()
    for (const { id } of digests) runs.set(id, (await client.listDigestRuns(id, options)).slice(0, KEPT_RUNS))
    store.transaction(() => {
      store.settings.set('sentinel_digests', JSON.stringify(digests))
      store.settings.set('sentinel_time_zone', JSON.stringify(timeZone))
      store.digestRuns.replaceAll(runs)
    })
  }
}
