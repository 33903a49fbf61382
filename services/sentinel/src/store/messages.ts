import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import type { ChatKind, MarkedId, Message } from '../model'

/** A message with its row and what scoring has to know of its chat and sender. */
export interface StoredMessage extends Message {
  row: number
  chatKind: ChatKind | null
  chatUsername: string | null
  senderUsername: string | null
}

export class MessageTable {
  private readonly insert
  private readonly selectBeyond
  private readonly selectFlags
  private readonly selectLast

  constructor(database: SqliteDatabase) {
    this.insert = database.prepare(`
      INSERT INTO messages (account_id, chat_id, message_id, topic_id, sender_id, date, text, flags, reply_to_id, media, grouped_id)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (account_id, chat_id, message_id) DO NOTHING`)
    this.selectBeyond = database.prepare<[number, number], StoredMessage>(`
      SELECT m.id AS row, m.chat_id AS chatId, m.message_id AS messageId, m.topic_id AS topicId, m.sender_id AS senderId,
        m.date, m.text, m.flags, m.reply_to_id AS replyToId, m.media, m.grouped_id AS groupedId,
        c.kind AS chatKind, c.username AS chatUsername, u.username AS senderUsername
      FROM messages m LEFT JOIN chats c ON c.id = m.chat_id LEFT JOIN users u ON u.id = m.sender_id
      WHERE m.id > ? ORDER BY m.id LIMIT ?`)
    this.selectFlags = database.prepare<[number, number, number], { flags: number }>(
      'SELECT flags FROM messages WHERE account_id = ? AND chat_id = ? AND message_id = ?',
    )
    this.selectLast = database.prepare<[], { row: number | null }>('SELECT max(id) AS row FROM messages')
  }

  /** Whether the message was new: the same one again changes nothing. */
  add(accountId: MarkedId, m: Message): boolean {
    const { chatId, messageId, topicId, senderId, date, text, flags, replyToId, media, groupedId } = m
    return (
      this.insert.run(accountId, chatId, messageId, topicId, senderId, date, text, flags, replyToId, media, groupedId)
        .changes > 0
    )
  }

  /** The next messages after a row, in the order they were stored. */
  beyond(row: number, limit: number): StoredMessage[] {
    return this.selectBeyond.all(row, limit)
  }

  flagsOf(accountId: MarkedId, chatId: MarkedId, messageId: number): number | undefined {
    return this.selectFlags.get(accountId, chatId, messageId)?.flags
  }

  lastRow(): number {
    return this.selectLast.get()?.row ?? 0
  }
}
