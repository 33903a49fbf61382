import type { ChatKind } from '../model'

export interface ChatFilters {
  q: string
  kind: ChatKind | ''
  /** 0: whatever folder. */
  folder: number
}

export const NO_CHAT_FILTERS: ChatFilters = { q: '', kind: '', folder: 0 }
const PAGE = 50

export function chatQuery({ q, kind, folder }: ChatFilters, cursor: string | null): string {
  const query = new URLSearchParams({ limit: String(PAGE) })
  if (q.trim()) query.set('q', q.trim())
  if (kind) query.set('kind', kind)
  if (folder > 0) query.set('folder', String(folder))
  if (cursor) query.set('cursor', cursor)
  return query.toString()
}

export function isFiltered({ q, kind, folder }: ChatFilters): boolean {
  return q.trim() !== '' || kind !== '' || folder > 0
}
