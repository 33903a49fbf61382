import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import type { Cursor } from '../intake'

/** Where each box of updates stands; never goes backwards, but where Telegram itself began to count anew. */
export class CursorTable {
  private readonly upsert
  private readonly replace
  private readonly select

  constructor(database: SqliteDatabase) {
    this.upsert = database.prepare(`
      INSERT INTO cursors (account_id, box, pts, qts, date, seq) VALUES (?, @box, @pts, @qts, @date, @seq)
      ON CONFLICT (account_id, box) DO UPDATE SET
        pts = max(pts, excluded.pts), qts = max(qts, excluded.qts), date = max(date, excluded.date), seq = max(seq, excluded.seq)`)
    this.replace = database.prepare(
      'INSERT OR REPLACE INTO cursors (account_id, box, pts, qts, date, seq) VALUES (?, @box, @pts, @qts, @date, @seq)',
    )
    this.select = database.prepare<[number], Cursor>(
      'SELECT box, pts, qts, date, seq FROM cursors WHERE account_id = ? ORDER BY box',
    )
  }

  advance(accountId: number, cursor: Cursor): void {
    const { isReset, ...row } = cursor
    if (isReset) this.replace.run(accountId, row)
    else this.upsert.run(accountId, row)
  }

  list(accountId: number): Cursor[] {
    return this.select.all(accountId)
  }
}
