import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import type { DeliveryKind, DeliveryState, HoldReason } from '../model'
import type { StyledText } from '../styled-text'

/** What is told, in a form that every kind of destination makes its own of. */
export interface DeliveryContent {
  /** One line: the subject of a mail, the title of a push. */
  title: string
  body: StyledText
  /** What programs get: `data` of a webhook. */
  data: Record<string, unknown>
}

/** A delivery before it has a row. */
export interface NewDelivery {
  destinationId: number
  kind: DeliveryKind
  /** The same thing enqueued again under the same key makes no second row. */
  dedupeKey: string
  /** Stays the same however often it is sent: what a receiver knows repeats by. */
  messageId: string
  alertId: number | null
  content: DeliveryContent | null
  /** Not before. */
  dueAtMs: number
  createdAtMs: number
}

export interface StoredDelivery extends NewDelivery {
  id: number
  state: DeliveryState
  attempts: number
  /** Why it waits although it could be sent. */
  held: HoldReason | null
  /** Why it is not sent, in words. */
  problem: string | null
  changedAtMs: number
}

export interface DeliveryQuery {
  state?: DeliveryState | undefined
  destinationId?: number | undefined
  /** Only those with a smaller id. */
  beforeId?: number | undefined
  limit: number
}

type Row = Omit<StoredDelivery, 'content'> & { content: string | null }

const SELECT = `
  SELECT id, destination_id AS destinationId, kind, dedupe_key AS dedupeKey, message_id AS messageId, alert_id AS alertId, content,
    state, due_at AS dueAtMs, held, attempts, problem, created_at AS createdAtMs, changed_at AS changedAtMs
  FROM deliveries`

/** The outbox: what is to be sent, and what became of it. */
export class DeliveryTable {
  private readonly insert
  private readonly selectOne
  private readonly selectNext
  private readonly selectLastUnder
  private readonly selectByKey
  private readonly setContent
  private readonly setLease
  private readonly setState
  private readonly setRetry
  private readonly freeLeases
  private readonly setCancelled
  private readonly setReplayed
  private readonly hastenWaiting
  private readonly reviveDead
  private readonly countStates
  private readonly removeOld
  private readonly removeBeyond
  private readonly lists = new Map<string, { all(parameters: object): unknown[] }>()

  constructor(private readonly database: SqliteDatabase) {
    this.insert = database.prepare<[object]>(`
      INSERT INTO deliveries
        (destination_id, kind, dedupe_key, message_id, alert_id, content, state, due_at, created_at, changed_at)
      VALUES (@destinationId, @kind, @dedupeKey, @messageId, @alertId, @content, 'waiting', @dueAtMs, @createdAtMs, @createdAtMs)
      ON CONFLICT (dedupe_key) DO NOTHING`)
    this.selectOne = database.prepare<[number], Row>(`${SELECT} WHERE id = ?`)
    this.selectNext = database.prepare<[number], Row>(`
      ${SELECT} WHERE destination_id = ? AND state IN ('waiting', 'sending') ORDER BY due_at, id LIMIT 1`)
    this.selectLastUnder = database.prepare<[string, string], Row>(
      `${SELECT} WHERE dedupe_key > ? AND dedupe_key < ? ORDER BY id DESC LIMIT 1`,
    )
    this.selectByKey = database.prepare<[string], Row>(`${SELECT} WHERE dedupe_key = ?`)
    this.setContent = database.prepare<[string, number]>('UPDATE deliveries SET content = ? WHERE id = ?')
    this.setLease = database.prepare<[number, number, number]>(
      `UPDATE deliveries SET state = 'sending', held = NULL, due_at = ?, attempts = attempts + 1, changed_at = ? WHERE id = ?`,
    )
    this.setState = database.prepare<[string, string | null, number, number]>(
      `UPDATE deliveries SET state = ?, problem = ?, changed_at = ? WHERE id = ? AND state = 'sending'`,
    )
    this.setRetry = database.prepare<[number, number, string | null, number, number]>(
      `UPDATE deliveries SET state = 'waiting', due_at = ?, attempts = ?, problem = ?, changed_at = ? WHERE id = ? AND state = 'sending'`,
    )
    this.freeLeases = database.prepare<[number]>(
      `UPDATE deliveries SET state = 'waiting', due_at = ? WHERE state = 'sending'`,
    )
    this.setCancelled = database.prepare<[number, number]>(
      `UPDATE deliveries SET state = 'cancelled', held = NULL, changed_at = ? WHERE id = ? AND state IN ('waiting', 'sending', 'dead')`,
    )
    this.setReplayed = database.prepare<[number, number, number]>(
      `UPDATE deliveries SET state = 'waiting', held = NULL, due_at = ?, attempts = 0, changed_at = ? WHERE id = ? AND state <> 'sending'`,
    )
    this.hastenWaiting = database.prepare<[number, number]>(
      `UPDATE deliveries SET due_at = min(due_at, ?) WHERE state = 'waiting' AND held IS NULL AND destination_id = ?`,
    )
    this.reviveDead = database.prepare<[number, number, number]>(
      `UPDATE deliveries SET state = 'waiting', due_at = ?, attempts = 0, changed_at = ? WHERE state = 'dead' AND destination_id = ?`,
    )
    this.countStates = database.prepare<[], { destinationId: number; state: DeliveryState; count: number }>(
      'SELECT destination_id AS destinationId, state, count(*) AS count FROM deliveries GROUP BY destination_id, state',
    )
    this.removeOld = database.prepare<[string, number, number]>(`
      DELETE FROM deliveries WHERE deliveries.id IN (
        SELECT o.id FROM deliveries o WHERE o.state = ? AND o.changed_at < ? LIMIT ?)`)
    this.removeBeyond = database.prepare<[{ state: string; kept: number; limit: number }]>(`
      DELETE FROM deliveries WHERE deliveries.id IN (
        SELECT o.id FROM deliveries o WHERE o.state = @state AND o.id <=
          (SELECT n.id FROM deliveries n WHERE n.state = @state ORDER BY n.id DESC LIMIT 1 OFFSET @kept) LIMIT @limit)`)
  }

  /** The delivery's id, or undefined where the same thing is on its way, or was sent, already. */
  add({ content, ...delivery }: NewDelivery): number | undefined {
    const result = this.insert.run({ ...delivery, content: content && JSON.stringify(content) })
    return result.changes > 0 ? Number(result.lastInsertRowid) : undefined
  }

  find(id: number): StoredDelivery | undefined {
    const row = this.selectOne.get(id)
    return row && toDelivery(row)
  }

  /** What a destination is to be sent next; it may be due later only. */
  next(destinationId: number): StoredDelivery | undefined {
    const row = this.selectNext.get(destinationId)
    return row && toDelivery(row)
  }

  /** The newest of which the dedupe key begins so; `prefix` ends with a colon. */
  lastUnder(prefix: string): StoredDelivery | undefined {
    const row = this.selectLastUnder.get(prefix, `${prefix.slice(0, -1)};`)
    return row && toDelivery(row)
  }

  findByKey(dedupeKey: string): StoredDelivery | undefined {
    const row = this.selectByKey.get(dedupeKey)
    return row && toDelivery(row)
  }

  /** Only for what was not tried yet. */
  rewrite(id: number, content: DeliveryContent): void {
    this.setContent.run(JSON.stringify(content), id)
  }

  /** The newest first, by the key alone. */
  list(query: DeliveryQuery): StoredDelivery[] {
    const filters: string[] = []
    if (query.state !== undefined) filters.push('state = @state')
    if (query.destinationId !== undefined) filters.push('destination_id = @destinationId')
    if (query.beforeId !== undefined) filters.push('id < @beforeId')
    const rows = this.prepare(filters.join(' AND ')).all({ state: null, destinationId: null, beforeId: null, ...query })
    return (rows as Row[]).map(toDelivery)
  }

  /** Takes it on: until then nobody else does. */
  lease(id: number, untilMs: number, atMs: number): void {
    this.setLease.run(untilMs, atMs, id)
  }

  /** Ends what was taken on; one that somebody cancelled meanwhile stays so. */
  end(id: number, state: 'sent' | 'dead', problem: string | null, atMs: number): void {
    this.setState.run(state, problem, atMs, id)
  }

  /** Puts back what was taken on, to be sent at a time. */
  retry(id: number, dueAtMs: number, attempts: number, problem: string | null, atMs: number): void {
    this.setRetry.run(dueAtMs, attempts, problem, atMs, id)
  }

  /** What a process that ended had taken on is due again. */
  releaseLeases(atMs: number): number {
    return this.freeLeases.run(atMs).changes
  }

  /** Whether there was anything to cancel. */
  cancel(id: number, atMs: number): boolean {
    return this.setCancelled.run(atMs, id).changes > 0
  }

  /** Begins anew under the same message id; false while it is being sent. */
  replay(id: number, atMs: number): boolean {
    return this.setReplayed.run(atMs, atMs, id).changes > 0
  }

  /** What waits for a later attempt is due now. */
  hasten(destinationId: number, atMs: number): void {
    this.hastenWaiting.run(atMs, destinationId)
  }

  /** How many dead ones of a destination are sent again. */
  revive(destinationId: number, atMs: number): number {
    return this.reviveDead.run(atMs, atMs, destinationId).changes
  }

  counts(): { destinationId: number; state: DeliveryState; count: number }[] {
    return this.countStates.all()
  }

  /** Forgets those of a state that are older than a moment, and all but the newest `kept`, some at a time: how many went. */
  prune(state: 'sent' | 'dead' | 'cancelled', beforeMs: number, kept: number, limit: number): number {
    return this.removeOld.run(state, beforeMs, limit).changes + this.removeBeyond.run({ state, kept, limit }).changes
  }

  private prepare(where: string) {
    let statement = this.lists.get(where)
    if (!statement) {
      statement = this.database.prepare<[object]>(
        `${SELECT} ${where && `WHERE ${where}`} ORDER BY id DESC LIMIT @limit`,
      )
      this.lists.set(where, statement)
    }
    return statement
  }
}

function toDelivery({ content, ...row }: Row): StoredDelivery {
  return { ...row, content: content === null ? null : (JSON.parse(content) as DeliveryContent) }
}
