/**
 * Reads a session file of Pyrogram, Pyrofork or Kurigram, in the child process alone. Its update states are left: the
 * tools disagree about which ids stand there, and Telegram tells the state anew at the first connect.
 */
import {
  checkPyrogramValues,
  pickSessionRow,
  type ForeignValues,
  type PyrogramFileFacts,
  type PyrogramRow,
  type SqliteValue,
} from '@tgsentinel/session-codec/session-codec'
import type Database from '@tgsentinel/sqlite-driver'
import { momentColumn, typedColumn } from './session-hostile'

/** Version 1 marked ids in another way; Pyrogram empties the table when it upgrades such a file. */
const FIRST_VERSION_WITH_MARKED_IDS = 2

export function readPyrogramValues(
  db: Database.Database,
  file: PyrogramFileFacts,
  allow: readonly string[],
): ForeignValues {
  const version = db.prepare('SELECT number FROM version LIMIT 1').pluck().get() as SqliteValue | undefined
  const flag = (name: string) => `CASE WHEN typeof(${name}) IN ('integer', 'null') THEN ${name} ELSE 2 END`
  const rows = db
    .prepare(
      `SELECT CASE WHEN typeof(dc_id) = 'integer' THEN dc_id END AS dcId,
        ${flag('test_mode')} AS testMode, ${flag('is_bot')} AS isBot,
        CASE WHEN typeof(user_id) IN ('integer', 'null') THEN user_id ELSE -1 END AS userId,
        CASE WHEN typeof(auth_key) = 'blob' AND length(auth_key) <= 1024 THEN auth_key END AS authKey
      FROM sessions LIMIT 20`,
    )
    .all() as Omit<PyrogramRow, 'schemaVersion' | 'isWal'>[]
  const row = pickSessionRow(rows)
  const stored = row === null ? null : { ...row, schemaVersion: version ?? null, isWal: file.isWal }
  return checkPyrogramValues(stored, { dataCentres: allow })
}

/** Puts what the file knows of people and chats into `target.entities`, the own user id into row 0; returns the rows. */
export function copyPyrogramEntities(db: Database.Database, file: PyrogramFileFacts, values: ForeignValues): number {
  let rows = values.schemaVersion < FIRST_VERSION_WITH_MARKED_IDS ? 0 : copyPeers(db, file)
  if (values.userId !== null) {
    rows += db.prepare('INSERT INTO target.entities (id, hash) VALUES (0, ?)').run(values.userId).changes
  }
  return rows
}

/** Ids are marked as Telethon marks them, so the mark tells groups, which have no access hash. */
function copyPeers(db: Database.Database, file: PyrogramFileFacts): number {
  const columns = file.tables.get('peers') ?? []
  const isGroup = 'id BETWEEN -999999999999 AND -1'
  const carried = [
    `lower(${typedColumn(columns, 'username', 'text')})`,
    phoneColumn(columns),
    momentColumn(columns, 'last_update_on'),
  ]
  const rows = db
    .prepare(
      `INSERT OR REPLACE INTO target.entities (id, hash, username, phone, date)
      SELECT id, CASE WHEN ${isGroup} THEN 0 ELSE access_hash END, ${carried.join(', ')} FROM main.peers
      WHERE typeof(id) = 'integer' AND id <> 0
        AND (${isGroup} OR (typeof(access_hash) = 'integer' AND access_hash <> 0))`,
    )
    .run().changes
  copyUsernames(db, file.tables.get('usernames') ?? [])
  return rows
}

/** Pyrogram stores digits as text. */
function phoneColumn(columns: readonly string[]): string {
  if (!columns.includes('phone_number')) return 'NULL'
  const isNumber = `length(phone_number) BETWEEN 1 AND 15 AND NOT phone_number GLOB '*[^0-9]*'`
  return `CASE WHEN typeof(phone_number) = 'text' AND ${isNumber} THEN CAST(phone_number AS INTEGER) END`
}

/** A table of their own since version 4: (id, username) in Kurigram, (id, peer_id) with the name as id in Pyrofork. */
function copyUsernames(db: Database.Database, columns: readonly string[]): void {
  const isPyrofork = columns.includes('peer_id')
  const [id, username] = isPyrofork ? ['peer_id', 'id'] : ['id', 'username']
  if (![id, username].every((column) => columns.includes(column))) return
  // Of several names the one that was stored first: SQLite takes the other columns from the row of min().
  db.prepare(
    `UPDATE target.entities AS entity SET username = name.username FROM (
      SELECT ${id} AS peerId, lower(${username}) AS username, min(rowid) FROM main.usernames
      WHERE typeof(${id}) = 'integer' AND typeof(${username}) = 'text' AND length(${username}) BETWEEN 1 AND 256
      GROUP BY ${id}
    ) AS name WHERE entity.id = name.peerId AND entity.id <> 0 AND entity.username IS NULL`,
  ).run()
}
