import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import type { Chat, User } from '../model'
import { likePattern } from './dialogs'

/** Peers that are remembered as written, so that a busy chat is not written with each of its messages. */
const REMEMBERED = 20_000

/** Chats and users as they were last seen. */
export class ChatTable {
  private readonly written = new Map<string, string>()
  private readonly putChat
  private readonly putUser
  private readonly chat
  private readonly user
  private readonly userPage
  private readonly chatByName
  private readonly putMigration
  private readonly putTopic

  constructor(database: SqliteDatabase) {
    this.putChat = database.prepare(`
      INSERT INTO chats (id, kind, title, username) VALUES (@id, @kind, @title, @username)
      ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, title = excluded.title, username = excluded.username`)
    this.putUser = database.prepare(`
      INSERT INTO users (id, name, username) VALUES (@id, @name, @username)
      ON CONFLICT (id) DO UPDATE SET name = excluded.name, username = excluded.username`)
    this.chat = database.prepare<[number], Chat>('SELECT id, kind, title, username FROM chats WHERE id = ?')
    this.user = database.prepare<[number], User>('SELECT id, name, username FROM users WHERE id = ?')
    this.userPage = database.prepare<[{ q: string | null; beyond: number; limit: number }], User>(`
      SELECT id, name, username FROM users
      WHERE id > @beyond AND (@q IS NULL OR lower_text(name || ' @' || coalesce(username, '')) LIKE @q ESCAPE '!')
      ORDER BY id LIMIT @limit`)
    this.chatByName = database.prepare<[string], Chat>(
      'SELECT id, kind, title, username FROM chats WHERE username = ? COLLATE NOCASE ORDER BY id LIMIT 1',
    )
    this.putMigration = database.prepare('INSERT OR IGNORE INTO chat_migrations VALUES (?, ?)')
    this.putTopic = database.prepare('INSERT OR REPLACE INTO topics VALUES (?, ?, ?)')
  }

  saveChat(chat: Chat): void {
    if (this.isNews(`c${chat.id}`, `${chat.kind} ${chat.username} ${chat.title}`)) this.putChat.run(chat)
  }

  saveUser(user: User): void {
    if (this.isNews(`u${user.id}`, `${user.username} ${user.name}`)) this.putUser.run(user)
  }

  findChat(id: number): Chat | undefined {
    return this.chat.get(id)
  }

  findUser(id: number): User | undefined {
    return this.user.get(id)
  }

  /** `username` without @, in any case. */
  findChatNamed(username: string): Chat | undefined {
    return this.chatByName.get(username)
  }

  /** People by id, beyond an id. */
  users({ q, beyond, limit }: { q: string | undefined; beyond: number; limit: number }): User[] {
    return this.userPage.all({ q: q === undefined ? null : likePattern(q), beyond, limit })
  }

  /** A basic group became a supergroup; false where that is known already. */
  migrate(fromChatId: number, toChatId: number): boolean {
    return this.putMigration.run(fromChatId, toChatId).changes > 0
  }

  saveTopic(chatId: number, topicId: number, title: string): void {
    this.putTopic.run(chatId, topicId, title)
  }

  /** To be called when a transaction was rolled back: what it wrote is not written. */
  forgetWritten(): void {
    this.written.clear()
  }

  private isNews(key: string, facts: string): boolean {
    if (this.written.get(key) === facts) return false
    if (this.written.size >= REMEMBERED) this.written.clear()
    this.written.set(key, facts)
    return true
  }
}
