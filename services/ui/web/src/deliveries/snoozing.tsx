import { useState } from 'preact/hooks'
import { moment } from '../format'
import type { Profile, Restraint } from '../model'

type Snooze = Restraint['snoozes'][number]

interface SnoozingProps {
  snoozes: readonly Snooze[]
  profiles: readonly Profile[]
  onChange: (snoozes: Snooze[]) => void
}

const SNOOZES: [label: string, hours: number][] = [
  ['1 hour', 1],
  ['4 hours', 4],
  ['a day', 24],
]

/** Alerts of one profile, or of all, wait until a moment. */
export function Snoozing({ snoozes, profiles, onChange }: SnoozingProps) {
  const [whose, setWhose] = useState('')
  const snooze = (hours: number) => {
    const until = new Date(Date.now() + hours * 3_600_000).toISOString()
    onChange([...snoozes, { profile_id: whose === '' ? null : Number(whose), until }])
  }
  const nameOf = (id: number | null) =>
    id === null ? 'All profiles' : (profiles.find((one) => one.id === id)?.name ?? 'A profile that is gone')
  return (
    <>
      <h3>Snooze</h3>
      <label class="inline-field">
        <span>Alerts of</span>
        <select value={whose} onChange={(event) => setWhose(event.currentTarget.value)}>
          <option value="">All profiles</option>
          {profiles.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <p class="actions">
        {SNOOZES.map(([label, hours]) => (
          <button key={hours} class="button" onClick={() => snooze(hours)}>
            For {label}
          </button>
        ))}
      </p>
      <ul class="rows" data-testid="snoozes">
        {snoozes.map((one, index) => (
          <li key={index}>
            <span class="row-main">
              {nameOf(one.profile_id)} until {moment(one.until)}
            </span>
            <button class="button quiet" onClick={() => onChange(snoozes.filter((other) => other !== one))}>
              End
            </button>
          </li>
        ))}
      </ul>
    </>
  )
}
