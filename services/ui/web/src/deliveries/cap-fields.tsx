import type { Profile, Restraint } from '../model'

type Cap = Restraint['caps'][number]

interface CapFieldsProps {
  caps: readonly Cap[]
  profiles: readonly Profile[]
  onChange: (caps: Cap[]) => void
}

/** How many alerts of a profile are told within an hour or a day. */
export function CapFields({ caps, profiles, onChange }: CapFieldsProps) {
  const [first] = profiles
  const replace = (index: number, part: Partial<Cap>) =>
    onChange(caps.map((cap, at) => (at === index ? { ...cap, ...part } : cap)))
  return (
    <fieldset class="part">
      <legend>At most so many</legend>
      <p class="hint">At each destination; what is more follows as one message when the hour or the day ends.</p>
      {caps.map((cap, index) => (
        <div key={index} class="actions" data-testid="cap">
          <select
            aria-label="Profile"
            value={cap.profile_id}
            onChange={(event) => replace(index, { profile_id: Number(event.currentTarget.value) })}
          >
            {!profiles.some(({ id }) => id === cap.profile_id) && (
              <option value={cap.profile_id}>A profile that is gone</option>
            )}
            {profiles.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
          <input
            type="number"
            aria-label="Alerts at the most"
            min={1}
            max={10_000}
            required
            value={cap.most}
            onInput={(event) => replace(index, { most: Number(event.currentTarget.value) })}
          />
          <select
            aria-label="Within"
            value={cap.per}
            onChange={(event) => replace(index, { per: event.currentTarget.value as Cap['per'] })}
          >
            <option value="hour">an hour</option>
            <option value="day">a day</option>
          </select>
          <button type="button" class="button quiet" onClick={() => onChange(caps.filter((_cap, at) => at !== index))}>
            Remove
          </button>
        </div>
      ))}
      <button
        type="button"
        class="button"
        disabled={!first}
        onClick={() => first && onChange([...caps, { profile_id: first.id, most: 10, per: 'hour' }])}
      >
        Add a limit
      </button>
    </fieldset>
  )
}
