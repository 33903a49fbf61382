import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import type { Alert, MessageChange } from '../model'

export const KEPT_ALERTS = 500
/** As many changes of a message as the sentinel tells of. */
const KEPT_CHANGES = 10

interface Row {
  alert: string
}

/** The newest alerts as the sentinel told them last. */
export class AlertCache {
  private readonly upsert
  private readonly select
  private readonly selectBelow
  private readonly remove
  private readonly prune

  constructor(database: SqliteDatabase) {
    this.upsert = database.prepare<[number, string]>(
      'INSERT INTO alerts (id, alert) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET alert = excluded.alert',
    )
    this.select = database.prepare<[number], Row>('SELECT alert FROM alerts WHERE id = ?')
    this.selectBelow = database.prepare<[number], Row>('SELECT alert FROM alerts WHERE id < ? ORDER BY id DESC')
    this.remove = database.prepare<[number]>('DELETE FROM alerts WHERE id > ?')
    this.prune = database.prepare<[number]>(
      'DELETE FROM alerts WHERE id <= (SELECT id FROM alerts ORDER BY id DESC LIMIT 1 OFFSET ?)',
    )
  }

  /** All at once; runs in the caller's transaction. */
  replaceAll(alerts: readonly Alert[]): void {
    this.remove.run(0)
    for (const alert of alerts) this.write(alert)
  }

  /** The oldest goes when there are too many. */
  put(alert: Alert): void {
    this.write(alert)
    this.prune.run(KEPT_ALERTS)
  }

  /** Nothing where it is not kept. */
  change(id: number, part: Partial<Alert>): void {
    const alert = this.find(id)
    if (alert) this.write({ ...alert, ...part })
  }

  /** One more of its message. */
  addChange(id: number, change: MessageChange): void {
    const alert = this.find(id)
    if (!alert) return
    const others = alert.changes.filter((known) => known.id !== change.id)
    this.write({ ...alert, changes: [...others, change].slice(-KEPT_CHANGES) })
  }

  /** Newest first, from below an id on. */
  *below(id: number): Generator<Alert> {
    for (const row of this.selectBelow.all(id)) yield JSON.parse(row.alert) as Alert
  }

  private find(id: number): Alert | undefined {
    const row = this.select.get(id)
    return row && (JSON.parse(row.alert) as Alert)
  }

  private write(alert: Alert): void {
    this.upsert.run(alert.id, JSON.stringify(alert))
  }
}
