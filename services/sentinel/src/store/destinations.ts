import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import { failure, type DestinationHears, type DestinationTarget, type PushSubscription } from '../model'

/** What is never told again: what the owner gave, and of a webhook the secret that a rotation replaced. */
export interface StoredSecrets {
  token?: string
  password?: string
  url?: string
  urls?: string
  signing_secret?: string
  subscription?: PushSubscription
  former_secret?: string
  /** Unix milliseconds until when the former secret signs, too. */
  former_until?: number
}

/** What somebody may change of a destination. */
export interface DestinationRules {
  name: string
  isEnabled: boolean
  target: DestinationTarget
  secrets: StoredSecrets
  hears: DestinationHears
  templateId: number | null
  ratePerMinute: number
}

/** A destination as it is, and how it goes. */
export interface StoredDestination extends DestinationRules {
  id: number
  revision: number
  createdAtMs: number
  updatedAtMs: number
  /** Why it was switched off by itself. */
  disabledReason: string | null
  /** Its last failure, in words. */
  problem: string | null
  failedAtMs: number | null
  sentAtMs: number | null
  /** In a row. */
  failures: number
  /** It is sent nothing before. */
  pausedUntilMs: number
}

interface Row {
  id: number
  revision: number
  name: string
  is_enabled: number
  target: string
  secrets: string
  hears: string
  template_id: number | null
  rate_per_minute: number
  created_at: number
  updated_at: number
  disabled_reason: string | null
  problem: string | null
  failed_at: number | null
  sent_at: number | null
  failures: number
  paused_until: number
}

export class DestinationTable {
  private readonly selectAll
  private readonly selectOne
  private readonly insert
  private readonly update
  private readonly remove
  private readonly setSuccess
  private readonly setFailure
  private readonly setPause
  private readonly setDisabled
  private readonly count

  constructor(database: SqliteDatabase) {
    this.selectAll = database.prepare<[], Row>('SELECT * FROM destinations ORDER BY id')
    this.selectOne = database.prepare<[number], Row>('SELECT * FROM destinations WHERE id = ?')
    this.count = database.prepare<[], number>('SELECT count(*) FROM destinations').pluck()
    this.insert = database.prepare<[object]>(`
      INSERT INTO destinations (name, is_enabled, target, secrets, hears, template_id, rate_per_minute, created_at, updated_at)
      VALUES (@name, @isEnabled, @target, @secrets, @hears, @templateId, @ratePerMinute, @atMs, @atMs)`)
    // Whoever changes it gives it another try at once.
    this.update = database.prepare<[object]>(`
      UPDATE destinations SET name = @name, is_enabled = @isEnabled, target = @target, secrets = @secrets, hears = @hears,
        template_id = @templateId, rate_per_minute = @ratePerMinute, updated_at = @atMs, revision = revision + 1,
        disabled_reason = iif(@isEnabled, NULL, disabled_reason), failures = 0, paused_until = 0
      WHERE id = @id`)
    this.remove = database.prepare<[number]>('DELETE FROM destinations WHERE id = ?')
    this.setSuccess = database.prepare<[number, number]>(
      'UPDATE destinations SET sent_at = ?, failures = 0, paused_until = 0 WHERE id = ?',
    )
    this.setFailure = database.prepare<[string, number, number]>(
      'UPDATE destinations SET problem = ?, failed_at = ?, failures = failures + 1 WHERE id = ?',
    )
    this.setPause = database.prepare<[number, number]>('UPDATE destinations SET paused_until = ? WHERE id = ?')
    this.setDisabled = database.prepare<[string, number]>(
      'UPDATE destinations SET is_enabled = 0, disabled_reason = ?, revision = revision + 1 WHERE id = ?',
    )
  }

  list(): StoredDestination[] {
    return this.selectAll.all().map(toDestination)
  }

  get size(): number {
    return this.count.get() ?? 0
  }

  find(id: number): StoredDestination | undefined {
    const row = this.selectOne.get(id)
    return row && toDestination(row)
  }

  /** @throws ApiError CONFLICT when another destination has the name */
  add(rules: DestinationRules, atMs: number): number {
    const { lastInsertRowid } = refusingTakenName(rules.name, () => this.insert.run(columnsOf(rules, atMs)))
    return Number(lastInsertRowid)
  }

  /** @throws ApiError CONFLICT when another destination has the name */
  replace(id: number, rules: DestinationRules, atMs: number): void {
    refusingTakenName(rules.name, () => this.update.run({ id, ...columnsOf(rules, atMs) }))
  }

  /** Its deliveries go with it. */
  delete(id: number): boolean {
    return this.remove.run(id).changes > 0
  }

  succeeded(id: number, atMs: number): void {
    this.setSuccess.run(atMs, id)
  }

  failed(id: number, problem: string, atMs: number): void {
    this.setFailure.run(problem, atMs, id)
  }

  pause(id: number, untilMs: number): void {
    this.setPause.run(untilMs, id)
  }

  disable(id: number, reason: string): void {
    this.setDisabled.run(reason, id)
  }
}

function columnsOf({ isEnabled, target, secrets, hears, ...rules }: DestinationRules, atMs: number): object {
  const [targetText, secretsText, hearsText] = [target, secrets, hears].map((part) => JSON.stringify(part))
  return { ...rules, isEnabled: Number(isEnabled), target: targetText, secrets: secretsText, hears: hearsText, atMs }
}

function toDestination(row: Row): StoredDestination {
  const { id, revision, name, problem, failures } = row
  return {
    ...{ id, revision, name, problem, failures },
    isEnabled: row.is_enabled === 1,
    target: JSON.parse(row.target) as DestinationTarget,
    secrets: JSON.parse(row.secrets) as StoredSecrets,
    hears: JSON.parse(row.hears) as DestinationHears,
    templateId: row.template_id,
    ratePerMinute: row.rate_per_minute,
    createdAtMs: row.created_at,
    updatedAtMs: row.updated_at,
    disabledReason: row.disabled_reason,
    failedAtMs: row.failed_at,
    sentAtMs: row.sent_at,
    pausedUntilMs: row.paused_until,
  }
}

function refusingTakenName<T>(name: string, write: () => T): T {
  try {
    return write()
  } catch (error) {
    if ((error as { code?: string }).code !== 'SQLITE_CONSTRAINT_UNIQUE') throw error
    throw failure('CONFLICT', `A destination named "${name}" exists. Choose another name.`, error)
  }
}
