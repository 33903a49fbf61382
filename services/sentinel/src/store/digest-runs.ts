import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import type { DeliveryState, DigestRun } from '../model'

/** A run before it has a row. */
export interface NewDigestRun {
  digestId: number
  cause: DigestRun['cause']
  /** The slot; by hand: when. */
  atMs: number
  /** What it tells goes so far. */
  upToAlert: number
  upToMessages: number
  fromMs: number
  toMs: number
  alerts: number
  state: DigestRun['state']
  deliveryId: number | null
}

export interface StoredDigestRun extends NewDigestRun {
  id: number
}

const KEPT = 100
const COLUMNS = `r.id, r.digest_id AS digestId, r.cause, r.at AS atMs, r.up_to_alert AS upToAlert, r.up_to_messages AS upToMessages,
    r.from_at AS fromMs, r.to_at AS toMs, r.alerts, r.state, r.delivery_id AS deliveryId`
const SELECT = `SELECT ${COLUMNS} FROM digest_runs r`

/** Each telling of a digest, and what became of it. */
export class DigestRunTable {
  private readonly insert
  private readonly prune
  private readonly selectOf
  private readonly selectOne
  private readonly selectOpen
  private readonly update
  private readonly selectUnderWay

  constructor(database: SqliteDatabase) {
    this.insert = database.prepare<[NewDigestRun]>(`
      INSERT INTO digest_runs (digest_id, cause, at, up_to_alert, up_to_messages, from_at, to_at, alerts, state, delivery_id)
      VALUES (@digestId, @cause, @atMs, @upToAlert, @upToMessages, @fromMs, @toMs, @alerts, @state, @deliveryId)
      ON CONFLICT (digest_id, cause, at) DO NOTHING`)
    this.prune = database.prepare<[number, number]>(`
      DELETE FROM digest_runs WHERE digest_id = ? AND state <> 'on_its_way' AND id <=
        (SELECT id FROM digest_runs WHERE digest_id = ? ORDER BY id DESC LIMIT 1 OFFSET ${KEPT})`)
    this.selectOf = database.prepare<[number, number], StoredDigestRun>(
      `${SELECT} WHERE r.digest_id = ? ORDER BY r.id DESC LIMIT ?`,
    )
    this.selectOne = database.prepare<[number], StoredDigestRun>(`${SELECT} WHERE r.id = ?`)
    this.selectOpen = database.prepare<[], StoredDigestRun & { deliveryState: DeliveryState | null }>(`
      SELECT ${COLUMNS}, d.state AS deliveryState FROM digest_runs r LEFT JOIN deliveries d ON d.id = r.delivery_id
      WHERE r.state IN ('on_its_way', 'not_sent') ORDER BY r.id`)
    this.update = database.prepare<[string, number]>('UPDATE digest_runs SET state = ? WHERE id = ?')
    this.selectUnderWay = database
      .prepare<[number], number>(`SELECT 1 FROM digest_runs WHERE digest_id = ? AND state = 'on_its_way' LIMIT 1`)
      .pluck()
  }

  /** The run's id, or undefined where this slot has run already. */
  add(run: NewDigestRun): number | undefined {
    const { changes, lastInsertRowid } = this.insert.run(run)
    if (changes === 0) return undefined
    this.prune.run(run.digestId, run.digestId)
    return Number(lastInsertRowid)
  }

  /** The newest first. */
  of(digestId: number, limit = KEPT): StoredDigestRun[] {
    return this.selectOf.all(digestId, limit)
  }

  find(id: number): StoredDigestRun | undefined {
    return this.selectOne.get(id)
  }

  /** Those whose telling may still come to something else, each with how its delivery stands; null where that is gone. */
  open(): (StoredDigestRun & { deliveryState: DeliveryState | null })[] {
    return this.selectOpen.all()
  }

  isUnderWay(digestId: number): boolean {
    return this.selectUnderWay.get(digestId) !== undefined
  }

  change(id: number, state: DigestRun['state']): void {
    this.update.run(state, id)
  }
}
