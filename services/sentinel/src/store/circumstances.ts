import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import type { StoredMessage } from './messages'

/** What is to be looked up of a message. */
export interface Wanted {
  counts: boolean
  admins: boolean
}

/** What scoring may have to know of a message beside its row: how it was received, and whether an admin wrote it. */
export class CircumstanceTable {
  private readonly selectCounts
  private readonly countAnswers
  private readonly selectAdmin

  constructor(database: SqliteDatabase) {
    this.selectCounts = database.prepare<[number], { replies: number | null; reactions: string | null }>(
      'SELECT replies, reactions FROM message_counts WHERE message_row = ? ORDER BY at DESC LIMIT 1',
    )
    this.countAnswers = database
      .prepare<[number], number>(
        `SELECT count(*) FROM messages m CROSS JOIN messages r ON r.chat_id = m.chat_id AND r.reply_to_id = m.message_id
          AND r.account_id = m.account_id WHERE m.id = ?`,
      )
      .pluck()
    this.selectAdmin = database
      .prepare<[number, number], number>('SELECT 1 FROM chat_admins WHERE chat_id = ? AND user_id = ?')
      .pluck()
  }

  /** The message with what is wanted of it, as it is by now; the same where nothing is. */
  complete(message: StoredMessage, { counts, admins }: Wanted): StoredMessage {
    if (!counts && !admins) return message
    return {
      ...message,
      ...(counts && { received: this.receivedBy(message.row) }),
      ...(admins && { isByAdmin: this.isAdmin(message) }),
    }
  }

  /** Where Telegram counts no answers, as in a basic group, the stored ones are what there is; it may also know of more. */
  private receivedBy(row: number): NonNullable<StoredMessage['received']> {
    const { replies = null, reactions = null } = this.selectCounts.get(row) ?? {}
    return {
      reactions: reactions === null ? 0 : sumOf(JSON.parse(reactions) as Record<string, number>),
      replies: Math.max(replies ?? 0, this.countAnswers.get(row) ?? 0),
    }
  }

  private isAdmin({ chatId, senderId }: StoredMessage): boolean {
    return senderId !== null && this.selectAdmin.get(chatId, senderId) !== undefined
  }
}

/** All kinds of reactions together. */
export function sumOf(reactions: Record<string, number> | null): number {
  return Object.values(reactions ?? {}).reduce((sum, count) => sum + count, 0)
}
