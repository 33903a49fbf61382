import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'

/** A chat of the bot that is told of alerts. */
export interface BotChat {
  chatId: number
  /** Id of the last alert that it was told. */
  toldUpTo: number
  isPaused: boolean
}

/** Who is told of alerts by the bot, and how far. */
export class BotChatTable {
  private readonly insert
  private readonly select
  private readonly selectAll
  private readonly setTold
  private readonly setPaused
  private readonly insertAhead
  private readonly selectAhead
  private readonly removeAhead
  private readonly insertReminders
  private readonly selectReminder
  private readonly removeReminder

  constructor(database: SqliteDatabase) {
    const columns = 'SELECT chat_id AS chatId, told_up_to AS toldUpTo, is_paused AS isPaused FROM bot_chats'
    this.insert = database.prepare('INSERT INTO bot_chats (chat_id, told_up_to) VALUES (?, ?) ON CONFLICT DO NOTHING')
    this.select = database.prepare<[number], Row>(`${columns} WHERE chat_id = ?`)
    this.selectAll = database.prepare<[], Row>(columns)
    this.setTold = database.prepare('UPDATE bot_chats SET told_up_to = max(told_up_to, ?) WHERE chat_id = ?')
    this.insertAhead = database.prepare('INSERT INTO bot_told_ahead VALUES (?, ?) ON CONFLICT DO NOTHING')
    this.selectAhead = database
      .prepare<[number], number>('SELECT alert_id FROM bot_told_ahead WHERE chat_id = ?')
      .pluck()
    this.removeAhead = database.prepare('DELETE FROM bot_told_ahead WHERE chat_id = ? AND alert_id <= ?')
    this.insertReminders = database.prepare<[{ alertId: number; chatId: number | null }]>(`
      INSERT INTO bot_reminders SELECT c.chat_id, @alertId FROM bot_chats c
      WHERE (@chatId IS NULL OR c.chat_id = @chatId) AND (c.told_up_to >= @alertId
        OR EXISTS (SELECT 1 FROM bot_told_ahead t WHERE t.chat_id = c.chat_id AND t.alert_id = @alertId))
      ON CONFLICT DO NOTHING`)
    this.selectReminder = database
      .prepare<[number], number | null>('SELECT min(alert_id) FROM bot_reminders WHERE chat_id = ?')
      .pluck()
    this.removeReminder = database.prepare<[number, number]>(
      'DELETE FROM bot_reminders WHERE chat_id = ? AND alert_id = ?',
    )
    this.setPaused = database.prepare('UPDATE bot_chats SET is_paused = ? WHERE chat_id = ?')
  }

  /** Begins telling a chat of what comes after the alert `upTo`; one that is told already goes on as it was. */
  add(chatId: number, upTo: number): void {
    this.insert.run(chatId, upTo)
  }

  find(chatId: number): BotChat | undefined {
    const row = this.select.get(chatId)
    return row && chatOf(row)
  }

  list(): BotChat[] {
    return this.selectAll.all().map(chatOf)
  }

  /** Remembers the last alert that a chat was told; it only rises. */
  told(chatId: number, alertId: number): void {
    this.setTold.run(alertId, chatId)
    this.removeAhead.run(chatId, alertId)
  }

  /** Remembers alerts that a chat was told before others that are held. */
  toldAhead(chatId: number, alertIds: readonly number[]): void {
    for (const id of alertIds) this.insertAhead.run(chatId, id)
  }

  /** Alerts beyond the last one that a chat was told which it was told all the same. */
  ahead(chatId: number): ReadonlySet<number> {
    return new Set(this.selectAhead.all(chatId))
  }

  /** A chat, null: each, is to be told of an alert once more. Where it was not told yet it will be all the same. */
  remind(alertId: number, chatId: number | null): void {
    this.insertReminders.run({ alertId, chatId })
  }

  /** The first alert that a chat is to be told once more. */
  reminder(chatId: number): number | undefined {
    return this.selectReminder.get(chatId) ?? undefined
  }

  reminded(chatId: number, alertId: number): void {
    this.removeReminder.run(chatId, alertId)
  }

  pause(chatId: number, isPaused: boolean): void {
    this.setPaused.run(isPaused ? 1 : 0, chatId)
  }
}

type Row = Omit<BotChat, 'isPaused'> & { isPaused: number }

function chatOf(row: Row): BotChat {
  return { ...row, isPaused: row.isPaused === 1 }
}
