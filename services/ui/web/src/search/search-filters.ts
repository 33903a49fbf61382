import type { SearchLanguage, SearchMedium } from '../model'

export interface SearchFilters {
  q: string
  /** Marked id, @name or `me`; empty for anybody, anywhere. */
  from: string
  in: string
  has: SearchMedium | ''
  lang: SearchLanguage | ''
  /** Days, as a date field has them; empty for whenever. The last day is included. */
  since: string
  until: string
  deleted: 'any' | 'hide' | 'only'
}

export const NO_SEARCH: SearchFilters = {
  q: '',
  from: '',
  in: '',
  has: '',
  lang: '',
  since: '',
  until: '',
  deleted: 'any',
}

const PAGE = 30

/** Whether anything is asked for. */
export function isAsking(filters: SearchFilters): boolean {
  return filters.q.trim() !== '' || isNarrowed(filters)
}

/** Whether anything but the words is. */
export function isNarrowed(filters: SearchFilters): boolean {
  return searchQuery({ ...filters, q: '' }, null) !== searchQuery(NO_SEARCH, null)
}

export function searchQuery(filters: SearchFilters, cursor: string | null): string {
  const query = new URLSearchParams({ limit: String(PAGE) })
  for (const name of ['from', 'in', 'has', 'lang'] as const) if (filters[name]) query.set(name, filters[name])
  if (filters.q.trim()) query.set('q', filters.q.trim())
  if (filters.since) query.set('since', dayBegin(filters.since, 0))
  if (filters.until) query.set('until', dayBegin(filters.until, 1))
  if (filters.deleted !== 'any') query.set('deleted', filters.deleted)
  if (cursor) query.set('cursor', cursor)
  return query.toString()
}

/** Where a day begins here, or one so many days later. */
function dayBegin(date: string, later: number): string {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number)
  return new Date(year, month - 1, day + later).toISOString()
}
