import { useState } from 'preact/hooks'
import { call } from '../api'
import { Check } from '../check'
import { Field } from '../field'
import { useLoaded } from '../loaded'
import type { Destination, DestinationKind, Profile, TemplateList } from '../model'
import { Notice } from '../notice'
import { useSubmit } from '../submit'
import { Choice } from './choice'
import { draftOf, type DestinationForm } from './destination-form'
import { KINDS, TYPED_KINDS } from './destination-kinds'
import { HearingFields } from './hearing-fields'
import { TargetFields } from './target-fields'

interface DestinationEditorProps {
  start: DestinationForm
  /** Null: it is a new one. */
  destination: Destination | null
  onSaved: (destination: Destination) => void
}

const KIND_CHOICES = Object.fromEntries(TYPED_KINDS.map((kind) => [kind, KINDS[kind].label]))

/** Everything that can be said of a destination. What is typed stays until it is saved. */
export function DestinationEditor({ start, destination, onSaved }: DestinationEditorProps) {
  const [form, setForm] = useState(start)
  const [isSaved, setSaved] = useState(false)
  const profiles = useLoaded<{ profiles: Profile[] }>('profiles').data?.profiles ?? []
  const templates = useLoaded<TemplateList>('templates').data?.templates ?? []
  const change = (part: Partial<DestinationForm>) => {
    setSaved(false)
    setForm((before) => ({ ...before, ...part }))
  }
  const { isBusy, error, submit } = useSubmit(async () => {
    onSaved(await save(destination, form))
    setSaved(true)
  })
  return (
    <form class="profile-form" onSubmit={submit} aria-label="Destination" data-testid="destination-form">
      <Field label="Name" value={form.name} maxLength={100} onInput={(name) => change({ name })} />
      {form.kind !== 'web_push' && (
        <Choice
          label="Kind"
          value={form.kind}
          choices={KIND_CHOICES}
          onChange={(kind) => change({ kind: kind as DestinationKind, values: {} })}
        />
      )}
      <TargetFields form={form} kept={keptOf(destination, form)} onChange={change} />
      <HearingFields form={form} profiles={profiles} templates={templates} onChange={change} />
      <Check checked={form.enabled} onChange={(isChecked) => change({ enabled: isChecked })}>
        Switched on
      </Check>
      {error && <Notice kind="error">{error}</Notice>}
      {isSaved && <Notice kind="good">Saved. It counts from the next alert on.</Notice>}
      <div class="actions sticky-actions">
        <button class="button primary" disabled={isBusy}>
          {isBusy ? 'One moment…' : destination ? 'Save destination' : 'Add destination'}
        </button>
      </div>
    </form>
  )
}

/** Secrets of another kind are no use. */
function keptOf(destination: Destination | null, { kind }: DestinationForm): readonly string[] {
  return destination?.target.kind === kind ? destination.secrets_set : []
}

function save(destination: Destination | null, form: DestinationForm): Promise<Destination> {
  const draft = draftOf(form)
  if (!destination) return call<Destination>('POST', 'destinations', draft)
  return call<Destination>('PUT', `destinations/${destination.id}`, draft, { revision: destination.revision })
}
