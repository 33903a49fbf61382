import type { ChatKind, Folder } from '../model'
import { SearchField } from '../search-field'
import type { ChatFilters } from './chat-filters'
import { KINDS } from './chat-kinds'

interface FilterRowProps {
  filters: ChatFilters
  folders: readonly Folder[]
  onChange: (part: Partial<ChatFilters>) => void
}

export function FilterRow({ filters, folders, onChange }: FilterRowProps) {
  return (
    <div class="filters" role="search" aria-label="Filter chats">
      <SearchField label="Search in chats" q={filters.q} maxLength={100} onChange={(q) => onChange({ q })} />
      <label class="inline-field">
        <span class="visually-hidden">Kind</span>
        <select
          value={filters.kind}
          onChange={(event) => onChange({ kind: event.currentTarget.value as ChatKind | '' })}
        >
          <option value="">Every kind</option>
          {Object.entries(KINDS).map(([kind, label]) => (
            <option key={kind} value={kind}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <label class="inline-field">
        <span class="visually-hidden">Folder</span>
        <select value={filters.folder} onChange={(event) => onChange({ folder: Number(event.currentTarget.value) })}>
          <option value={0}>Every folder</option>
          {pickable(folders).map(({ id, title, chats }) => (
            <option key={id} value={id}>
              {title} ({chats})
            </option>
          ))}
        </select>
      </label>
    </div>
  )
}

/** All but the one that holds everything. */
export function pickable(folders: readonly Folder[]): readonly Folder[] {
  return folders.filter(({ id }) => id > 0)
}
