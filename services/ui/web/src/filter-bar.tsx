import { useEffect, useState } from 'preact/hooks'
import type { Filters, Shown } from './filters'
import type { Profile } from './model'

const SHOWN: [Shown, string][] = [
  ['all', 'All'],
  ['unread', 'Unread'],
  ['starred', 'Starred'],
  ['dismissed', 'Dismissed'],
]
const TYPING_MS = 250

interface FilterBarProps {
  filters: Filters
  profiles: readonly Profile[]
  onChange: (filters: Filters) => void
}

export function FilterBar({ filters, profiles, onChange }: FilterBarProps) {
  const set = (part: Partial<Filters>) => onChange({ ...filters, ...part })
  return (
    <div class="filters" role="search" aria-label="Filter alerts">
      <div class="segments" role="group" aria-label="Which alerts">
        {SHOWN.map(([shown, label]) => (
          <button key={shown} aria-pressed={filters.shown === shown} onClick={() => set({ shown })}>
            {label}
          </button>
        ))}
      </div>
      <SearchField q={filters.q} onChange={(q) => set({ q })} />
      <label class="inline-field">
        <span>Score from</span>
        <input
          type="number"
          min={0}
          step="any"
          value={filters.minScore || ''}
          placeholder="0"
          onInput={(event) => set({ minScore: Math.max(0, event.currentTarget.valueAsNumber || 0) })}
        />
      </label>
      <label class="inline-field">
        <span class="visually-hidden">Profile</span>
        <select value={filters.profile} onChange={(event) => set({ profile: Number(event.currentTarget.value) })}>
          <option value={0}>Every profile</option>
          {profiles.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
    </div>
  )
}

/** Asks when the typing pauses, not at each letter. */
function SearchField({ q, onChange }: { q: string; onChange: (q: string) => void }) {
  const [text, setText] = useState(q)
  useEffect(() => setText(q), [q])
  useEffect(() => {
    if (text === q) return
    const timer = setTimeout(() => onChange(text), TYPING_MS)
    return () => clearTimeout(timer)
  }, [text])
  return (
    <input
      type="search"
      class="search"
      aria-label="Search in alerts"
      placeholder="Search"
      maxLength={200}
      value={text}
      onInput={(event) => setText(event.currentTarget.value)}
    />
  )
}
