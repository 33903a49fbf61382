import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import type { HoldReason } from '../model'
import type { DeliveryContent } from './deliveries'

/** One that a cap held back, and the alert that it tells of. */
export interface CappedDelivery {
  id: number
  alertId: number
}

/** Deliveries that wait because their owner is not to be disturbed. */
export class HeldDeliveryTable {
  private readonly setHeld
  private readonly releaseAll
  private readonly countHeld
  private readonly countTold
  private readonly selectCapped
  private readonly setContent
  private readonly setTogether

  constructor(database: SqliteDatabase) {
    this.setHeld = database.prepare<[string, number, number, number]>(
      `UPDATE deliveries SET held = ?, due_at = ?, changed_at = ? WHERE id = ? AND state = 'waiting'`,
    )
    this.releaseAll = database.prepare<[number]>(
      `UPDATE deliveries SET held = NULL, due_at = ? WHERE held IS NOT NULL AND state = 'waiting'`,
    )
    this.countHeld = database.prepare<[], number>('SELECT count(*) FROM deliveries WHERE held IS NOT NULL').pluck()
    this.countTold = database
      .prepare<[number, number, number], number>(
        `SELECT count(*) FROM deliveries d JOIN alert_profiles f ON f.alert_id = d.alert_id
          WHERE d.destination_id = ? AND d.kind = 'alert' AND d.state = 'sent' AND d.changed_at >= ? AND f.profile_id = ?`,
      )
      .pluck()
    this.selectCapped = database.prepare<[number, number, number], CappedDelivery>(`
      SELECT d.id, d.alert_id AS alertId FROM deliveries d JOIN alert_profiles f ON f.alert_id = d.alert_id
      WHERE d.destination_id = ? AND d.kind = 'alert' AND d.held = 'cap' AND d.state = 'waiting' AND d.due_at <= ? AND f.profile_id = ? ORDER BY d.id`)
    this.setContent = database.prepare<[string, number, number]>(
      'UPDATE deliveries SET content = ?, held = NULL, changed_at = ? WHERE id = ?',
    )
    this.setTogether = database.prepare<[string, number, number]>(
      `UPDATE deliveries SET state = 'cancelled', held = NULL, problem = ?, changed_at = ? WHERE id = ? AND state = 'waiting'`,
    )
  }

  /** Until then nobody looks at it again. */
  hold(id: number, reason: HoldReason, untilMs: number, atMs: number): void {
    this.setHeld.run(reason, untilMs, atMs, id)
  }

  /** All are looked at again: the rules are others. */
  release(atMs: number): void {
    this.releaseAll.run(atMs)
  }

  count(): number {
    return this.countHeld.get() ?? 0
  }

  /** How many alerts of a profile a destination was told since a moment. */
  told(destinationId: number, profileId: number, sinceMs: number): number {
    return this.countTold.get(destinationId, sinceMs, profileId) ?? 0
  }

  /** Those whose time is over, oldest first. */
  capped(destinationId: number, profileId: number, nowMs: number): CappedDelivery[] {
    return this.selectCapped.all(destinationId, nowMs, profileId)
  }

  /** In the caller's transaction: the first tells of all, the others end. */
  join([first, ...others]: readonly CappedDelivery[], content: DeliveryContent, atMs: number): void {
    if (!first) return
    this.setContent.run(JSON.stringify(content), atMs, first.id)
    for (const { id } of others) this.setTogether.run(`Told together with others, by delivery ${first.id}.`, atMs, id)
  }
}
