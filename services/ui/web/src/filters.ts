import type { Alert } from './model'

export type Shown = 'all' | 'unread' | 'starred' | 'snoozed' | 'dismissed'

export interface Filters {
  shown: Shown
  q: string
  minScore: number
  /** 0: every profile. */
  profile: number
}

export const NO_FILTERS: Filters = { shown: 'all', q: '', minScore: 0, profile: 0 }
export const PAGE = 30

/** The same as the sentinel's own filter, for what arrives by itself. */
export function fits(alert: Alert, { shown, q, minScore, profile }: Filters): boolean {
  const found = profile === 0 ? alert : alert.profiles.find(({ id }) => id === profile)
  if (!found || found.score < minScore || !alert.text.toLowerCase().includes(q.trim().toLowerCase())) return false
  if (shown === 'dismissed') return alert.dismissed
  if (alert.dismissed) return false
  if (shown === 'snoozed') return alert.snoozed_until !== null
  return shown === 'all' || (shown === 'unread' ? !alert.read : alert.starred)
}

export function queryOf({ shown, q, minScore, profile }: Filters, cursor: string | null, limit = PAGE): string {
  const query = new URLSearchParams({ limit: String(limit) })
  if (shown !== 'all') query.set('state', shown)
  if (q.trim()) query.set('q', q.trim())
  if (minScore > 0) query.set('min_score', String(minScore))
  if (profile !== 0) query.set('profile', String(profile))
  if (cursor) query.set('cursor', cursor)
  return query.toString()
}

/** Whether they leave anything out. */
export function isFiltered(filters: Filters): boolean {
  return queryOf(filters, null) !== queryOf(NO_FILTERS, null)
}
