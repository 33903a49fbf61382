import { useState } from 'preact/hooks'
import { messageOf } from '../api'
import { Details } from '../details'
import type { Live } from '../live'
import { useLoadedLive } from '../loaded-live'
import type { Destination, Profile, Restraint as Rules, RestraintDraft } from '../model'
import { Failure, Notice } from '../notice'
import { Snoozing } from './snoozing'
import { saveRules } from './restraint-rules'
import { RestraintForm } from './restraint-form'

/** When you are not to be disturbed: pausing and snoozing at once, and rules that hold every day. */
export function Restraint({ live, destinations }: { live: Live; destinations: readonly Destination[] }) {
  const { data, error, reload } = useLoadedLive<Rules>(live, 'restraint', ['delivery'])
  const { profiles = [] } = useLoadedLive<{ profiles: Profile[] }>(live, 'profiles', ['profiles']).data ?? {}
  return (
    <Details id="restraint-details" title="Do not disturb" backTo="deliveries" error={error} onRetry={reload}>
      {data && (
        <Notice kind="info" testId="restraint-state">
          {data.message} {data.held > 0 && `${data.held} on hold.`}
        </Notice>
      )}
      {data && <AtOnce rules={data} profiles={profiles} destinations={destinations} onSaved={reload} />}
      {data && <RestraintForm key={lasting(data)} rules={data} profiles={profiles} onSaved={reload} />}
    </Details>
  )
}

/** What the form is about: a pause that is pressed beside it must not take away what was typed. */
function lasting({ quiet_hours: quiet, caps, urgent }: Rules): string {
  return JSON.stringify([quiet, caps, urgent])
}

interface AtOnceProps {
  rules: Rules
  profiles: readonly Profile[]
  destinations: readonly Destination[]
  onSaved: () => void
}

/** What takes effect with a press: pauses and snoozes. */
function AtOnce({ rules, profiles, destinations, onSaved }: AtOnceProps) {
  const [error, setError] = useState('')
  const { paused } = rules
  const act = (part: Partial<RestraintDraft>) => {
    setError('')
    saveRules(rules, part).then(onSaved, (cause: unknown) => setError(messageOf(cause)))
  }
  const pauseOne = (id: number) => act({ paused: { ...paused, destinations: toggled(paused.destinations, id) } })
  return (
    <section aria-label="Pause and snooze">
      <Failure error={error} onRetry={onSaved} />
      <h3>Pause</h3>
      <p class="hint">Until you go on nothing is sent, urgent or not. Alerts are still raised.</p>
      <p class="actions">
        <button
          class="button"
          aria-pressed={paused.all}
          onClick={() => act({ paused: { ...paused, all: !paused.all } })}
        >
          {paused.all ? 'Go on' : 'Pause all'}
        </button>
        {destinations.map(({ id, name }) => (
          <button key={id} class="button" aria-pressed={paused.destinations.includes(id)} onClick={() => pauseOne(id)}>
            {paused.destinations.includes(id) ? `Go on with ${name}` : `Pause ${name}`}
          </button>
        ))}
      </p>
      <Snoozing snoozes={rules.snoozes} profiles={profiles} onChange={(snoozes) => act({ snoozes })} />
    </section>
  )
}

function toggled(ids: readonly number[], id: number): number[] {
  return ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id]
}
