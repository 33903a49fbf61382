import { useEffect, useRef } from 'preact/hooks'
import type { Filters, Shown } from './filters'
import type { Profile } from './model'
import { SearchField } from './search-field'

const SHOWN: [Shown, string][] = [
  ['all', 'All'],
  ['unread', 'Unread'],
  ['starred', 'Starred'],
  ['snoozed', 'Snoozed'],
  ['dismissed', 'Dismissed'],
]

interface FilterBarProps {
  filters: Filters
  profiles: readonly Profile[]
  /** What changes; the others stay as they are by then. */
  onChange: (part: Partial<Filters>) => void
}

export function FilterBar({ filters, profiles, onChange }: FilterBarProps) {
  return (
    <div class="filters" role="search" aria-label="Filter alerts">
      <div class="segments" role="group" aria-label="Which alerts">
        {SHOWN.map(([shown, label]) => (
          <button key={shown} aria-pressed={filters.shown === shown} onClick={() => onChange({ shown })}>
            {label}
          </button>
        ))}
      </div>
      <SearchField label="Search in alerts" q={filters.q} onChange={(q) => onChange({ q })} />
      <ScoreField minScore={filters.minScore} onChange={(minScore) => onChange({ minScore })} />
      <label class="inline-field">
        <span class="visually-hidden">Profile</span>
        <select value={filters.profile} onChange={(event) => onChange({ profile: Number(event.currentTarget.value) })}>
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

/** What is typed stays as it is: `2.` is not yet a number, and writing a number back would eat the point. */
function ScoreField({ minScore, onChange }: { minScore: number; onChange: (minScore: number) => void }) {
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const field = input.current
    if (field && scoreIn(field) !== minScore) field.value = minScore === 0 ? '' : String(minScore)
  }, [minScore])
  return (
    <label class="inline-field">
      <span>Score from</span>
      <input
        ref={input}
        type="number"
        min={0}
        step="any"
        placeholder="0"
        onInput={({ currentTarget: field }) => !field.validity.badInput && onChange(scoreIn(field))}
      />
    </label>
  )
}

function scoreIn(field: HTMLInputElement): number {
  return Math.max(0, field.valueAsNumber || 0)
}
