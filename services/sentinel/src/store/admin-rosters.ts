import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import type { ChatKind, MarkedId } from '../model'

/** A group of the account's list, and when its admins are to be read. */
export interface RosterChat {
  chatId: MarkedId
  chatKind: ChatKind
  chatUsername: string | null
  chatUsernames: string | null
  /** Unix milliseconds; 0 where nobody has tried yet. */
  dueAtMs: number
}

/** Who the admins of groups are, as it was read last. */
export class AdminRosterTable {
  private readonly selectChats
  private readonly putRoster
  private readonly putDue
  private readonly clearAdmins
  private readonly insertAdmin
  private readonly insertKnown
  private readonly removeAdmin
  private readonly removeRoster

  constructor(database: SqliteDatabase) {
    this.selectChats = database.prepare<[number], RosterChat>(`
      SELECT d.chat_id AS chatId, c.kind AS chatKind, c.username AS chatUsername, c.usernames AS chatUsernames, coalesce(r.due_at, 0) AS dueAtMs
      FROM dialogs d JOIN chats c ON c.id = d.chat_id LEFT JOIN admin_rosters r ON r.chat_id = d.chat_id
      WHERE d.account_id = ? AND c.kind IN ('group', 'supergroup') ORDER BY dueAtMs, d.position`)
    this.putRoster = database.prepare<[number, number, number]>(`
      INSERT INTO admin_rosters (chat_id, read_at, due_at) VALUES (?, ?, ?)
      ON CONFLICT DO UPDATE SET read_at = excluded.read_at, due_at = excluded.due_at`)
    this.putDue = database.prepare<[number, number]>(`
      INSERT INTO admin_rosters (chat_id, due_at) VALUES (?, ?) ON CONFLICT DO UPDATE SET due_at = excluded.due_at`)
    this.clearAdmins = database.prepare<[number]>('DELETE FROM chat_admins WHERE chat_id = ?')
    this.insertAdmin = database.prepare<[number, number]>(
      'INSERT INTO chat_admins VALUES (?, ?) ON CONFLICT DO NOTHING',
    )
    this.insertKnown = database.prepare<[number, number]>(
      'INSERT INTO chat_admins SELECT chat_id, ? FROM admin_rosters WHERE chat_id = ? ON CONFLICT DO NOTHING',
    )
    this.removeAdmin = database.prepare<[number, number]>('DELETE FROM chat_admins WHERE chat_id = ? AND user_id = ?')
    this.removeRoster = database.prepare<[number]>('DELETE FROM admin_rosters WHERE chat_id = ?')
  }

  /** Groups of the account's list: those that nobody has asked for first, then those that are due the longest. */
  chats(accountId: MarkedId): RosterChat[] {
    return this.selectChats.all(accountId)
  }

  /** In the caller's transaction. Times are unix milliseconds. */
  save(chatId: MarkedId, admins: readonly MarkedId[], readAtMs: number, dueAtMs: number): void {
    this.putRoster.run(chatId, readAtMs, dueAtMs)
    this.clearAdmins.run(chatId)
    for (const admin of admins) this.insertAdmin.run(chatId, admin)
  }

  /** What is known stays in force until then. */
  postpone(chatId: MarkedId, dueAtMs: number): void {
    this.putDue.run(chatId, dueAtMs)
  }

  /** Telegram told of one: of no use for a chat whose admins nobody wants to know. */
  change(chatId: MarkedId, userId: MarkedId, isAdmin: boolean): void {
    if (isAdmin) this.insertKnown.run(userId, chatId)
    else this.removeAdmin.run(chatId, userId)
  }

  forget(chatId: MarkedId): void {
    this.removeRoster.run(chatId)
  }
}
