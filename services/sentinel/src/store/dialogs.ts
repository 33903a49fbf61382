import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import type { ChatKind, MarkedId } from '../model'

/** A chat of the account's list, joined with what is known of the chat. */
export interface StoredDialog {
  chatId: MarkedId
  title: string
  kind: ChatKind
  username: string | null
  position: number
  members: number | null
  unread: number
  topMessageId: number | null
  topMessageAt: number | null
  isPinned: boolean
  isArchived: boolean
  isMuted: boolean
  isForum: boolean
  folders: number[]
  hasPhoto: boolean
}

export type NewDialog = Omit<StoredDialog, 'title' | 'kind' | 'username' | 'hasPhoto' | 'position'>

export interface DialogQuery {
  kind?: ChatKind | undefined
  folder?: number | undefined
  q?: string | undefined
  afterPosition: number
  limit: number
}

export interface StoredFolder {
  id: number
  title: string
  chats: number
}

type Flag = 'isPinned' | 'isArchived' | 'isMuted' | 'isForum' | 'hasPhoto'
type Row = Omit<StoredDialog, Flag | 'folders'> & Record<Flag, number> & { folders: string }

const COLUMNS = `
  d.chat_id AS chatId, c.title, c.kind, c.username, d.position, d.members, d.unread, d.top_message_id AS topMessageId,
  d.top_message_at AS topMessageAt, d.is_pinned AS isPinned, d.is_archived AS isArchived, d.is_muted AS isMuted,
  d.is_forum AS isForum, d.folders, EXISTS (SELECT 1 FROM photos p WHERE p.peer_id = d.chat_id) AS hasPhoto`

/** Of the first chat that was read: there is room above it for those that write later. */
const FIRST_POSITION = 1_000_000_000

/** The account's list of chats and its folders, as they were read last. */
export class DialogTable {
  /** Counts the lists that there were: what is remembered of one holds no longer than it. */
  generation = 0
  /** Chats of each list; it is asked for with every message. */
  private listed = new Map<MarkedId, Set<MarkedId>>()
  /** What came to a list since it was read last, and when (unix milliseconds). */
  private readonly arrivals = new Map<MarkedId, Map<MarkedId, { dialog: NewDialog; atMs: number }>>()
  private readonly clearDialogs
  private readonly clearFolders
  private readonly insertDialog
  private readonly insertFolder
  private readonly selectFolders
  private readonly selectPage
  private readonly countAll
  private readonly selectFoldersOf
  private readonly selectIds
  private readonly selectFirst

  constructor(database: SqliteDatabase) {
    this.clearDialogs = database.prepare('DELETE FROM dialogs WHERE account_id = ?')
    this.clearFolders = database.prepare('DELETE FROM folders WHERE account_id = ?')
    this.insertDialog = database.prepare(`
      INSERT INTO dialogs VALUES (@accountId, @chatId, @position, @members, @unread, @topMessageId, @topMessageAt,
        @isPinned, @isArchived, @isMuted, @isForum, @folders)`)
    this.insertFolder = database.prepare('INSERT INTO folders VALUES (?, ?, ?, ?)')
    this.selectFolders = database.prepare<[number], StoredFolder>(`
      SELECT f.id, f.title, (
        SELECT count(*) FROM dialogs d, json_each(d.folders) e WHERE d.account_id = f.account_id AND e.value = f.id
      ) AS chats
      FROM folders f WHERE f.account_id = ? ORDER BY f.position`)
    this.selectPage = database.prepare<[Record<string, unknown>], Row>(`
      SELECT ${COLUMNS} FROM dialogs d JOIN chats c ON c.id = d.chat_id
      WHERE d.account_id = @accountId AND d.position > @afterPosition
        AND (@kind IS NULL OR c.kind = @kind)
        AND (@folder IS NULL OR EXISTS (SELECT 1 FROM json_each(d.folders) e WHERE e.value = @folder))
        AND (@q IS NULL OR lower_text(c.title || ' @' || coalesce(c.username, '') || coalesce(replace(c.usernames, ' ', ' @'), '')) LIKE @q ESCAPE '!')
      ORDER BY d.position LIMIT @limit`)
    this.countAll = database.prepare<[number], number>('SELECT count(*) FROM dialogs WHERE account_id = ?').pluck()
    this.selectIds = database.prepare<[number], number>('SELECT chat_id FROM dialogs WHERE account_id = ?').pluck()
    this.selectFirst = database
      .prepare<[number], number>('SELECT position FROM dialogs WHERE account_id = ? ORDER BY position LIMIT 1')
      .pluck()
    this.selectFoldersOf = database
      .prepare<[number, number], string>('SELECT folders FROM dialogs WHERE account_id = ? AND chat_id = ?')
      .pluck()
  }

  /**
   * Puts a new list in the place of the old one; to be called in a transaction. What came since it was asked for (unix milliseconds)
   * is not in it, and stays.
   */
  replace(
    accountId: MarkedId,
    dialogs: readonly NewDialog[],
    folders: readonly { id: number; title: string }[],
    askedAtMs = Date.now(),
  ): void {
    this.generation += 1
    this.clearDialogs.run(accountId)
    this.clearFolders.run(accountId)
    dialogs.forEach((dialog, index) => this.insertDialog.run(rowOf(accountId, dialog, FIRST_POSITION + index)))
    this.listed.delete(accountId)
    const arrived = [...(this.arrivals.get(accountId)?.values() ?? [])]
    this.arrivals.delete(accountId)
    for (const { dialog, atMs } of arrived) if (atMs >= askedAtMs) this.add(accountId, dialog, atMs)
    folders.forEach(({ id, title }, index) => this.insertFolder.run(accountId, id, title, index))
  }

  /** Puts a chat at the top of a list; false where it is in it already. To be called in a transaction. */
  add(accountId: MarkedId, dialog: NewDialog, nowMs: number): boolean {
    if (this.has(accountId, dialog.chatId)) return false
    const first = this.selectFirst.get(accountId) ?? FIRST_POSITION
    this.insertDialog.run(rowOf(accountId, dialog, first - 1))
    this.listedOf(accountId).add(dialog.chatId)
    this.expect(accountId, dialog, nowMs)
    return true
  }

  /** A chat that a list that is being read may not have: it is added to it. */
  expect(accountId: MarkedId, dialog: NewDialog, nowMs: number): void {
    const arrived = this.arrivals.get(accountId) ?? new Map<MarkedId, { dialog: NewDialog; atMs: number }>()
    arrived.set(dialog.chatId, { dialog, atMs: nowMs })
    this.arrivals.set(accountId, arrived)
  }

  has(accountId: MarkedId, chatId: MarkedId): boolean {
    return this.listedOf(accountId).has(chatId)
  }

  /** To be called when a transaction was rolled back: what it added is not in the list. */
  forgetListed(): void {
    this.listed.clear()
  }

  private listedOf(accountId: MarkedId): Set<MarkedId> {
    const known = this.listed.get(accountId) ?? new Set(this.selectIds.all(accountId))
    this.listed.set(accountId, known)
    return known
  }

  page(accountId: MarkedId, { kind, folder, q, afterPosition, limit }: DialogQuery): StoredDialog[] {
    const pattern = q === undefined ? null : likePattern(q)
    const filters = { kind: kind ?? null, folder: folder ?? null, q: pattern }
    return this.selectPage.all({ accountId, afterPosition, limit, ...filters }).map(dialogOf)
  }

  /** Folders that a chat was in at the last refresh. */
  foldersOf(accountId: MarkedId, chatId: MarkedId): number[] {
    const folders = this.selectFoldersOf.get(accountId, chatId)
    return folders === undefined ? [] : (JSON.parse(folders) as number[])
  }

  chatIds(accountId: MarkedId): MarkedId[] {
    return this.selectIds.all(accountId)
  }

  folders(accountId: MarkedId): StoredFolder[] {
    return this.selectFolders.all(accountId)
  }

  count(accountId: MarkedId): number {
    return this.countAll.get(accountId) ?? 0
  }
}

/** Anywhere in a text; `%`, `_` and `!` stand for themselves. */
export function likePattern(q: string): string {
  return `%${q.toLowerCase().replace(/[%_!]/g, (character) => `!${character}`)}%`
}

function rowOf(accountId: MarkedId, dialog: NewDialog, position: number) {
  const { isPinned, isArchived, isMuted, isForum, folders } = dialog
  const flags = { isPinned: +isPinned, isArchived: +isArchived, isMuted: +isMuted, isForum: +isForum }
  return { ...dialog, ...flags, accountId, position, folders: JSON.stringify(folders) }
}

function dialogOf(row: Row): StoredDialog {
  const { isPinned, isArchived, isMuted, isForum, hasPhoto, folders } = row
  return {
    ...row,
    isPinned: isPinned === 1,
    isArchived: isArchived === 1,
    isMuted: isMuted === 1,
    isForum: isForum === 1,
    hasPhoto: hasPhoto === 1,
    folders: JSON.parse(folders) as number[],
  }
}
