import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import { CHANNEL_MARK, type ChatKind, type MarkedId, type Message, type MessageFacts } from '../model'

/** A message with its row and what scoring has to know of its chat and sender. */
export interface StoredMessage extends Message {
  row: number
  chatKind: ChatKind | null
  /** What was written alone; `text` is all that the message says. */
  ownText?: string
  chatUsername: string | null
  /** All active names, each between blanks and in lower case. */
  chatUsernames?: string | null
  senderUsername: string | null
  senderUsernames?: string | null
  /** How many reactions and answers it has; left out where nobody asks. */
  received?: { reactions: number; replies: number }
  /** Left out where nobody asks. */
  isByAdmin?: boolean
}

/** What an edit or a deletion has to know of the message that is stored. */
export interface KnownMessage {
  row: number
  text: string
  extraText: string | null
  media: string | null
  flags: number
  date: number
  editedAt: number | null
  revisedAt: number | null
  deletedAt: number | null
  isPinned: number
  /** JSON. */
  facts: string | null
}

const KNOWN = `id AS row, text, extra_text AS extraText, media, flags, date, edited_at AS editedAt, revised_at AS revisedAt, deleted_at AS deletedAt, is_pinned AS isPinned, facts`

/** What scoring reads of a message `m`: its columns, and what they are joined with. */
export const STORED_COLUMNS = `m.id AS row, m.chat_id AS chatId, m.message_id AS messageId, m.topic_id AS topicId, m.sender_id AS senderId,
    m.date, m.full_text AS text, m.text AS ownText, m.flags, m.reply_to_id AS replyToId, m.media, m.grouped_id AS groupedId,
    c.kind AS chatKind, c.username AS chatUsername, c.usernames AS chatUsernames, u.username AS senderUsername,
    u.usernames AS senderUsernames`
export const STORED_JOINS = 'LEFT JOIN chats c ON c.id = m.chat_id LEFT JOIN users u ON u.id = m.sender_id'
/** Whose messages are stored: the key begins with the account, and who names a chat and a message alone walks the table. */
export const STORED_ACCOUNTS = `(
    WITH RECURSIVE accounts (id) AS (
      SELECT min(account_id) FROM messages
      UNION ALL SELECT (SELECT min(account_id) FROM messages WHERE account_id > accounts.id) FROM accounts WHERE id IS NOT NULL
    ) SELECT id FROM accounts WHERE id IS NOT NULL)`
export const SELECT_STORED = `SELECT ${STORED_COLUMNS} FROM messages m ${STORED_JOINS}`

export class MessageTable {
  private readonly insert
  private readonly selectBeyond
  private readonly selectSlice
  private readonly selectKnown
  private readonly selectLast
  private readonly updateContent
  private readonly updateFacts
  private readonly updateRevision
  private readonly updateDeleted
  private readonly updatePinned
  private readonly selectOutside
  private readonly selectRange
  private readonly selectBeyondId
  private readonly selectPoll
  private readonly selectAlbum

  constructor(database: SqliteDatabase) {
    this.insert = database.prepare(`
      INSERT INTO messages (account_id, chat_id, message_id, topic_id, sender_id, date, text, flags, reply_to_id, media, grouped_id,
        edited_at, revised_at, is_pinned, facts, extra_text)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (account_id, chat_id, message_id) DO NOTHING`)
    this.selectSlice = database.prepare<[number, number, number], StoredMessage>(
      `${SELECT_STORED} WHERE m.id >= ? AND m.id < ? AND m.date >= ? ORDER BY m.id`,
    )
    this.selectBeyond = database.prepare<[number, number], StoredMessage>(
      `${SELECT_STORED} WHERE m.id > ? ORDER BY m.id LIMIT ?`,
    )
    this.selectKnown = database.prepare<[number, number, number], KnownMessage>(
      `SELECT ${KNOWN} FROM messages WHERE account_id = ? AND chat_id = ? AND message_id = ?`,
    )
    this.selectLast = database.prepare<[], { row: number | null }>('SELECT max(id) AS row FROM messages')
    this.updateContent = database.prepare(
      'UPDATE messages SET text = ?, media = ?, flags = ?, edited_at = ?, revised_at = ?, facts = ?, extra_text = ? WHERE id = ?',
    )
    this.updateFacts = database.prepare('UPDATE messages SET facts = ? WHERE id = ?')
    this.updateRevision = database.prepare(
      'UPDATE messages SET revised_at = ?, facts = coalesce(?, facts) WHERE id = ?',
    )
    this.updateDeleted = database.prepare('UPDATE messages SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL')
    this.updatePinned = database.prepare(
      'UPDATE messages SET is_pinned = ? WHERE account_id = ? AND chat_id = ? AND message_id = ?',
    )
    this.selectOutside = database.prepare<[number, number], { row: number }>(
      `SELECT id AS row FROM messages INDEXED BY messages_outside_channels
        WHERE account_id = ? AND message_id = ? AND chat_id > -${CHANNEL_MARK}`,
    )
    this.selectRange = database.prepare<[number, number, number, number], { row: number; messageId: number }>(`
      SELECT id AS row, message_id AS messageId FROM messages
      WHERE account_id = ? AND chat_id = ? AND message_id BETWEEN ? AND ? AND deleted_at IS NULL`)
    this.selectBeyondId = database.prepare<
      [number, number, number],
      { firstId: number | null; upToId: number | null }
    >(`
      SELECT min(message_id) AS firstId, max(message_id) AS upToId FROM messages
      WHERE account_id = ? AND chat_id = ? AND message_id > ?`)
    this.selectPoll = database.prepare<[string], { row: number; facts: string }>(
      "SELECT id AS row, facts FROM messages WHERE json_extract(facts, '$.poll.id') = ? AND media = 'poll'",
    )
    this.selectAlbum = database
      .prepare<[number, string], number>(
        'SELECT id FROM messages WHERE chat_id = ? AND grouped_id = ? ORDER BY message_id',
      )
      .pluck()
  }

  /** The message's row where it was new; null: it is stored already, and nothing was changed. */
  add(accountId: MarkedId, m: Message): number | null {
    const { chatId, messageId, topicId, senderId, date, text, flags, replyToId, media, groupedId } = m
    const facts = m.facts ? JSON.stringify(m.facts) : null
    const later = [m.editedAt ?? null, m.revisedAt ?? null, m.isPinned ? 1 : 0, facts, m.extraText ?? null]
    const own = [chatId, messageId, topicId, senderId, date, text, flags, replyToId, media, groupedId]
    const { changes, lastInsertRowid } = this.insert.run(accountId, ...own, ...later)
    return changes > 0 ? Number(lastInsertRowid) : null
  }

  /** Gives a message new content; what it said before is the caller's to keep. */
  rewrite(row: number, { text, extraText, media, flags, editedAt, revisedAt, facts }: Message): void {
    this.updateContent.run(
      text,
      media,
      flags,
      editedAt ?? null,
      revisedAt ?? null,
      facts ? JSON.stringify(facts) : null,
      extraText ?? null,
      row,
    )
  }

  /** A newer copy says the same, but for what stands beside it. */
  touch(row: number, { revisedAt, facts }: Message): void {
    this.updateRevision.run(revisedAt ?? null, facts?.poll ? JSON.stringify(facts) : null, row)
  }

  /** Whether it was not deleted before. `at`: unix seconds. */
  markDeleted(row: number, at: number): boolean {
    return this.updateDeleted.run(at, row).changes > 0
  }

  pin(accountId: MarkedId, chatId: MarkedId, messageId: number, isPinned: boolean): void {
    this.updatePinned.run(isPinned ? 1 : 0, accountId, chatId, messageId)
  }

  /** The next messages after a row, in the order they were stored. */
  beyond(row: number, limit: number): StoredMessage[] {
    return this.selectBeyond.all(row, limit)
  }

  /** Those of `rows` rows from one on that were posted since then (unix seconds), in the order they were stored. */
  slice(row: number, rows: number, since: number): StoredMessage[] {
    return this.selectSlice.all(row, row + rows, since)
  }

  find(accountId: MarkedId, chatId: MarkedId, messageId: number): KnownMessage | undefined {
    return this.selectKnown.get(accountId, chatId, messageId)
  }

  flagsOf(accountId: MarkedId, chatId: MarkedId, messageId: number): number | undefined {
    return this.find(accountId, chatId, messageId)?.flags
  }

  /** The message of a private chat or basic group, which share one count of ids. */
  findOutsideChannels(accountId: MarkedId, messageId: number): number | undefined {
    return this.selectOutside.get(accountId, messageId)?.row
  }

  /** Messages that are not known to be deleted, both ends included. */
  range(accountId: MarkedId, chatId: MarkedId, from: number, to: number): { row: number; messageId: number }[] {
    return this.selectRange.all(accountId, chatId, from, to)
  }

  /** The oldest and the newest message beyond an id; null where there is none. */
  rangeBeyond(accountId: MarkedId, chatId: MarkedId, afterId: number): { firstId: number; upToId: number } | null {
    const { firstId, upToId } = this.selectBeyondId.get(accountId, chatId, afterId) ?? {}
    return firstId != null && upToId != null ? { firstId, upToId } : null
  }

  findPoll(pollId: string): { row: number; facts: MessageFacts }[] {
    return this.selectPoll.all(pollId).map(({ row, facts }) => ({ row, facts: JSON.parse(facts) as MessageFacts }))
  }

  setFacts(row: number, facts: MessageFacts): void {
    this.updateFacts.run(JSON.stringify(facts), row)
  }

  /** Rows of an album, in the order of its parts. */
  album(chatId: MarkedId, groupedId: string): number[] {
    return this.selectAlbum.all(chatId, groupedId)
  }

  lastRow(): number {
    return this.selectLast.get()?.row ?? 0
  }
}
