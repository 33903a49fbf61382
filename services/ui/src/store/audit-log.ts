import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import { isoMoment } from '@tgsentinel/kernel/time'
import type { AuditAction, AuditEntry } from '../model'

const KEPT = 10_000
const SHOWN = 200

interface Row {
  id: number
  at: number
  action: AuditAction
  detail: string
  address: string
}

export class AuditLog {
  private readonly insert
  private readonly latest
  private readonly prune

  constructor(database: SqliteDatabase) {
    this.insert = database.prepare<[number, string, string, string]>(
      'INSERT INTO audit_log (at, action, detail, address) VALUES (?, ?, ?, ?)',
    )
    this.latest = database.prepare<[number], Row>(
      'SELECT id, at, action, detail, address FROM audit_log ORDER BY id DESC LIMIT ?',
    )
    this.prune = database.prepare<[number | bigint]>('DELETE FROM audit_log WHERE id <= ?')
  }

  add(action: AuditAction, detail: string, address: string): void {
    const { lastInsertRowid } = this.insert.run(Date.now(), action, detail, address)
    this.prune.run(Number(lastInsertRowid) - KEPT)
  }

  list(): AuditEntry[] {
    return this.latest.all(SHOWN).map((row) => ({ ...row, at: isoMoment(row.at) }))
  }
}
