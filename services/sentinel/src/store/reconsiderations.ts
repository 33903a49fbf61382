import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import { STORED_COLUMNS, STORED_JOINS, type StoredMessage } from './messages'

/** A message that was scored, and of which something became another since. */
export interface Reconsideration {
  /** As it is by now. */
  message: StoredMessage
  /** Before the edits that nobody has looked at yet; null where there were none. */
  former: Pick<StoredMessage, 'text' | 'flags' | 'media'> | null
  /** Unix seconds; null where it is not deleted. */
  deletedAt: number | null
}

interface Row extends StoredMessage {
  deletedAt: number | null
  formerText: string | null
  formerFlags: number
  formerMedia: string | null
}

/**
 * Messages that are to be looked at again. A trigger notes what is edited or deleted, in the transaction that does it; whoever looks at
 * one takes it out in the transaction that writes what comes of it.
 */
export class ReconsiderationTable {
  private readonly selectDue
  private readonly insert
  private readonly insertAnswered
  private readonly clearEdits
  private readonly remove
  private readonly countAll
  private readonly selectFirst

  constructor(database: SqliteDatabase) {
    this.selectDue = database.prepare<[number, number], Row>(`
      SELECT ${STORED_COLUMNS}, m.edited_at AS editedAt, m.deleted_at AS deletedAt, r.former_text AS formerText,
        r.former_flags AS formerFlags, r.former_media AS formerMedia
      FROM reconsiderations r CROSS JOIN messages m ON m.id = r.message_row ${STORED_JOINS}
      WHERE r.message_row <= ? ORDER BY r.message_row LIMIT ?`)
    this.insert = database.prepare<[number]>(
      'INSERT INTO reconsiderations (message_row) VALUES (?) ON CONFLICT DO NOTHING',
    )
    this.insertAnswered = database.prepare<[number]>(`
      INSERT INTO reconsiderations (message_row) SELECT a.id FROM messages m CROSS JOIN messages a
        ON a.account_id = m.account_id AND a.chat_id = m.chat_id AND a.message_id = m.reply_to_id
      WHERE m.id = ? ON CONFLICT DO NOTHING`)
    this.clearEdits = database.prepare<[number, number]>(
      'UPDATE reconsiderations SET former_text = NULL WHERE message_row > ? AND message_row <= ?',
    )
    this.remove = database.prepare<[number]>('DELETE FROM reconsiderations WHERE message_row = ?')
    this.selectFirst = database
      .prepare<[], number>('SELECT message_row FROM reconsiderations ORDER BY message_row LIMIT 1')
      .pluck()
    this.countAll = database.prepare<[], number>('SELECT count(*) FROM reconsiderations').pluck()
  }

  /** Of rows up to one: those beyond it were not scored yet. */
  due(upToRow: number, limit: number): Reconsideration[] {
    return this.selectDue
      .all(upToRow, limit)
      .map(({ deletedAt, formerText, formerFlags, formerMedia, ...message }) => ({
        message,
        former: formerText === null ? null : { text: formerText, flags: formerFlags, media: formerMedia },
        deletedAt,
      }))
  }

  note(row: number): void {
    this.insert.run(row)
  }

  /** The message that this one answers, where it is stored. */
  noteAnswered(row: number): void {
    this.insertAnswered.run(row)
  }

  /** Rows beyond `afterRow`, up to another, are scored as they are by now: what they said before was never told to anybody. */
  forgetEdits(afterRow: number, upToRow: number): void {
    this.clearEdits.run(afterRow, upToRow)
  }

  done(row: number): void {
    this.remove.run(row)
  }

  isEmpty(): boolean {
    return this.selectFirst.get() === undefined
  }

  count(): number {
    return this.countAll.get() ?? 0
  }
}
