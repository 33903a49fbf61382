import type { Alert, SentinelOperations } from '../model'

export type AlertQuery = NonNullable<SentinelOperations['listAlerts']['parameters']['query']>
type State = NonNullable<AlertQuery['state']>

/** The same as the sentinel's own filters; `cursor` and `limit` are the page's. */
export function fits(alert: Alert, { profile, chat, since, min_score: least = 0, q = '', state }: AlertQuery): boolean {
  const found = profile === undefined ? alert : alert.profiles.find(({ id }) => id === profile)
  if (!found || found.score < least) return false
  if (chat !== undefined && Number(alert.chat.id) !== Number(chat)) return false
  if (since !== undefined && Date.parse(alert.created_at) < Date.parse(since)) return false
  if (!alert.text.toLowerCase().includes(q.toLowerCase())) return false
  return state === undefined || isIn(alert, state)
}

function isIn({ read, starred, dismissed, snoozed_until: snoozedUntil }: Alert, state: State): boolean {
  switch (state) {
    case 'unread':
      return !read && !dismissed
    case 'read':
      return read
    case 'starred':
      return starred
    case 'dismissed':
      return dismissed
    case 'snoozed':
      return snoozedUntil !== null
    default:
      return state satisfies never
  }
}

/** A page of those that fit, newest first, and where the next one begins. */
export function pageOf(
  newestFirst: Iterable<Alert>,
  query: AlertQuery,
): { alerts: Alert[]; next_cursor: string | null } {
  const limit = query.limit ?? 50
  const alerts: Alert[] = []
  for (const alert of newestFirst) {
    if (!fits(alert, query)) continue
    if (alerts.length === limit) return { alerts, next_cursor: String(alerts.at(-1)?.id) }
    alerts.push(alert)
  }
  return { alerts, next_cursor: null }
}
