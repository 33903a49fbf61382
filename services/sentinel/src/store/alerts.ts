import { isoMoment } from '@tgsentinel/kernel/time'
import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import { findingsOf, type AlertFindings } from '../alert-profiles'
import { deepLink } from '../message-link'
import type { Alert, AlertChange, AlertFilterState, AlertProfile, MarkedId } from '../model'
import { AlertProfileTable, PROFILES_COLUMN, profilesFrom } from './alert-profiles'
import { CHANGES_COLUMN, changesFrom } from './message-changes'
import { mediumView } from '../medium'
import { STORED_ACCOUNTS, type StoredMessage } from './messages'
import { chatView, PEER_COLUMNS, PEER_JOINS, senderView, type PeerColumns } from './peer-views'

export interface NewAlert {
  messageRow: number
  chatId: MarkedId
  text: string
  createdAtMs: number
  /** At least one. */
  profiles: readonly AlertProfile[]
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
  profiles: string
  created_at: number
  is_read: number
  is_starred: number
  is_dismissed: number
  copies: number
  copy_chats: number
  changes: string | null
  snoozed_until: number | null
  message_id: number
  topic_id: number | null
  date: number
  text: string
  media: string | null
  medium_label: string | null
}

const COLUMNS = `a.id, a.created_at, a.is_read, a.is_starred, a.is_dismissed, a.copies, a.copy_chats, m.message_id, m.topic_id, m.date,
    coalesce(a.text, m.full_text) AS text, m.media, (SELECT z.until FROM snoozes z WHERE z.alert_id = a.id) AS snoozed_until, m.facts ->> '$.label' AS medium_label,
    ${PROFILES_COLUMN}, ${CHANGES_COLUMN}, ${PEER_COLUMNS}`
const JOINS = `JOIN messages m ON m.id = a.message_row ${PEER_JOINS}`
const SELECT = `SELECT ${COLUMNS} FROM alerts a ${JOINS}`

const STATE_FILTER: Record<AlertFilterState, string> = {
  unread: 'a.is_read = 0 AND a.is_dismissed = 0',
  read: 'a.is_read = 1',
  starred: 'a.is_starred = 1',
  dismissed: 'a.is_dismissed = 1',
  snoozed: 'a.id IN (SELECT alert_id FROM snoozes)',
}

export class AlertTable {
  private readonly insert
  private readonly selectAlbum
  private readonly insertText
  private readonly forgetText
  private readonly selectOne
  private readonly selectOf
  private readonly selectOfMessage
  private readonly selectId
  private readonly setText
  private readonly setWeight
  private readonly renewText
  private readonly update
  private latestMs: number
  private readonly profiles: AlertProfileTable
  private readonly lists = new Map<string, { all(parameters: object): unknown[] }>()

  constructor(private readonly database: SqliteDatabase) {
    this.profiles = new AlertProfileTable(database)
    this.insert = database.prepare<[object]>(`
      INSERT INTO alerts (message_row, chat_id, score, is_exploration, created_at)
      VALUES (@messageRow, @chatId, @score, @isExploration, @createdAtMs) ON CONFLICT (message_row) DO NOTHING`)
    this.selectAlbum = database
      .prepare<[number, string], number>(
        `SELECT a.id FROM messages m CROSS JOIN alerts a ON a.message_row = m.id
          WHERE m.chat_id = ? AND m.grouped_id = ? LIMIT 1`,
      )
      .pluck()
    this.insertText = database.prepare('INSERT INTO alert_texts (rowid, text) VALUES (?, ?)')
    // An index without content asks for what it took.
    this.forgetText = database.prepare("INSERT INTO alert_texts (alert_texts, rowid, text) VALUES ('delete', ?, ?)")
    this.selectOne = database.prepare<[number], AlertRow>(`${SELECT} WHERE a.id = ?`)
    this.selectOf = database.prepare<[{ chatId: MarkedId; messageId: number }], AlertRow>(
      `${SELECT} WHERE a.id = (
        SELECT o.id FROM messages w CROSS JOIN alerts o ON o.message_row = w.id
        WHERE w.account_id IN ${STORED_ACCOUNTS} AND w.chat_id = @chatId AND w.message_id = @messageId LIMIT 1)`,
    )
    this.selectOfMessage = database.prepare<[number], AlertRow>(`${SELECT} WHERE a.message_row = ?`)
    this.selectId = database.prepare<[number], number>('SELECT id FROM alerts WHERE message_row = ?').pluck()
    this.setText = database.prepare<[string, number]>('UPDATE alerts SET text = coalesce(text, ?) WHERE id = ?')
    this.setWeight = database.prepare<[object]>(
      'UPDATE alerts SET score = @score, is_exploration = @isExploration WHERE id = @id',
    )
    this.renewText = database.prepare<[number]>(`
      UPDATE alerts SET text = m.full_text FROM messages m
      WHERE alerts.id = ? AND m.id = alerts.message_row AND alerts.text IS NOT NULL AND alerts.text <> m.full_text`)
    this.update = database.prepare('UPDATE alerts SET is_read = ?, is_starred = ?, is_dismissed = ? WHERE id = ?')
    this.latestMs =
      database.prepare<[], { ms: number | null }>('SELECT max(created_at) AS ms FROM alerts').get()?.ms ?? 0
  }

  /** The alert's id, or undefined where this message already raised one. */
  add(alert: NewAlert): number | undefined {
    // Ids and times rise together, whatever the clock does: `since` is found by id.
    this.latestMs = Math.max(this.latestMs, alert.createdAtMs)
    const { messageRow, chatId, text, profiles } = alert
    const weight = weightOf(findingsOf(profiles))
    const result = this.insert.run({ messageRow, chatId, createdAtMs: this.latestMs, ...weight })
    if (result.changes === 0) return undefined
    const id = Number(result.lastInsertRowid)
    this.insertText.run(id, text)
    this.profiles.add(id, profiles)
    return id
  }

  /** From now on it is for these profiles, too, which found what they did in what its message says by now. */
  join(id: number, profiles: readonly AlertProfile[]): void {
    const before = this.find(id)
    const isRenewed = this.renewText.run(id).changes > 0
    if (isRenewed) this.profiles.forgetMatches(id)
    this.profiles.add(id, profiles)
    const joined = this.find(id)
    if (!before || !joined) return
    this.setWeight.run({ id, ...weightOf(joined) })
    if (isRenewed) this.indexAnew(id, before.text, joined.text)
  }

  /** It is found by what it says now. */
  private indexAnew(id: number, before: string, now: string): void {
    this.forgetText.run(id, before)
    this.insertText.run(id, now)
  }

  /** The alert that a message, or another part of its album, has raised already: an album is one item. */
  idFor({ row, chatId, groupedId }: Pick<StoredMessage, 'row' | 'chatId' | 'groupedId'>): number | undefined {
    return this.selectId.get(row) ?? (groupedId === null ? undefined : this.selectAlbum.get(chatId, groupedId))
  }

  isFor(id: number, profileId: number): boolean {
    return this.profiles.has(id, profileId)
  }

  find(id: number): Alert | undefined {
    const row = this.selectOne.get(id)
    return row && toAlert(row)
  }

  /** The alert that a message raised. */
  findOf(chatId: MarkedId, messageId: number): Alert | undefined {
    const row = this.selectOf.get({ chatId, messageId })
    return row && toAlert(row)
  }

  /** The alert that the message of a row raised. */
  ofMessage(row: number): Alert | undefined {
    const found = this.selectOfMessage.get(row)
    return found && toAlert(found)
  }

  /** Id of the newest finding of the alerts that were raised before a moment. */
  lastFindingBefore(ms: number): number {
    return this.profiles.lastBefore(ms)
  }

  /** Id of the newest finding of a profile; 0 where there is none. */
  lastFinding(): number {
    return this.profiles.last()
  }

  /** What its message said when it was raised, before the message became another: the first one counts. */
  keepText(id: number, text: string): void {
    this.setText.run(text, id)
  }

  /** By the key alone, so that a page over a million rows costs what one over a thousand does. */
  list(query: AlertQuery): Alert[] {
    const statement = this.prepare(filtersOf(query).join(' AND '), wayTo(query))
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

  private prepare(where: string, { from, order }: Way) {
    const key = `${from} ${where}`
    let statement = this.lists.get(key)
    if (!statement) {
      statement = this.database.prepare<[object]>(
        `SELECT ${COLUMNS} FROM ${from} ${JOINS} ${where && `WHERE ${where}`} ORDER BY ${order} DESC LIMIT @limit`,
      )
      this.lists.set(key, statement)
    }
    return statement
  }
}

/** What a list is filtered by: that of the profile that stands first. */
function weightOf({ score, is_exploration: isExploration }: AlertFindings) {
  return { score, isExploration: Number(isExploration) }
}

function isUnread(alert: { is_read: number; is_dismissed: number }): boolean {
  return !alert.is_read && !alert.is_dismissed
}

/** The index knows sequences of three characters; shorter texts are looked for in the rows. */
function isIndexed(text: string): boolean {
  return [...text].length >= 3
}

/** Where a list begins to look, and the column of the alert's id by which it goes on from there. */
interface Way {
  from: string
  order: string
}
const BY_TEXT = 'alert_texts t JOIN alerts a ON a.id = t.rowid'
const OF_PROFILE = 'alert_profiles p ON p.alert_id = a.id AND p.profile_id = @profileId'

function wayTo({ text, profileId }: AlertQuery): Way {
  if (text !== undefined && isIndexed(text))
    return { from: profileId === undefined ? BY_TEXT : `${BY_TEXT} JOIN ${OF_PROFILE}`, order: 't.rowid' }
  if (profileId === undefined) return { from: 'alerts a', order: 'a.id' }
  return { from: 'alert_profiles p JOIN alerts a ON a.id = p.alert_id', order: 'p.alert_id' }
}

function filtersOf(query: AlertQuery): string[] {
  const filters: string[] = []
  const { order } = wayTo(query)
  const finding = query.profileId === undefined ? 'a' : 'p'
  if (query.profileId !== undefined) filters.push('p.profile_id = @profileId')
  if (query.chatId !== undefined) filters.push('a.chat_id = @chatId')
  if (query.sinceMs !== undefined)
    filters.push(`${order} >= (SELECT id FROM alerts WHERE created_at >= @sinceMs ORDER BY created_at, id LIMIT 1)`)
  if (query.minScore !== undefined) filters.push(`${finding}.score >= @minScore`)
  if (query.state !== undefined) filters.push(STATE_FILTER[query.state])
  if (query.withoutExploration) filters.push(`${finding}.is_exploration = 0`)
  if (query.beforeId !== undefined) filters.push(`${order} < @beforeId`)
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
  const chat = chatView(row)
  return {
    id: row.id,
    ...findingsOf(profilesFrom(row.profiles)),
    chat,
    sender: senderView(row),
    message_id: row.message_id,
    topic_id: row.topic_id,
    link: deepLink({ chat, messageId: row.message_id, topicId: row.topic_id }),
    text: row.text,
    medium: mediumView(row.media, row.medium_label),
    posted_at: isoMoment(row.date * 1000),
    created_at: isoMoment(row.created_at),
    read: row.is_read === 1,
    starred: row.is_starred === 1,
    dismissed: row.is_dismissed === 1,
    copies: row.copies,
    copy_chats: row.copy_chats,
    changes: changesFrom(row.changes, row.date),
    snoozed_until: row.snoozed_until === null ? null : isoMoment(row.snoozed_until),
  }
}
