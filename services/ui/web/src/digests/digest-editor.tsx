import { useState } from 'preact/hooks'
import { call } from '../api'
import { Check } from '../check'
import { Choice } from '../deliveries/choice'
import { Field } from '../field'
import { useLoaded } from '../loaded'
import type { Destination, Digest, Profile } from '../model'
import { Notice } from '../notice'
import { useSubmit } from '../submit'
import { draftOf, KINDS, WEEKDAYS, type DigestForm } from './digest-form'

interface DigestEditorProps {
  start: DigestForm
  /** Null: it is a new one. */
  digest: Digest | null
  onSaved: (digest: Digest) => void
}

/** Everything that can be said of a digest. What is typed stays until it is saved. */
export function DigestEditor({ start, digest, onSaved }: DigestEditorProps) {
  const [form, setForm] = useState(start)
  const [isSaved, setSaved] = useState(false)
  const change = (part: Partial<DigestForm>) => {
    setSaved(false)
    setForm((before) => ({ ...before, ...part }))
  }
  const { isBusy, error, submit } = useSubmit(async () => {
    onSaved(await save(digest, form))
    setSaved(true)
  })
  return (
    <form class="profile-form" onSubmit={submit} aria-label="Digest" data-testid="digest-form">
      <WhoFields form={form} onChange={change} />
      <TimeFields form={form} onChange={change} />
      <ContentFields form={form} onChange={change} />
      {error && <Notice kind="error">{error}</Notice>}
      {isSaved && <Notice kind="good">Saved. It counts from the next time on.</Notice>}
      <div class="actions sticky-actions">
        <button class="button primary" disabled={isBusy || form.profile === ''}>
          {isBusy ? 'One moment…' : digest ? 'Save digest' : 'Add digest'}
        </button>
      </div>
    </form>
  )
}

interface PartProps {
  form: DigestForm
  onChange: (part: Partial<DigestForm>) => void
}

function WhoFields({ form, onChange }: PartProps) {
  const profiles = useLoaded<{ profiles: Profile[] }>('profiles').data?.profiles ?? []
  const { data } = useLoaded<{ destinations: Destination[] }>('destinations')
  return (
    <>
      <Choice
        label="Profile"
        value={form.profile}
        choices={{ '': 'Choose one', ...namesOf(profiles) }}
        onChange={(profile) => onChange({ profile })}
      />
      <Choice
        label="Destination"
        value={form.destination}
        choices={{
          '': data?.destinations.length === 0 ? 'There is none yet' : 'Choose one',
          ...namesOf(data?.destinations ?? []),
        }}
        hint="Where it is sent. Destinations are added under Deliveries; one that hears no alerts is told digests all the same."
        onChange={(destination) => onChange({ destination })}
      />
    </>
  )
}

function TimeFields({ form, onChange }: PartProps) {
  return (
    <>
      <Choice
        label="How often"
        value={form.kind}
        choices={KINDS}
        onChange={(kind) => onChange({ kind: kind as DigestForm['kind'] })}
      />
      {form.kind === 'weekly' && (
        <Choice
          label="Day of the week"
          value={form.weekday}
          choices={WEEKDAYS}
          onChange={(weekday) => onChange({ weekday: weekday as DigestForm['weekday'] })}
        />
      )}
      <Field
        label="Time of day"
        value={form.at}
        pattern="([01][0-9]|2[0-3]):[0-5][0-9]"
        maxLength={5}
        hint={
          form.kind === 'hourly' ? 'Its minutes count, as in 00:15.' : 'By the clocks of your time zone, as in 08:00.'
        }
        onInput={(at) => onChange({ at })}
      />
    </>
  )
}

function ContentFields({ form, onChange }: PartProps) {
  return (
    <>
      <Field
        label="Alerts told in full"
        value={form.topN}
        inputMode="numeric"
        pattern="[1-9]|1[0-9]|2[0-5]"
        maxLength={2}
        hint="The highest scores first, 25 at the most; the others are counted."
        onInput={(topN) => onChange({ topN })}
      />
      <Field
        label="Least score"
        value={form.minScore}
        pattern="[0-9]+([.,][0-9]+)?"
        maxLength={8}
        onInput={(minScore) => onChange({ minScore })}
      />
      <Choice
        label="When there is nothing to tell"
        value={form.whenEmpty}
        choices={{ skip: 'Send nothing', tell: 'Say so' }}
        onChange={(whenEmpty) => onChange({ whenEmpty: whenEmpty as DigestForm['whenEmpty'] })}
      />
      <Check checked={form.enabled} onChange={(isChecked) => onChange({ enabled: isChecked })}>
        Switched on
      </Check>
    </>
  )
}

function namesOf(rows: readonly { id: number; name: string }[]): Record<string, string> {
  return Object.fromEntries(rows.map(({ id, name }) => [String(id), name]))
}

function save(digest: Digest | null, form: DigestForm): Promise<Digest> {
  const draft = draftOf(form)
  if (!digest) return call<Digest>('POST', 'digests', draft)
  return call<Digest>('PUT', `digests/${digest.id}`, draft, { revision: digest.revision })
}
