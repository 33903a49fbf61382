import { isoMoment } from '@tgsentinel/kernel/time'
import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import type { MarkedId, Stats } from '../model'

export interface StatsFilter {
  /** Unix hour of the period's begin. */
  sinceHour: number
  chatId: MarkedId | null
  profileId: number | null
  bucketHours: number
}

type TotalName = 'messages' | 'alerts' | 'unread'

/** Counters by the hour, kept as messages and alerts are written, so that asking costs nothing to speak of. */
export class TrafficTable {
  private readonly addMessages
  private readonly addAlert
  private readonly addTotal
  private readonly totals
  private readonly byProfile
  private readonly byChat
  private readonly series
  private readonly sumsByChat
  private readonly first

  constructor(database: SqliteDatabase) {
    this.addMessages = database.prepare(`
      INSERT INTO traffic (hour, chat_id, messages) VALUES (?, ?, ?)
      ON CONFLICT (hour, chat_id) DO UPDATE SET messages = messages + excluded.messages`)
    this.addAlert = database.prepare(`
      INSERT INTO alert_traffic (hour, chat_id, profile_id, alerts) VALUES (?, ?, ?, 1)
      ON CONFLICT (hour, chat_id, profile_id) DO UPDATE SET alerts = alerts + 1`)
    this.addTotal = database.prepare('UPDATE totals SET value = value + ? WHERE name = ?')
    this.totals = database.prepare<[], { name: TotalName; value: number }>('SELECT name, value FROM totals')
    this.byProfile = database.prepare<[StatsFilter], Stats['by_profile'][number]>(`
      SELECT t.profile_id, coalesce(p.name, (SELECT f.profile_name FROM alert_profiles f WHERE f.profile_id = t.profile_id LIMIT 1), '') AS name,
        sum(t.alerts) AS alerts
      FROM alert_traffic t LEFT JOIN profiles p ON p.id = t.profile_id
      WHERE ${PLACE_FILTER} AND t.profile_id <> ${ALL_PROFILES} AND (@profileId IS NULL OR t.profile_id = @profileId)
      GROUP BY t.profile_id ORDER BY alerts DESC, t.profile_id`)
    this.byChat = database.prepare<
      [StatsFilter],
      { chat_id: number; title: string | null; messages: number; alerts: number }
    >(`
      SELECT w.chat_id, c.title, sum(w.messages) AS messages, sum(w.alerts) AS alerts FROM (${WORK}) w LEFT JOIN chats c ON c.id = w.chat_id
      GROUP BY w.chat_id ORDER BY messages DESC, w.chat_id LIMIT 20`)
    this.series = database.prepare<[StatsFilter], { step: number; messages: number; alerts: number }>(`
      SELECT hour / CAST(@bucketHours AS INTEGER) AS step, sum(messages) AS messages, sum(alerts) AS alerts FROM (${WORK}) GROUP BY step ORDER BY step`)
    this.sumsByChat = database.prepare<[number, number], { chatId: number; messages: number }>(
      'SELECT chat_id AS chatId, sum(messages) AS messages FROM traffic WHERE hour >= ? AND hour < ? GROUP BY chat_id',
    )
    this.first = database.prepare<[number], number | null>('SELECT min(hour) FROM traffic WHERE hour >= ?').pluck()
  }

  /** Messages that were stored and posted from an hour on, before another one, by chat. */
  messagesByChat(fromHour: number, beforeHour: number): Map<MarkedId, number> {
    return new Map(this.sumsByChat.all(fromHour, beforeHour).map(({ chatId, messages }) => [chatId, messages]))
  }

  /** The first hour of a message from an hour on. */
  firstHour(fromHour: number): number | undefined {
    return this.first.get(fromHour) ?? undefined
  }

  countMessages(hour: number, chatId: MarkedId, messages: number): void {
    this.addMessages.run(hour, chatId, messages)
    this.addTotal.run(messages, 'messages')
  }

  /** An alert, and that it is for these profiles. */
  countAlert(hour: number, chatId: MarkedId, profileIds: readonly number[]): void {
    this.addAlert.run(hour, chatId, ALL_PROFILES)
    this.countFindings(hour, chatId, profileIds)
    this.addTotal.run(1, 'alerts')
    this.addTotal.run(1, 'unread')
  }

  /** That an alert is for these profiles, too. */
  countFindings(hour: number, chatId: MarkedId, profileIds: readonly number[]): void {
    for (const profileId of profileIds) this.addAlert.run(hour, chatId, profileId)
  }

  countUnread(change: number): void {
    this.addTotal.run(change, 'unread')
  }

  /** What was ever stored and raised, and what is unread. */
  allTotals(): Record<TotalName, number> {
    return Object.fromEntries(this.totals.all().map(({ name, value }) => [name, value])) as Record<TotalName, number>
  }

  stats(filter: StatsFilter): Stats {
    const total = this.allTotals()
    const series = this.series.all(filter)
    const sum = (field: 'messages' | 'alerts') => series.reduce((all, step) => all + step[field], 0)
    return {
      since: isoMoment(filter.sinceHour * HOUR_MS),
      messages: sum('messages'),
      alerts: sum('alerts'),
      unread: total.unread,
      total_messages: total.messages,
      total_alerts: total.alerts,
      by_profile: this.byProfile.all(filter),
      by_chat: this.byChat
        .all(filter)
        .map((chat) => ({ ...chat, chat_id: String(chat.chat_id), title: chat.title ?? `Chat ${chat.chat_id}` })),
      series: series.map(({ step, messages, alerts }) => ({
        at: isoMoment(step * filter.bucketHours * HOUR_MS),
        messages,
        alerts,
      })),
    }
  }
}

const HOUR_MS = 3_600_000
/** Stands in alert_traffic for whatever number of profiles an alert is for: a sum over profiles would count it several times. */
const ALL_PROFILES = 0
const PLACE_FILTER = `t.hour >= @sinceHour AND (@chatId IS NULL OR t.chat_id = @chatId)`
const WORK = `
  SELECT hour, chat_id, messages, 0 AS alerts FROM traffic WHERE hour >= @sinceHour AND (@chatId IS NULL OR chat_id = @chatId)
  UNION ALL
  SELECT t.hour, t.chat_id, 0, t.alerts FROM alert_traffic t
  WHERE ${PLACE_FILTER} AND t.profile_id = coalesce(@profileId, ${ALL_PROFILES})`
