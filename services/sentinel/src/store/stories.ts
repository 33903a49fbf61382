import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import { isoMoment, SECOND } from '@tgsentinel/kernel/time'
import type { ChatKind, MarkedId, Telling } from '../model'
import type { StoredMessage } from './messages'

/** An alert that may tell the same story. */
export interface Candidate {
  alertId: number
  text: string
}

interface TellingRow {
  chat_id: number
  title: string | null
  kind: ChatKind | null
  username: string | null
  message_id: number
  topic_id: number | null
  date: number
  likeness: number
  is_alert: number
}

export const MOST_CANDIDATES = 20
/** Several times what an alert opens: what is older goes little by little, and never piles up. */
const FORGOTTEN_AT_ONCE = 200

/** Which alerts tell a story, by keys that alike messages share, and where else each was told. */
export class StoryTable {
  private readonly insertKey
  private readonly selectCandidates
  private readonly insertTelling
  private readonly countTellings
  private readonly selectTellings
  private readonly selectOrigin
  private readonly removeBefore

  constructor(database: SqliteDatabase) {
    this.insertKey = database.prepare(
      'INSERT INTO story_keys (profile_id, key, alert_id, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    )
    // CROSS JOIN holds SQLite to the order: a look-up for each key, by itself it walks all keys of the profile. Of a key that
    // hundreds share the newest are enough, since no more are compared.
    this.selectCandidates = database.prepare<[{ keys: string; profileId: number; sinceMs: number }], Candidate>(`
      SELECT a.id AS alertId, coalesce(a.text, m.full_text) AS text FROM (
        SELECT DISTINCT s.id AS alert_id FROM json_each(@keys) j CROSS JOIN alerts s ON s.id IN (
          SELECT k.alert_id FROM story_keys k WHERE k.profile_id = @profileId AND k.key = j.value AND k.at >= @sinceMs
          ORDER BY k.alert_id DESC LIMIT ${MOST_CANDIDATES}
        ) ORDER BY alert_id DESC LIMIT ${MOST_CANDIDATES}
      ) c JOIN alerts a ON a.id = c.alert_id JOIN messages m ON m.id = a.message_row ORDER BY a.id DESC`)
    this.insertTelling = database.prepare(`
      INSERT INTO tellings (alert_id, chat_id, message_id, topic_id, date, likeness) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT DO NOTHING`)
    this.countTellings = database.prepare(`
      UPDATE alerts SET copies = (SELECT count(*) FROM tellings WHERE alert_id = alerts.id),
        copy_chats = (SELECT count(DISTINCT chat_id) FROM tellings t WHERE t.alert_id = alerts.id AND t.chat_id <> alerts.chat_id)
      WHERE id = ?`)
    this.selectTellings = database.prepare<[{ id: number; limit: number }], TellingRow>(`
      SELECT t.*, c.title, c.kind, c.username FROM (
        SELECT m.chat_id, m.message_id, m.topic_id, m.date, 1 AS likeness, 1 AS is_alert
        FROM alerts a JOIN messages m ON m.id = a.message_row WHERE a.id = @id
        UNION ALL SELECT chat_id, message_id, topic_id, date, likeness, 0 FROM tellings WHERE alert_id = @id
      ) t LEFT JOIN chats c ON c.id = t.chat_id ORDER BY t.date, t.is_alert DESC LIMIT @limit`)
    this.selectOrigin = database.prepare<[number], { chat: number | null; message: number | null }>(`
      SELECT facts ->> '$.forward.from' AS chat, facts ->> '$.forward.messageId' AS message FROM messages WHERE id = ?`)
    this.removeBefore = database.prepare(`
      DELETE FROM story_keys WHERE (profile_id, key, alert_id) IN (
        SELECT profile_id, key, alert_id FROM story_keys WHERE at < ? LIMIT ${FORGOTTEN_AT_ONCE})`)
  }

  /** The message that a stored one was forwarded from; null where it is none, or where Telegram does not say. */
  originOf(row: number): { chatId: MarkedId; messageId: number } | null {
    const { chat, message } = this.selectOrigin.get(row) ?? { chat: null, message: null }
    return chat === null || message === null ? null : { chatId: chat, messageId: message }
  }

  open(profileId: number, alertId: number, keys: readonly number[], atMs: number): void {
    for (const key of keys) this.insertKey.run(profileId, key, alertId, atMs)
  }

  /** Alerts of a profile that share a key, the newest first. */
  candidates(profileId: number, keys: readonly number[], sinceMs: number): Candidate[] {
    return this.selectCandidates.all({ keys: JSON.stringify(keys), profileId, sinceMs })
  }

  /** Whether it was new. */
  addTelling(alertId: number, { chatId, messageId, topicId, date }: StoredMessage, likeness: number): boolean {
    const isNew = this.insertTelling.run(alertId, chatId, messageId, topicId, date, likeness).changes > 0
    if (isNew) this.countTellings.run(alertId)
    return isNew
  }

  /** Where a story was told, the earliest first. */
  tellings(alertId: number, limit: number): (Telling & { topicId: number | null; username: string | null })[] {
    return this.selectTellings.all({ id: alertId, limit }).map((row) => ({
      chat: {
        id: String(row.chat_id),
        title: row.title ?? `Chat ${row.chat_id}`,
        kind: row.kind ?? 'group',
        username: row.username,
      },
      message_id: row.message_id,
      posted_at: isoMoment(row.date * SECOND),
      likeness: row.likeness,
      is_alert: row.is_alert === 1,
      link: null,
      topicId: row.topic_id,
      username: row.username,
    }))
  }

  /** What is older tells nothing new: some of it goes with each call. */
  forget(beforeMs: number): void {
    this.removeBefore.run(beforeMs)
  }
}
