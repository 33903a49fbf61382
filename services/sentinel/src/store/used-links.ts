import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'

/** Links of notifications that were used: each works once. */
export class UsedLinkTable {
  private readonly insert
  private readonly select
  private readonly remove

  constructor(database: SqliteDatabase) {
    this.insert = database.prepare<[Buffer, number]>('INSERT INTO used_links VALUES (?, ?) ON CONFLICT DO NOTHING')
    this.select = database.prepare<[Buffer], number>('SELECT 1 FROM used_links WHERE signature = ?').pluck()
    this.remove = database.prepare<[number]>('DELETE FROM used_links WHERE expires_at <= ?')
  }

  /** False where it was used before. */
  use(signature: Buffer, expiresAtMs: number): boolean {
    return this.insert.run(signature, expiresAtMs).changes > 0
  }

  has(signature: Buffer): boolean {
    return this.select.get(signature) !== undefined
  }

  /** Those that have ended by themselves. */
  prune(nowMs: number): void {
    this.remove.run(nowMs)
  }
}
