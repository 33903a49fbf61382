import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import type { MarkedId } from '../model'
import { PEER_COLUMNS, PEER_JOINS, type PeerColumns } from './peer-views'

/** A stored message with what is known of its chat, sender and topic. */
export interface CapturedMessage extends PeerColumns {
  account_id: number
  message_id: number
  topic_id: number | null
  topic_title: string | null
  date: number
  text: string
  flags: number
  reply_to_id: number | null
  media: string | null
  grouped_id: string | null
  edited_at: number | null
  deleted_at: number | null
  is_pinned: number
  file_name: string | null
  label: string | null
}

export interface SearchRange {
  /** Least and end of the ids. */
  from: number
  below: number
  limit: number
}

export interface FoundDocument {
  searchId: number
  row: number
}

const SELECT = `
  SELECT m.account_id, m.message_id, m.topic_id, t.title AS topic_title, m.date, m.full_text AS text, m.flags, m.reply_to_id, m.media,
    m.grouped_id, m.edited_at, m.deleted_at, m.is_pinned, m.facts ->> '$.file.name' AS file_name, m.facts ->> '$.label' AS label,
    ${PEER_COLUMNS}
  FROM messages m ${PEER_JOINS} LEFT JOIN topics t ON t.chat_id = m.chat_id AND t.topic_id = m.topic_id`
const RANGE = 'CAST(@from AS INTEGER) AND {id} < CAST(@below AS INTEGER)'
const FROM_ROWS = 'search_rows r JOIN messages m ON m.id = r.message_row'

/** What was captured, by words and by place. */
export class CapturedTable {
  private readonly selectMatching
  private readonly selectNewest
  private readonly selectRow
  private readonly selectAlbum
  private readonly selectMessage
  private readonly selectBefore
  private readonly selectAfter
  private readonly selectNextAccount
  private readonly selectNamed

  constructor(database: SqliteDatabase) {
    // By the index, newest first, and no further than the page: its ids are the order.
    this.selectMatching = database.prepare<[SearchRange & { match: string }], FoundDocument>(`
      SELECT w.rowid AS searchId, r.message_row AS row
      FROM search_words w CROSS JOIN search_rows r ON r.search_id = w.rowid CROSS JOIN messages m ON m.id = r.message_row
      WHERE search_words MATCH @match AND w.rowid >= ${RANGE.replace('{id}', 'w.rowid')}
      ORDER BY w.rowid DESC LIMIT @limit`)
    this.selectNewest = database.prepare<[SearchRange], FoundDocument>(`
      SELECT r.search_id AS searchId, r.message_row AS row FROM ${FROM_ROWS}
      WHERE r.search_id >= ${RANGE.replace('{id}', 'r.search_id')} ORDER BY r.search_id DESC LIMIT @limit`)
    this.selectRow = database.prepare<[number], CapturedMessage>(`${SELECT} WHERE m.id = ?`)
    // `+` keeps the index of albums: the other one would walk the chat.
    this.selectAlbum = database.prepare<[number, string, number], CapturedMessage>(
      `${SELECT} WHERE m.chat_id = ? AND m.grouped_id = ? AND +m.account_id = ? ORDER BY m.message_id`,
    )
    const inChat = `${SELECT} WHERE m.account_id = ? AND m.chat_id = ? AND m.message_id`
    this.selectMessage = database.prepare<[number, number, number], CapturedMessage>(`${inChat} = ?`)
    this.selectBefore = database.prepare<[number, number, number, number], CapturedMessage>(
      `${inChat} < ? ORDER BY m.message_id DESC LIMIT ?`,
    )
    this.selectAfter = database.prepare<[number, number, number, number], CapturedMessage>(
      `${inChat} > ? ORDER BY m.message_id LIMIT ?`,
    )
    this.selectNextAccount = database
      .prepare<[number], number | null>('SELECT min(account_id) FROM messages WHERE account_id > ?')
      .pluck()
    this.selectNamed = database
      .prepare<[{ name: string }], number>(
        `SELECT id FROM chats WHERE username = @name COLLATE NOCASE UNION SELECT id FROM users WHERE username = @name COLLATE NOCASE
         UNION SELECT peer_id FROM peer_names WHERE name = lower(@name)`,
      )
      .pluck()
  }

  /** Newest first; `match` null: whatever there is. */
  search(match: string | null, range: SearchRange): FoundDocument[] {
    return match === null ? this.selectNewest.all(range) : this.selectMatching.all({ ...range, match })
  }

  /** The message of a row, or all stored parts of its album. */
  parts(row: number): CapturedMessage[] {
    const message = this.selectRow.get(row)
    if (!message) return []
    const { chat_id: chatId, grouped_id: groupedId, account_id: accountId } = message
    return groupedId === null ? [message] : this.selectAlbum.all(chatId, groupedId, accountId)
  }

  /** A message with so many before and after it, by id; undefined where it was not captured. */
  around(chatId: MarkedId, messageId: number, before: number, after: number): CapturedMessage[] | undefined {
    for (const account of this.accounts()) {
      const message = this.selectMessage.get(account, chatId, messageId)
      if (!message) continue
      const earlier = this.selectBefore.all(account, chatId, messageId, before).reverse()
      return [...earlier, message, ...this.selectAfter.all(account, chatId, messageId, after)]
    }
    return undefined
  }

  /** Chats and people of a username, without @ and in any case: names change hands. */
  idsNamed(name: string): MarkedId[] {
    return this.selectNamed.all({ name })
  }

  /** Whose messages are stored: one account, as a rule. */
  accounts(): MarkedId[] {
    const accounts: MarkedId[] = []
    for (let id: number | null | undefined = 0; (id = this.selectNextAccount.get(id)) != null;) accounts.push(id)
    return accounts
  }
}
