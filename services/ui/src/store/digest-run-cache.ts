import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import type { DigestRun } from '../model'

/** The newest runs of each digest as the sentinel told them last. */
export class DigestRunCache {
  private readonly insert
  private readonly select
  private readonly remove

  constructor(database: SqliteDatabase) {
    this.insert = database.prepare<[number, number, string]>(
      'INSERT OR REPLACE INTO digest_runs (id, digest_id, run) VALUES (?, ?, ?)',
    )
    this.select = database.prepare<[number], { run: string }>(
      'SELECT run FROM digest_runs WHERE digest_id = ? ORDER BY id DESC',
    )
    this.remove = database.prepare<[number]>('DELETE FROM digest_runs WHERE id > ?')
  }

  /** All at once, by digest; runs in the caller's transaction. */
  replaceAll(runs: ReadonlyMap<number, readonly DigestRun[]>): void {
    this.remove.run(0)
    for (const [digestId, own] of runs) for (const run of own) this.insert.run(run.id, digestId, JSON.stringify(run))
  }

  /** Newest first. */
  of(digestId: number): DigestRun[] {
    return this.select.all(digestId).map(({ run }) => JSON.parse(run) as DigestRun)
  }
}
