import type { HttpTally } from '@tgsentinel/kernel/http-tally'
import { addCounter, addGauge, openRegistry, type MetricRegistry } from '@tgsentinel/kernel/process-metrics'

export interface MetricSources {
  http: HttpTally
  isSentinelReachable: () => boolean
  databaseBytes: () => number
  /** Pages that follow the events. */
  streams: () => number
}

/** Numbers for Prometheus: requests, uploads, whether the sentinel is there. */
export class Metrics {
  private loading: Promise<MetricRegistry> | null = null
  private readonly uploads = new Map<string, number>()

  constructor(private readonly sources: MetricSources) {}

  /** Counts an upload that has ended: `authorized`, or the code of its failure. */
  upload(outcome: string): void {
    this.uploads.set(outcome, (this.uploads.get(outcome) ?? 0) + 1)
  }

  /** In Prometheus' text format. */
  async render(): Promise<string> {
    this.loading ??= this.open()
    return (await (await this.loading).registry.metrics()) + this.sources.http.render()
  }

  private async open(): Promise<MetricRegistry> {
    const { isSentinelReachable, databaseBytes, streams } = this.sources
    const to = await openRegistry()
    const number = (name: string, help: string, read: () => number) =>
      addGauge(to, name, help, [], () => [[{}, read()]])
    number('tgsentinel_ui_sentinel_reachable', '1 while the sentinel is heard', () => Number(isSentinelReachable()))
    number('tgsentinel_ui_database_bytes', 'Size of the database, without its write-ahead log', databaseBytes)
    number('tgsentinel_ui_event_streams', 'Pages and programs that follow the events', streams)
    addCounter(to, 'tgsentinel_ui_uploads_total', 'Uploads of a session that have ended, by outcome', ['outcome'], () =>
      [...this.uploads].map(([outcome, count]) => [{ outcome }, count]),
    )
    return to
  }
}
