import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import { isoMoment, SECOND } from '@tgsentinel/kernel/time'
import type { MessageChange, Span } from '../model'

/** What became of the message of an alert. */
export interface NewMessageChange {
  alertId: number
  kind: MessageChange['kind']
  /** Unix seconds. */
  at: number
  before: string
  after: string | null
  removed: readonly Span[]
  added: readonly Span[]
}

type Row = Omit<NewMessageChange, 'alertId'> & { id: number }

/** Of an alert so many of the newest are kept. */
const KEPT = 10

/** For a row `a` of alerts with its message `m`: JSON, or null where nothing became of it. */
export const CHANGES_COLUMN = `
  iif(a.text IS NULL AND m.deleted_at IS NULL, NULL, (
    SELECT json_group_array(json_object('id', h.id, 'kind', h.kind, 'at', h.at, 'before', h.text_before, 'after', h.text_after,
      'removed', json(h.removed), 'added', json(h.added)))
    FROM message_changes h WHERE h.alert_id = a.id)) AS changes`

/** `postedAt`: unix seconds. The oldest first. */
export function changesFrom(json: string | null, postedAt: number): MessageChange[] {
  if (json === null) return []
  const rows = JSON.parse(json) as Row[]
  return rows.sort((one, other) => one.id - other.id).map((row) => changeView(row, postedAt))
}

/** What became of the messages of alerts, and when. */
export class MessageChangeTable {
  private readonly insert
  private readonly prune

  constructor(database: SqliteDatabase) {
    this.insert = database.prepare<[object]>(`
      INSERT INTO message_changes (alert_id, kind, at, text_before, text_after, removed, added)
      VALUES (@alertId, @kind, @at, @before, @after, @removed, @added) ON CONFLICT DO NOTHING`)
    this.prune = database.prepare<[number, number]>(`
      DELETE FROM message_changes WHERE alert_id = ? AND id <=
        (SELECT id FROM message_changes WHERE alert_id = ? ORDER BY id DESC LIMIT 1 OFFSET ${KEPT})`)
  }

  /** `postedAt`: unix seconds. Undefined where it is known already that the message was deleted. */
  add(change: NewMessageChange, postedAt: number): MessageChange | undefined {
    const spans = { removed: JSON.stringify(change.removed), added: JSON.stringify(change.added) }
    const { changes, lastInsertRowid } = this.insert.run({ ...change, ...spans })
    if (changes === 0) return undefined
    this.prune.run(change.alertId, change.alertId)
    return changeView({ ...change, id: Number(lastInsertRowid) }, postedAt)
  }
}

function changeView({ id, kind, at, before, after, removed, added }: Row, postedAt: number): MessageChange {
  const afterS = Math.max(0, at - postedAt)
  const spans = { removed: [...removed], added: [...added] }
  return { id, kind, at: isoMoment(at * SECOND), after_s: afterS, before, after, ...spans }
}
