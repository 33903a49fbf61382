import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import { CHANNEL_MARK, type MarkedId, type UnreadableMessage } from '../model'

/** Which messages of which chats could not be read, and with which layer that was tried last. */
export class UnreadableTable {
  /** Rows there are; most accounts have none, and are asked for nothing. */
  private rows: number
  /** Goes up with every message that became unreadable or readable: whoever caused that tells of it. */
  revision = 0
  private readonly insert
  private readonly remove
  private readonly removeOutside
  private readonly removeBelow
  private readonly selectRange
  private readonly selectOne
  private readonly selectBeyond
  private readonly selectCounts
  private readonly selectParts
  private readonly selectOlder
  private readonly countRows
  private readonly selectPage

  constructor(
    database: SqliteDatabase,
    /** Of the schema that this program reads by. */
    private readonly layer: number,
  ) {
    this.insert = database.prepare(`
      INSERT INTO unreadable_messages (account_id, chat_id, message_id, sender_id, date, reason, constructor_id, layer, found_at)
      VALUES (@accountId, @chatId, @messageId, @senderId, @date, @reason, @constructorId, @layer, @foundAtMs)
      ON CONFLICT (account_id, chat_id, message_id) DO UPDATE SET layer = excluded.layer, reason = excluded.reason,
        constructor_id = excluded.constructor_id, sender_id = coalesce(excluded.sender_id, sender_id), date = coalesce(excluded.date, date)`)
    this.remove = database.prepare(
      'DELETE FROM unreadable_messages WHERE account_id = ? AND chat_id = ? AND message_id = ?',
    )
    this.removeOutside = database.prepare(
      `DELETE FROM unreadable_messages INDEXED BY unreadable_by_id
       WHERE account_id = ? AND chat_id > ? AND message_id = ?`,
    )
    this.selectOne = database
      .prepare('SELECT 1 FROM unreadable_messages WHERE account_id = ? AND chat_id = ? AND message_id = ?')
      .pluck()
    this.selectRange = database
      .prepare<[number, number, number, number], number>(
        `SELECT message_id FROM unreadable_messages
         WHERE account_id = ? AND chat_id = ? AND message_id BETWEEN ? AND ? ORDER BY message_id`,
      )
      .pluck()
    this.selectBeyond = database.prepare<[number, number, number], { firstId: number | null; upToId: number | null }>(
      `SELECT min(message_id) AS firstId, max(message_id) AS upToId FROM unreadable_messages
       WHERE account_id = ? AND chat_id = ? AND message_id > ?`,
    )
    this.removeBelow = database.prepare(
      'DELETE FROM unreadable_messages WHERE account_id = ? AND chat_id = ? AND message_id < ?',
    )
    this.selectCounts = database.prepare<[number], { chatId: MarkedId; count: number }>(
      'SELECT chat_id AS chatId, count(*) AS count FROM unreadable_messages WHERE account_id = ? GROUP BY chat_id',
    )
    const due =
      'SELECT chat_id AS chatId, message_id AS messageId, reason FROM unreadable_messages WHERE account_id = ?'
    this.selectParts = database.prepare<[number, number], Pick<UnreadableMessage, 'chatId' | 'messageId' | 'reason'>>(
      `${due} AND reason = 'part' ORDER BY chat_id, message_id LIMIT ?`,
    )
    this.selectOlder = database.prepare<
      [number, number, number],
      Pick<UnreadableMessage, 'chatId' | 'messageId' | 'reason'>
    >(`${due} AND layer < ? ORDER BY layer, chat_id, message_id LIMIT ?`)
    this.selectPage = database.prepare<[number, number, number], UnreadableMessage & { foundAtMs: number }>(`
      SELECT chat_id AS chatId, message_id AS messageId, sender_id AS senderId, date, reason, constructor_id AS constructorId,
        found_at AS foundAtMs
      FROM unreadable_messages WHERE account_id = ? AND chat_id = ? ORDER BY message_id DESC LIMIT ?`)
    this.countRows = database.prepare<[], number>('SELECT count(*) FROM unreadable_messages').pluck()
    this.rows = this.countRows.get() ?? 0
  }

  add(accountId: MarkedId, message: UnreadableMessage, foundAtMs: number): void {
    this.insert.run({ ...message, accountId, layer: this.layer, foundAtMs })
    this.rows += 1
    this.revision += 1
  }

  /** A message was read whole, or is no more. `chatId` null: it is in some private chat or basic group. */
  settle(accountId: MarkedId, chatId: MarkedId | null, messageId: number): void {
    if (this.rows === 0) return
    const { changes } =
      chatId !== null
        ? this.remove.run(accountId, chatId, messageId)
        : this.removeOutside.run(accountId, -CHANNEL_MARK, messageId)
    this.revision += changes
  }

  has(accountId: MarkedId, chatId: MarkedId, messageId: number): boolean {
    return this.rows > 0 && this.selectOne.get(accountId, chatId, messageId) !== undefined
  }

  /** The oldest and the newest beyond an id; null where there is none. */
  rangeBeyond(accountId: MarkedId, chatId: MarkedId, afterId: number): { firstId: number; upToId: number } | null {
    const { firstId, upToId } = (this.rows > 0 && this.selectBeyond.get(accountId, chatId, afterId)) || {}
    return firstId != null && upToId != null ? { firstId, upToId } : null
  }

  /** Ids, both ends included. */
  range(accountId: MarkedId, chatId: MarkedId, from: number, to: number): number[] {
    return this.rows > 0 ? this.selectRange.all(accountId, chatId, from, to) : []
  }

  /** By chat. */
  counts(accountId: MarkedId): Map<MarkedId, number> {
    if (this.rows === 0) return new Map()
    return new Map(this.selectCounts.all(accountId).map(({ chatId, count }) => [chatId, count]))
  }

  /** The newest of a chat. */
  of(accountId: MarkedId, chatId: MarkedId, limit: number): (UnreadableMessage & { foundAtMs: number })[] {
    return this.selectPage.all(accountId, chatId, limit)
  }

  /** What may be read now: the rest of messages that came in part first, then what was tried with an older schema only. */
  due(accountId: MarkedId, limit: number): Pick<UnreadableMessage, 'chatId' | 'messageId' | 'reason'>[] {
    if (this.rows === 0) return []
    return [...this.selectParts.all(accountId, limit), ...this.selectOlder.all(accountId, this.layer, limit)]
  }

  /** Messages below one are kept no longer. */
  sweptBelow(accountId: MarkedId, chatId: MarkedId, messageId: number): void {
    if (this.rows > 0) this.removeBelow.run(accountId, chatId, messageId)
  }

  /** To be called when a transaction was rolled back. */
  reload(): void {
    this.rows = this.countRows.get() ?? 0
  }
}
