import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import type { MarkedId } from '../model'

/** A stored message as a sweep sees it. */
export interface Sweepable {
  row: number
  accountId: MarkedId
  chatId: MarkedId
  messageId: number
  /** Unix seconds. */
  date: number
  textBytes: number
  groupedId: string | null
  /** An alert points to it. */
  isAlerted: boolean
}

export interface ChatPlace {
  accountId: MarkedId
  chatId: MarkedId
}

type Row = Omit<Sweepable, 'isAlerted'> & { isAlerted: number }

const SELECT = `
  SELECT m.id AS row, m.account_id AS accountId, m.chat_id AS chatId, m.message_id AS messageId, m.date,
    octet_length(m.text) AS textBytes, m.grouped_id AS groupedId,
    EXISTS (SELECT 1 FROM alerts a WHERE a.message_row = m.id) AS isAlerted
  FROM messages m`

/** Which messages are the oldest, and their end. */
export class SweepTable {
  private readonly selectOldest
  private readonly selectBelow
  private readonly selectDocuments
  private readonly selectParts
  private readonly deleteRow

  constructor(database: SqliteDatabase) {
    // What is not in the index yet waits for the next sweep; `+` keeps the order of message ids.
    this.selectOldest = database.prepare<[ChatPlace & { after: number; upTo: number; limit: number }], Row>(`
      ${SELECT} WHERE m.account_id = @accountId AND m.chat_id = @chatId AND m.message_id > @after AND +m.id <= @upTo
      ORDER BY m.message_id LIMIT @limit`)
    this.selectBelow = database
      .prepare<[ChatPlace & { below: number; skip: number }], number>(
        `SELECT message_id FROM messages WHERE account_id = @accountId AND chat_id = @chatId AND message_id < @below
         ORDER BY message_id DESC LIMIT 1 OFFSET @skip`,
      )
      .pluck()
    this.selectDocuments = database.prepare<[number, number], { searchId: number; row: number }>(`
      SELECT search_id AS searchId, message_row AS row FROM search_rows
      WHERE search_id > CAST(? AS INTEGER) ORDER BY search_id LIMIT ?`)
    this.selectParts = database.prepare<[{ row: number }], Row>(`
      ${SELECT} WHERE m.id IN (
        SELECT @row UNION SELECT p.id FROM messages f CROSS JOIN messages p
          ON p.chat_id = f.chat_id AND p.grouped_id = f.grouped_id AND +p.account_id = f.account_id WHERE f.id = @row)`)
    this.deleteRow = database.prepare('DELETE FROM messages WHERE id = ?')
  }

  /** The oldest of a chat beyond a message id; rows beyond `upTo` are left out. */
  oldest(place: ChatPlace, after: number, upTo: number, limit: number): Sweepable[] {
    return this.selectOldest.all({ ...place, after, upTo, limit }).map(sweepableOf)
  }

  /** Id of the message that has `skip` newer ones below `below`; undefined where there are not so many. */
  idBelow(place: ChatPlace, below: number, skip: number): number | undefined {
    return this.selectBelow.get({ ...place, below, skip })
  }

  /** The oldest of all chats, as the index has them: a message, or an album by one of its parts. */
  oldestDocuments(after: number, limit: number): { searchId: number; row: number }[] {
    return this.selectDocuments.all(after, limit)
  }

  /** A message, or all parts of its album. */
  parts(row: number): Sweepable[] {
    return this.selectParts.all({ row }).map(sweepableOf)
  }

  /** With its earlier versions and counts. */
  delete(row: number): void {
    this.deleteRow.run(row)
  }
}

function sweepableOf(row: Row): Sweepable {
  return { ...row, isAlerted: row.isAlerted === 1 }
}
