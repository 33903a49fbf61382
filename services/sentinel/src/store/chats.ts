import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import type { Chat, User } from '../model'
import { likePattern } from './dialogs'

/** Peers that are remembered as written, so that a busy chat is not written with each of its messages. */
const REMEMBERED = 20_000

/** Chats and users as they were last seen. */
export class ChatTable {
  private readonly written = new Map<string, string>()
  private readonly putChat
  private readonly addChat
  private readonly putUser
  private readonly addUser
  private readonly dropNames
  private readonly addName
  private readonly chat
  private readonly user
  private readonly userPage
  private readonly chatByName
  private readonly chatNames
  private readonly putMigration
  private readonly putTopic
  private readonly topicTitle
  private readonly selectForums
  private knownForums: Set<number> | null = null
  /** Forums of which a topic came without a title. */
  private untitled = new Set<number>()

  constructor(database: SqliteDatabase) {
    this.putChat = database.prepare(`
      INSERT INTO chats (id, kind, title, username, usernames, is_forum)
      VALUES (@id, @kind, @title, @username, @usernames, @isForum)
      ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, title = excluded.title, username = excluded.username,
        usernames = excluded.usernames, is_forum = excluded.is_forum`)
    // What says less than is known already adds nothing.
    this.addChat = database.prepare(
      'INSERT INTO chats (id, kind, title, username) VALUES (@id, @kind, @title, @username) ON CONFLICT (id) DO NOTHING',
    )
    this.putUser = database.prepare(`
      INSERT INTO users (id, name, username, usernames) VALUES (@id, @name, @username, @usernames)
      ON CONFLICT (id) DO UPDATE SET name = excluded.name, username = excluded.username, usernames = excluded.usernames,
        is_deleted = 0`)
    this.addUser = database.prepare(`
      INSERT INTO users (id, name, username, is_deleted) VALUES (@id, @name, @username, @isDeleted)
      ON CONFLICT (id) DO UPDATE SET is_deleted = max(is_deleted, excluded.is_deleted)`)
    this.dropNames = database.prepare('DELETE FROM peer_names WHERE peer_id = ?')
    this.addName = database.prepare('INSERT OR IGNORE INTO peer_names VALUES (?, ?)')
    this.chat = database.prepare<[number], Chat>('SELECT id, kind, title, username FROM chats WHERE id = ?')
    this.user = database.prepare<[number], User>('SELECT id, name, username FROM users WHERE id = ?')
    this.userPage = database.prepare<[{ q: string | null; beyond: number; limit: number }], User>(`
      SELECT id, name, username FROM users
      WHERE id > @beyond AND (@q IS NULL OR lower_text(name || ' @' || coalesce(username, '') || coalesce(replace(usernames, ' ', ' @'), '')) LIKE @q ESCAPE '!')
      ORDER BY id LIMIT @limit`)
    this.chatByName = database.prepare<[{ name: string }], Chat>(
      `SELECT id, kind, title, username FROM chats WHERE username = @name COLLATE NOCASE
       UNION SELECT id, kind, title, username FROM peer_names n CROSS JOIN chats c ON c.id = n.peer_id WHERE n.name = @name
       ORDER BY id LIMIT 1`,
    )
    this.chatNames = database.prepare<[number], { username: string | null; usernames: string | null }>(
      'SELECT username, usernames FROM chats WHERE id = ?',
    )
    this.putMigration = database.prepare('INSERT OR IGNORE INTO chat_migrations VALUES (?, ?)')
    this.selectForums = database.prepare<[], number>('SELECT id FROM chats INDEXED BY forums WHERE is_forum').pluck()
    this.topicTitle = database
      .prepare<[number, number], string>('SELECT title FROM topics WHERE chat_id = ? AND topic_id = ?')
      .pluck()
    this.putTopic = database.prepare('INSERT OR REPLACE INTO topics VALUES (?, ?, ?)')
  }

  saveChat(chat: Chat): void {
    const { id, kind, title, username, usernames = [] } = chat
    if (chat.isSparse) return void this.addChat.run({ id, kind, title, username })
    const isForum = Number(chat.isForum === true)
    if (!this.isNews(`c${id}`, `${kind} ${isForum} ${username} ${usernames.join(' ')} ${title}`)) return
    this.putChat.run({ id, kind, title, username, usernames: allNames(usernames), isForum })
    if (isForum) this.forums.add(id)
    else this.forums.delete(id)
    this.putNames(id, usernames)
  }

  saveUser(user: User): void {
    const { id, name, username, usernames = [] } = user
    if (user.isSparse) return void this.addUser.run({ id, name, username, isDeleted: Number(user.isDeleted === true) })
    if (!this.isNews(`u${id}`, `${username} ${usernames.join(' ')} ${name}`)) return
    this.putUser.run({ id, name, username, usernames: allNames(usernames) })
    this.putNames(id, usernames)
  }

  findChat(id: number): Chat | undefined {
    return this.chat.get(id)
  }

  findUser(id: number): User | undefined {
    return this.user.get(id)
  }

  /** `username` without @, in any case. */
  findChatNamed(username: string): Chat | undefined {
    return this.chatByName.get({ name: username.toLowerCase() })
  }

  /** All active names of a chat, in lower case. */
  usernamesOf(id: number): string[] {
    const { username = null, usernames = null } = this.chatNames.get(id) ?? {}
    return usernames?.trim().split(' ') ?? (username === null ? [] : [username.toLowerCase()])
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

  /** Null where it is not known. */
  titleOfTopic(chatId: number, topicId: number): string | null {
    return this.topicTitle.get(chatId, topicId) ?? null
  }

  /** A message came in a topic: where nobody knows how that is called, somebody has to ask. */
  noteTopic(chatId: number, topicId: number): void {
    if (!this.untitled.has(chatId) && this.titleOfTopic(chatId, topicId) === null) this.untitled.add(chatId)
  }

  /** Forums that have to be asked, since this was called last. */
  takeUntitled(): ReadonlySet<number> {
    const { untitled } = this
    this.untitled = new Set()
    return untitled
  }

  isForum(chatId: number): boolean {
    return this.forums.has(chatId)
  }

  /** Of all that are known; asked for with every message. */
  private get forums(): Set<number> {
    return (this.knownForums ??= new Set(this.selectForums.all()))
  }

  /** To be called when a transaction was rolled back: what it wrote is not written. */
  forgetWritten(): void {
    this.written.clear()
    this.knownForums = null
  }

  /** Those beside the one that is shown. A user is a private chat, too, and is written twice. */
  private putNames(peerId: number, usernames: readonly string[]): void {
    this.dropNames.run(peerId)
    for (const name of usernames.slice(1)) this.addName.run(name.toLowerCase(), peerId)
  }

  private isNews(key: string, facts: string): boolean {
    if (this.written.get(key) === facts) return false
    if (this.written.size >= REMEMBERED) this.written.clear()
    this.written.set(key, facts)
    return true
  }
}

/** Each between blanks and in lower case, where there is more than the one that is shown. */
function allNames(usernames: readonly string[]): string | null {
  return usernames.length > 1 ? ` ${usernames.join(' ').toLowerCase()} ` : null
}
