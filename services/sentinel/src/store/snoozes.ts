import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'

/** Where an alert is told again: at a destination, in a chat of the bot, or wherever it is heard. */
export type SnoozePlace = { destinationId: number } | { botChatId: number } | null

export interface Snooze {
  alertId: number
  untilMs: number
  place: SnoozePlace
}

interface Row {
  alert_id: number
  until: number
  destination_id: number | null
  bot_chat_id: number | null
}

/** Alerts that are told again later. */
export class SnoozeTable {
  private readonly upsert
  private readonly remove
  private readonly selectDue

  constructor(database: SqliteDatabase) {
    this.upsert = database.prepare<[number, number, number | null, number | null]>(`
      INSERT INTO snoozes (alert_id, until, destination_id, bot_chat_id) VALUES (?, ?, ?, ?)
      ON CONFLICT (alert_id) DO UPDATE SET until = excluded.until, destination_id = excluded.destination_id, bot_chat_id = excluded.bot_chat_id`)
    this.remove = database.prepare<[number]>('DELETE FROM snoozes WHERE alert_id = ?')
    this.selectDue = database.prepare<[number, number], Row>(
      'SELECT alert_id, until, destination_id, bot_chat_id FROM snoozes WHERE until <= ? ORDER BY until LIMIT ?',
    )
  }

  /** In the place of one that was there before. */
  put({ alertId, untilMs, place }: Snooze): void {
    const destinationId = place && 'destinationId' in place ? place.destinationId : null
    const botChatId = place && 'botChatId' in place ? place.botChatId : null
    this.upsert.run(alertId, untilMs, destinationId, botChatId)
  }

  /** Whether there was one. */
  delete(alertId: number): boolean {
    return this.remove.run(alertId).changes > 0
  }

  /** Those whose time has come, the first first. */
  due(nowMs: number, limit: number): Snooze[] {
    return this.selectDue.all(nowMs, limit).map((row) => ({
      alertId: row.alert_id,
      untilMs: row.until,
      place: placeOf(row),
    }))
  }
}

function placeOf({ destination_id: destinationId, bot_chat_id: botChatId }: Row): SnoozePlace {
  if (destinationId !== null) return { destinationId }
  return botChatId === null ? null : { botChatId }
}
