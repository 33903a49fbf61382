import Database from '@tgsentinel/sqlite-driver'

/** What a sentinel's database holds, read from outside. */
export interface Stored {
  messages: StoredRow[]
  /** By row of messages, oldest first. */
  versions: Map<number, { text: string; writtenAt: number }[]>
  /** Of the newest count, by row of messages. */
  reactions: Map<number, Record<string, number> | null>
  cursors: StoredCursor[]
  coverage: { chatId: number; firstId: number; upToId: number; closedReason: string | null }[]
  gaps: { id: number; chatId: number | null; reason: string; state: string; detail: string | null }[]
  backfills: { id: number; chatId: number; state: string; problem: string | null }[]
  /** Row of messages, once for each alert. */
  alerts: number[]
  scoredUpTo: number
  unreadable: { chatId: number; messageId: number; senderId: number | null; date: number | null; reason: string }[]
  /** Messages and alerts as they were counted by the hour and in all. */
  counted: { traffic: number; messages: number; alerts: number; alertTraffic: number; alertEvents: number }
}

export interface StoredRow {
  row: number
  chatId: number
  messageId: number
  senderId: number | null
  date: number
  text: string
  editedAt: number | null
  deletedAt: number | null
  isPinned: number
}

export interface StoredCursor {
  box: number
  pts: number
}

export function readCursors(path: string): StoredCursor[] {
  return withDatabase(path, (rows) => rows<StoredCursor>('SELECT box, pts FROM cursors'))
}

/** Rows as they were at one moment. */
export function readStored(path: string, account: number): Stored {
  return withDatabase(path, (rows) => ({
    messages: rows<StoredRow>(
      `SELECT id AS row, chat_id AS chatId, message_id AS messageId, sender_id AS senderId, date, text, edited_at AS editedAt,
        deleted_at AS deletedAt, is_pinned AS isPinned FROM messages WHERE account_id = ? ORDER BY id`,
      account,
    ),
    versions: versionsOf(rows),
    reactions: reactionsOf(rows),
    cursors: rows<StoredCursor>('SELECT box, pts FROM cursors'),
    coverage: rows(
      'SELECT chat_id AS chatId, first_id AS firstId, up_to_id AS upToId, closed_reason AS closedReason FROM coverage',
    ),
    gaps: rows('SELECT id, chat_id AS chatId, reason, state, detail FROM gaps'),
    backfills: rows('SELECT id, chat_id AS chatId, state, problem FROM backfills'),
    alerts: rows<{ row: number }>('SELECT message_row AS row FROM alerts ORDER BY id').map(({ row }) => row),
    scoredUpTo: Number(
      rows<{ value: string }>("SELECT value FROM settings WHERE name = 'scored_up_to'")[0]?.value ?? 0,
    ),
    unreadable: rows(
      `SELECT chat_id AS chatId, message_id AS messageId, sender_id AS senderId, date, reason
        FROM unreadable_messages WHERE account_id = ?`,
      account,
    ),
    counted: rows<Stored['counted']>(COUNTED)[0] as Stored['counted'],
  }))
}

const COUNTED = `SELECT
  (SELECT coalesce(sum(messages), 0) FROM traffic) AS traffic,
  (SELECT value FROM totals WHERE name = 'messages') AS messages,
  (SELECT value FROM totals WHERE name = 'alerts') AS alerts,
  (SELECT coalesce(sum(alerts), 0) FROM alert_traffic WHERE profile_id = 0) AS alertTraffic,
  (SELECT count(*) FROM events WHERE type = 'alert') AS alertEvents`

type Rows = <T>(sql: string, ...parameters: unknown[]) => T[]

function withDatabase<T>(path: string, read: (rows: Rows) => T): T {
  const database = new Database(path, { readonly: true })
  try {
    const rows: Rows = <R>(sql: string, ...parameters: unknown[]) => database.prepare(sql).all(...parameters) as R[]
    return database.transaction(() => read(rows))()
  } finally {
    database.close()
  }
}

function versionsOf(rows: Rows): Stored['versions'] {
  type Version = { row: number; text: string; writtenAt: number }
  const sql =
    'SELECT message_row AS row, text, written_at AS writtenAt FROM message_versions ORDER BY message_row, number'
  const versions: Stored['versions'] = new Map()
  for (const { row, text, writtenAt } of rows<Version>(sql)) {
    const known = versions.get(row)
    if (known) known.push({ text, writtenAt })
    else versions.set(row, [{ text, writtenAt }])
  }
  return versions
}

function reactionsOf(rows: Rows): Stored['reactions'] {
  const sql = 'SELECT message_row AS row, reactions FROM message_counts ORDER BY at'
  const found = rows<{ row: number; reactions: string | null }>(sql)
  return new Map(found.map(({ row, reactions }) => [row, reactions === null ? null : JSON.parse(reactions)]))
}
