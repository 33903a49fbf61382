import type { Backups } from '@tgsentinel/backup/backups'
import type { Alerts } from './alerts'
import type { Ingestion } from './ingestion/ingestion'
import type { Ledger } from './ledger'
import type { MetricSources } from './metrics'
import type { StatusBoard } from './status'
import type { Store } from './store/store'
import type { Telegram } from './telegram/telegram'
import type { Telling } from './telling'

interface BuiltLater {
  ledger: () => Ledger
  status: () => StatusBoard
  digests: () => Telling['digests']
  backups: () => Backups
}

/** What is measured, read when somebody asks. */
export function metricSources(
  telegram: Telegram,
  ingestion: Ingestion,
  alerts: Alerts,
  store: Store,
  { ledger, status, digests, backups }: BuiltLater,
): MetricSources {
  return {
    queue: () => telegram.queue.state,
    floodUntilMs: () => telegram.queue.floodWait?.untilMs ?? null,
    isConnected: () => telegram.snapshot.isConnected,
    backlog: () => ingestion.backlog + alerts.backlog,
    lastHeardAtMs: () => telegram.snapshot.lastHeardAtMs,
    totals: () => store.traffic.allTotals(),
    coverage: () => ledger().watched,
    summary: () => ledger().summary,
    deliveries: () => store.deliveries.counts(),
    unreadable: () =>
      ledger()
        .watched.filter(({ unreadable }) => unreadable > 0)
        .map(({ chat, unreadable }) => ({ chatId: chat.id, count: unreadable })),
    internalErrors: () => telegram.internal.count,
    digests: () => digests().list(),
    status: () => status().read(true),
    newestBackupAtMs: () => backups().newestAtMs,
    hasBackupFailed: () => backups().latest.state === 'failed',
    databaseBytes: () => {
      const { total, sizeBytes } = store.space.pages()
      return total * sizeBytes
    },
  }
}
