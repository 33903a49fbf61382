import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import { MessageFlag, type MarkedId } from '../model'

/** What the index is told of a stored message. */
export interface Indexable {
  row: number
  accountId: MarkedId
  chatId: MarkedId
  topicId: number | null
  senderId: MarkedId | null
  /** Unix seconds. */
  date: number
  text: string
  flags: number
  media: string | null
  groupedId: string | null
  fileName: string | null
  mimeType: string | null
  isOwn: boolean
  isDeleted: boolean
}

type Row = Omit<Indexable, 'isOwn' | 'isDeleted'> & { deletedAt: number | null }

/** Documents that one second has room for. */
const PLACES = 65_536
/** Places of a second that are tried before one of the next is taken. */
const TRIES = 4
/** Beyond it ids would be no safe integers: the year 4147. */
const LAST_SECOND = 2 ** 36 - 1

/** Least id of the documents of a second; also the end of those before it. */
export function searchIdAt(unixSeconds: number): number {
  return Math.min(LAST_SECOND, Math.max(0, Math.trunc(unixSeconds))) * PLACES
}

const SELECT = `
  SELECT id AS row, account_id AS accountId, chat_id AS chatId, topic_id AS topicId, sender_id AS senderId, date, full_text AS text, flags,
    media, grouped_id AS groupedId, deleted_at AS deletedAt, facts ->> '$.file.name' AS fileName,
    facts ->> '$.file.mimeType' AS mimeType
  FROM messages`

/** The index of words, what it has still to take in, and which message each of its documents is. */
export class SearchIndexTable {
  private readonly selectBeyond
  private readonly selectBelow
  private readonly selectRow
  private readonly selectAlbum
  private readonly selectChanged
  private readonly dropChange
  private readonly addChange
  private readonly selectId
  private readonly insertId
  private readonly deleteId
  private readonly writeWords
  private readonly deleteWords
  private readonly mergePages
  private readonly countChanges

  constructor(private readonly database: SqliteDatabase) {
    this.selectBeyond = database.prepare<[number, number], Row>(`${SELECT} WHERE id > ? ORDER BY id LIMIT ?`)
    this.selectBelow = database.prepare<[number, number], Row>(`${SELECT} WHERE id < ? ORDER BY id DESC LIMIT ?`)
    this.selectRow = database.prepare<[number], Row>(`${SELECT} WHERE id = ?`)
    // `+` keeps the index of albums: the other one would walk the chat.
    this.selectAlbum = database.prepare<[number, string, number], Row>(
      `${SELECT} WHERE chat_id = ? AND grouped_id = ? AND +account_id = ? ORDER BY message_id`,
    )
    this.selectChanged = database
      .prepare<[number], number>('SELECT message_row FROM search_changes ORDER BY message_row LIMIT ?')
      .pluck()
    this.dropChange = database.prepare('DELETE FROM search_changes WHERE message_row = ?')
    this.addChange = database.prepare('INSERT INTO search_changes VALUES (?) ON CONFLICT DO NOTHING')
    this.selectId = database
      .prepare<[number], number>('SELECT search_id FROM search_rows WHERE message_row = ?')
      .pluck()
    this.insertId = database.prepare('INSERT INTO search_rows VALUES (?, ?) ON CONFLICT (search_id) DO NOTHING')
    this.deleteId = database.prepare('DELETE FROM search_rows WHERE search_id = ?')
    // The driver binds what is beyond 32 bits as a real number, which FTS5 takes for no rowid.
    this.writeWords = database.prepare(
      'INSERT OR REPLACE INTO search_words (rowid, words) VALUES (CAST(? AS INTEGER), ?)',
    )
    this.deleteWords = database.prepare('DELETE FROM search_words WHERE rowid = CAST(? AS INTEGER)')
    this.mergePages = database.prepare("INSERT INTO search_words (search_words, rank) VALUES ('merge', ?)")
    this.countChanges = database.prepare<[], number>('SELECT total_changes()').pluck()
  }

  /** The next messages after a row, in the order they were stored. */
  beyond(row: number, limit: number): Indexable[] {
    return this.selectBeyond.all(row, limit).map(indexableOf)
  }

  /** The last messages before a row, the newest first. */
  below(row: number, limit: number): Indexable[] {
    return this.selectBelow.all(row, limit).map(indexableOf)
  }

  find(row: number): Indexable | undefined {
    const found = this.selectRow.get(row)
    return found && indexableOf(found)
  }

  /** Stored parts of the album that a message is of, by message id; the message alone where it is of none. */
  partsOf(message: Indexable): Indexable[] {
    const { chatId, groupedId, accountId } = message
    return groupedId === null ? [message] : this.selectAlbum.all(chatId, groupedId, accountId).map(indexableOf)
  }

  /** Rows that changed since they were indexed. */
  changed(limit: number): number[] {
    return this.selectChanged.all(limit)
  }

  forgetChange(row: number): void {
    this.dropChange.run(row)
  }

  noteChange(row: number): void {
    this.addChange.run(row)
  }

  /** Id of a row's document, a new one where it has none. */
  idOf(row: number, unixSeconds: number): number {
    const known = this.selectId.get(row)
    if (known !== undefined) return known
    const first = searchIdAt(unixSeconds)
    for (let tried = 0; ; tried++) {
      const place = ((row + tried) % PLACES) + PLACES * Math.floor(tried / TRIES)
      if (this.insertId.run(first + place, row).changes > 0) return first + place
    }
  }

  /** FTS5 writes a piece of index each time that ids do not rise: several are to be put in the order of their ids. */
  put(searchId: number, words: string): void {
    this.writeWords.run(searchId, words)
  }

  /** Whether a row had a document; it has none any more. */
  remove(row: number): boolean {
    const searchId = this.selectId.get(row)
    if (searchId === undefined) return false
    this.deleteWords.run(searchId)
    this.deleteId.run(searchId)
    return true
  }

  /** Some of the work of merging pieces of the index; false where nothing is left to do. */
  merge(pages: number): boolean {
    const before = this.countChanges.get() ?? 0
    this.mergePages.run(pages)
    // sqlite.org/fts5.html section 6.8: fewer than two changes say that there was nothing to merge.
    return (this.countChanges.get() ?? 0) - before >= 2
  }

  clear(): void {
    this.database.exec("INSERT INTO search_words (search_words) VALUES ('delete-all')")
    this.database.exec('DELETE FROM search_rows; DELETE FROM search_changes')
  }
}

function indexableOf({ deletedAt, ...row }: Row): Indexable {
  return { ...row, isOwn: (row.flags & MessageFlag.outgoing) !== 0, isDeleted: deletedAt !== null }
}
