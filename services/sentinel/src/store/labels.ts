import { isoMoment } from '@tgsentinel/kernel/time'
import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import type { Label, LabelSource, MarkedId } from '../model'
import type { CircumstanceTable } from './circumstances'
import { SELECT_STORED, STORED_ACCOUNTS, type StoredMessage } from './messages'

/** A message as it was when its owner judged it. */
export interface LabelledMessage {
  message: StoredMessage
  relevant: boolean
}

/** What its owner says of a message to a profile, and where. */
export interface NewLabel {
  profileId: number
  chatId: MarkedId
  messageId: number
  relevant: boolean
  source: LabelSource
  atMs: number
}

interface LabelRow {
  chat_id: number
  message_id: number
  relevant: number
  at: number
  message: string
  source: LabelSource | null
}

/** What the owner said of messages, by profile; each keeps what it needs of its message. */
export class LabelTable {
  private readonly selectMessage
  private readonly upsert
  private readonly remove
  private readonly select
  private readonly selectOne

  constructor(
    database: SqliteDatabase,
    private readonly circumstances: CircumstanceTable,
  ) {
    this.selectMessage = database.prepare<[number, number], StoredMessage>(
      `${SELECT_STORED} WHERE m.account_id IN ${STORED_ACCOUNTS} AND m.chat_id = ? AND m.message_id = ?
        ORDER BY m.id DESC LIMIT 1`,
    )
    this.upsert = database.prepare(`
      INSERT INTO labels (profile_id, chat_id, message_id, relevant, at, message, source) VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (profile_id, chat_id, message_id) DO UPDATE SET relevant = excluded.relevant, at = excluded.at,
        source = excluded.source`)
    this.remove = database.prepare('DELETE FROM labels WHERE profile_id = ? AND chat_id = ? AND message_id = ?')
    const columns = 'chat_id, message_id, relevant, at, message, source'
    this.select = database.prepare<[number, number], LabelRow>(
      `SELECT ${columns} FROM labels WHERE profile_id = ? ORDER BY at DESC, chat_id, message_id LIMIT ?`,
    )
    this.selectOne = database.prepare<[number, number, number], LabelRow>(
      `SELECT ${columns} FROM labels WHERE profile_id = ? AND chat_id = ? AND message_id = ?`,
    )
  }

  /** Undefined where there is no such message. */
  put({ profileId, chatId, messageId, relevant, source, atMs }: NewLabel): Label | undefined {
    const known = this.selectOne.get(profileId, chatId, messageId)
    const message = known?.message ?? this.messageOf(chatId, messageId)
    if (message === undefined) return undefined
    this.upsert.run(profileId, chatId, messageId, Number(relevant), atMs, message, source)
    return toLabel(this.selectOne.get(profileId, chatId, messageId) as LabelRow)
  }

  /** Whether there was one. */
  delete(profileId: number, chatId: MarkedId, messageId: number): boolean {
    return this.remove.run(profileId, chatId, messageId).changes > 0
  }

  /** The latest first. */
  list(profileId: number, limit: number): Label[] {
    return this.select.all(profileId, limit).map(toLabel)
  }

  /** In the order in which they were given, at most so many of the latest. */
  examples(profileId: number, limit: number): LabelledMessage[] {
    const rows = this.select.all(profileId, limit).reverse()
    return rows.map(({ relevant, message }) => ({
      relevant: relevant === 1,
      message: JSON.parse(message) as StoredMessage,
    }))
  }

  private messageOf(chatId: MarkedId, messageId: number): string | undefined {
    const message = this.selectMessage.get(chatId, messageId)
    return message && JSON.stringify(this.circumstances.complete(message, { counts: true, admins: true }))
  }
}

function toLabel({ chat_id, message_id, relevant, at, message, source }: LabelRow): Label {
  const { text } = JSON.parse(message) as StoredMessage
  return { chat_id: String(chat_id), message_id, relevant: relevant === 1, text, at: isoMoment(at), source }
}
