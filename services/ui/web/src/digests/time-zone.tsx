import { useState } from 'preact/hooks'
import { call } from '../api'
import { Field } from '../field'
import type { TimeZone } from '../model'
import { Notice } from '../notice'
import { useSubmit } from '../submit'

/** By which clocks times of day are meant; this browser's are offered. */
export function TimeZoneForm({ timeZone, onSaved }: { timeZone: TimeZone; onSaved: () => void }) {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone
  const [name, setName] = useState(timeZone.is_set ? timeZone.time_zone : here)
  const [isSaved, setSaved] = useState(false)
  const { isBusy, error, submit } = useSubmit(async () => {
    setName((await call<TimeZone>('PUT', 'time-zone', { time_zone: name.trim() })).time_zone)
    setSaved(true)
    onSaved()
  })
  const type = (next: string) => {
    setSaved(false)
    setName(next)
  }
  return (
    <form class="card" onSubmit={submit} aria-label="Time zone" data-testid="time-zone-form">
      <Field
        label="Your time zone"
        value={name}
        maxLength={64}
        error={error}
        hint={
          timeZone.is_set
            ? 'Times of day are meant by its clocks, summer time included.'
            : `Not set yet: UTC counts. This browser is in ${here}.`
        }
        onInput={type}
      />
      <p class="actions">
        <button class="button" disabled={isBusy || (timeZone.is_set && name.trim() === timeZone.time_zone)}>
          {isBusy ? 'One moment…' : 'Save time zone'}
        </button>
        {name !== here && (
          <button type="button" class="button quiet" onClick={() => type(here)}>
            Use {here}
          </button>
        )}
      </p>
      {isSaved && <Notice kind="good">Saved. It counts from now on.</Notice>}
    </form>
  )
}
