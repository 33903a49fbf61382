import { isoMoment } from '@tgsentinel/kernel/time'
import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import type { Alert, AlertChange, AlertFilterState, MarkedId, Reason } from '../model'
import { CHANGES_COLUMN, changesFrom } from './message-changes'
import { mediumView } from '../medium'
import { STORED_ACCOUNTS } from './messages'
import { chatView, PEER_COLUMNS, PEER_JOINS, senderView, type PeerColumns } from './peer-views'

export interface NewAlert {
  profileId: number
  profileName: string
  messageRow: number
  chatId: MarkedId
  text: string
  score: number
  reasons: Reason[]
  relevance: number | null
  isExploration: boolean
  raisedBy: Alert['raised_by']
  createdAtMs: number
}

export interface AlertQuery {
  profileId?: number | undefined
  chatId?: MarkedId | undefined
  sinceMs?: number | undefined
  minScore?: number | undefined
  text?: string | undefined
  state?: AlertFilterState | undefined
  /** Not what was shown to learn from. */
  withoutExploration?: boolean | undefined
  /** Only alerts with a smaller id. */
  beforeId?: number | undefined
  limit: number
}

interface AlertRow extends PeerColumns {
  id: number
  profile_id: number
  profile_name: string
  score: number
  reasons: string
  created_at: number
  is_read: number
  is_starred: number
  is_dismissed: number
  relevance: number | null
  is_exploration: number
  label: number | null
  copies: number
  copy_chats: number
  raised_by: Alert['raised_by']
  changes: string | null
  message_id: number
  topic_id: number | null
  date: number
  text: string
  media: string | null
  medium_label: string | null
}

const COLUMNS = `a.id, a.profile_id, a.profile_name, a.score, a.reasons, a.created_at, a.is_read, a.is_starred, a.is_dismissed,
    a.relevance, a.is_exploration, a.copies, a.copy_chats, a.raised_by, l.relevant AS label, m.message_id, m.topic_id, m.date,
    coalesce(a.text, m.full_text) AS text, m.media, m.facts ->> '$.label' AS medium_label, ${CHANGES_COLUMN}, ${PEER_COLUMNS}`
const JOINS = `JOIN messages m ON m.id = a.message_row ${PEER_JOINS}
    LEFT JOIN labels l ON l.profile_id = a.profile_id AND l.chat_id = m.chat_id AND l.message_id = m.message_id`
const SELECT = `SELECT ${COLUMNS} FROM alerts a ${JOINS}`

const STATE_FILTER: Record<AlertFilterState, string> = {
  unread: 'a.is_read = 0 AND a.is_dismissed = 0',
  read: 'a.is_read = 1',
  starred: 'a.is_starred = 1',
  dismissed: 'a.is_dismissed = 1',
}

export class AlertTable {
  private readonly insert
  private readonly selectAlbum
  private readonly insertText
  private readonly selectOne
  private readonly selectOf
  private readonly selectOfMessage
  private readonly selectRaised
  private readonly setText
  private readonly update
  private latestMs: number
  private readonly lists = new Map<string, { all(parameters: object): unknown[] }>()

  constructor(private readonly database: SqliteDatabase) {
    this.insert = database.prepare<
      [Omit<NewAlert, 'reasons' | 'isExploration'> & { reasons: string; isExploration: number }]
    >(`
      INSERT INTO alerts (profile_id, profile_name, message_row, chat_id, score, reasons, relevance, is_exploration, raised_by, created_at)
      VALUES (@profileId, @profileName, @messageRow, @chatId, @score, @reasons, @relevance, @isExploration, @raisedBy, @createdAtMs)
      ON CONFLICT (message_row, profile_id) DO NOTHING`)
    this.selectAlbum = database.prepare<[number, string, number], { id: number }>(`
      SELECT a.id FROM messages m CROSS JOIN alerts a ON a.message_row = m.id
      WHERE m.chat_id = ? AND m.grouped_id = ? AND a.profile_id = ? LIMIT 1`)
    this.insertText = database.prepare('INSERT INTO alert_texts (rowid, text) VALUES (?, ?)')
    this.selectOne = database.prepare<[number], AlertRow>(`${SELECT} WHERE a.id = ?`)
    this.selectOf = database.prepare<[{ profileId: number; chatId: MarkedId; messageId: number }], AlertRow>(
      `${SELECT} WHERE a.id = (
        SELECT o.id FROM messages w CROSS JOIN alerts o ON o.message_row = w.id AND o.profile_id = @profileId
        WHERE w.account_id IN ${STORED_ACCOUNTS} AND w.chat_id = @chatId AND w.message_id = @messageId LIMIT 1)`,
    )
    this.selectOfMessage = database.prepare<[number], AlertRow>(`${SELECT} WHERE a.message_row = ? ORDER BY a.id`)
    this.selectRaised = database
      .prepare<[number, number], number>('SELECT 1 FROM alerts WHERE message_row = ? AND profile_id = ?')
      .pluck()
    this.setText = database.prepare<[string, number]>('UPDATE alerts SET text = coalesce(text, ?) WHERE id = ?')
    this.update = database.prepare('UPDATE alerts SET is_read = ?, is_starred = ?, is_dismissed = ? WHERE id = ?')
    this.latestMs =
      database.prepare<[], { ms: number | null }>('SELECT max(created_at) AS ms FROM alerts').get()?.ms ?? 0
  }

  /** The alert's id, or undefined where this message already raised one for this profile. */
  add(alert: NewAlert): number | undefined {
    // Ids and times rise together, whatever the clock does: `since` is found by id.
    this.latestMs = Math.max(this.latestMs, alert.createdAtMs)
    const row = { ...alert, reasons: JSON.stringify(alert.reasons), isExploration: Number(alert.isExploration) }
    const result = this.insert.run({ ...row, createdAtMs: this.latestMs })
    if (result.changes === 0) return undefined
    this.insertText.run(result.lastInsertRowid, alert.text)
    return Number(result.lastInsertRowid)
  }

  /** Whether a part of an album has raised an alert of the profile already. */
  hasAlbum(profileId: number, chatId: MarkedId, groupedId: string): boolean {
    return this.selectAlbum.get(chatId, groupedId, profileId) !== undefined
  }

  find(id: number): Alert | undefined {
    const row = this.selectOne.get(id)
    return row && toAlert(row)
  }

  /** The alert that a message raised for a profile. */
  findOf(profileId: number, chatId: MarkedId, messageId: number): Alert | undefined {
    const row = this.selectOf.get({ profileId, chatId, messageId })
    return row && toAlert(row)
  }

  /** All alerts that the message of a row raised. */
  ofMessage(row: number): Alert[] {
    return this.selectOfMessage.all(row).map(toAlert)
  }

  hasRaised(profileId: number, messageRow: number): boolean {
    return this.selectRaised.get(messageRow, profileId) !== undefined
  }

  /** What its message said when it was raised, before the message became another: the first one counts. */
  keepText(id: number, text: string): void {
    this.setText.run(text, id)
  }

  /** By the key alone, so that a page over a million rows costs what one over a thousand does. */
  list(query: AlertQuery): Alert[] {
    const filters = filtersOf(query)
    const statement = this.prepare(filters.join(' AND '), query.text !== undefined && isIndexed(query.text))
    return (statement.all(parametersOf(query)) as AlertRow[]).map(toAlert)
  }

  /** How the count of unread alerts moves, or undefined where there is no such alert. */
  change(id: number, change: AlertChange): number | undefined {
    const before = this.selectOne.get(id)
    if (!before) return undefined
    const after = {
      is_read: Number(change.read ?? before.is_read),
      is_starred: Number(change.starred ?? before.is_starred),
      is_dismissed: Number(change.dismissed ?? before.is_dismissed),
    }
    this.update.run(after.is_read, after.is_starred, after.is_dismissed, id)
    return Number(isUnread(after)) - Number(isUnread(before))
  }

  private prepare(where: string, byText: boolean) {
    const key = `${byText} ${where}`
    let statement = this.lists.get(key)
    if (!statement) {
      const from = byText ? `SELECT ${COLUMNS} FROM alert_texts t JOIN alerts a ON a.id = t.rowid ${JOINS}` : SELECT
      const order = byText ? 't.rowid' : 'a.id'
      statement = this.database.prepare<[object]>(
        `${from} ${where && `WHERE ${where}`} ORDER BY ${order} DESC LIMIT @limit`,
      )
      this.lists.set(key, statement)
    }
    return statement
  }
}

function isUnread(alert: { is_read: number; is_dismissed: number }): boolean {
  return !alert.is_read && !alert.is_dismissed
}

/** The index knows sequences of three characters; shorter texts are looked for in the rows. */
function isIndexed(text: string): boolean {
  return [...text].length >= 3
}

function filtersOf(query: AlertQuery): string[] {
  const filters: string[] = []
  if (query.profileId !== undefined) filters.push('a.profile_id = @profileId')
  if (query.chatId !== undefined) filters.push('a.chat_id = @chatId')
  if (query.sinceMs !== undefined)
    filters.push('a.id >= (SELECT id FROM alerts WHERE created_at >= @sinceMs ORDER BY created_at, id LIMIT 1)')
  if (query.minScore !== undefined) filters.push('a.score >= @minScore')
  if (query.state !== undefined) filters.push(STATE_FILTER[query.state])
  if (query.withoutExploration) filters.push('a.is_exploration = 0')
  if (query.beforeId !== undefined)
    filters.push(`${query.text !== undefined && isIndexed(query.text) ? 't.rowid' : 'a.id'} < @beforeId`)
  if (query.text !== undefined)
    filters.push(isIndexed(query.text) ? 'alert_texts MATCH @match' : `(${LIKE_FORMS.join(' OR ')})`)
  return filters
}

function parametersOf(query: AlertQuery): object {
  const text = query.text ?? ''
  const match = `"${text.replaceAll('"', '""')}"`
  return {
    profileId: null,
    chatId: null,
    sinceMs: null,
    minScore: null,
    beforeId: null,
    ...query,
    match,
    ...likes(text),
  }
}

const LIKE_FORMS = [0, 1, 2, 3].map((form) => `coalesce(a.text, m.full_text) LIKE @like${form} ESCAPE '\\'`)

/** LIKE folds ASCII alone; one or two characters have four forms at most. */
function likes(text: string): Record<string, string> {
  const [first = '', second = ''] = text
  const forms = [first.toLowerCase(), first.toUpperCase()].flatMap((one) => [
    one + second.toLowerCase(),
    one + second.toUpperCase(),
  ])
  return Object.fromEntries(forms.map((form, index) => [`like${index}`, `%${form.replace(/[\\%_]/g, '\\$&')}%`]))
}

function toAlert(row: AlertRow): Alert {
  return {
    id: row.id,
    profile_id: row.profile_id,
    profile_name: row.profile_name,
    chat: chatView(row),
    sender: senderView(row),
    message_id: row.message_id,
    topic_id: row.topic_id,
    text: row.text,
    medium: mediumView(row.media, row.medium_label),
    posted_at: isoMoment(row.date * 1000),
    score: row.score,
    reasons: JSON.parse(row.reasons) as Reason[],
    created_at: isoMoment(row.created_at),
    read: row.is_read === 1,
    starred: row.is_starred === 1,
    dismissed: row.is_dismissed === 1,
    relevance: row.relevance,
    is_exploration: row.is_exploration === 1,
    label: row.label === null ? null : row.label === 1,
    copies: row.copies,
    copy_chats: row.copy_chats,
    raised_by: row.raised_by,
    changes: changesFrom(row.changes, row.date),
  }
}
