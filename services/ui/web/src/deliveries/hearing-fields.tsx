import { Check } from '../check'
import { Field } from '../field'
import type { Profile, Template } from '../model'
import { Choice } from './choice'
import type { DestinationForm } from './destination-form'

interface HearingFieldsProps {
  form: DestinationForm
  profiles: readonly Profile[]
  templates: readonly Template[]
  onChange: (part: Partial<DestinationForm>) => void
}

/** Which alerts go to a destination, in which form, and how many. */
export function HearingFields({ form, profiles, templates, onChange }: HearingFieldsProps) {
  const names = Object.fromEntries(templates.map(({ id, name }) => [String(id), name]))
  return (
    <fieldset class="part">
      <legend>What is sent there</legend>
      <Check checked={form.hearsAlerts} onChange={(isChecked) => onChange({ hearsAlerts: isChecked })}>
        Alerts, as they are raised
      </Check>
      {form.hearsAlerts && <ProfileChoice form={form} profiles={profiles} onChange={onChange} />}
      {form.hearsAlerts && (
        <Field
          label="Least score"
          value={form.minScore}
          pattern="[0-9]+([.,][0-9]+)?"
          maxLength={8}
          onInput={(minScore) => onChange({ minScore })}
        />
      )}
      <Choice
        label="Template"
        value={form.templateId === null ? '' : String(form.templateId)}
        choices={{ '': 'The built-in one', ...names }}
        onChange={(id) => onChange({ templateId: id === '' ? null : Number(id) })}
      />
      <Field
        label="Messages a minute at the most"
        value={form.rate}
        pattern="[0-9]+"
        inputMode="numeric"
        maxLength={3}
        hint="What is beyond that waits."
        onInput={(rate) => onChange({ rate })}
      />
    </fieldset>
  )
}

type ProfileChoiceProps = Omit<HearingFieldsProps, 'templates'>

function ProfileChoice({ form, profiles, onChange }: ProfileChoiceProps) {
  const { profiles: chosen } = form
  const toggle = (id: number, isOn: boolean) =>
    onChange({ profiles: isOn ? [...(chosen ?? []), id] : (chosen ?? []).filter((each) => each !== id) })
  return (
    <div class="choices-row" role="group" aria-label="Of which profiles">
      <Check checked={chosen === null} onChange={(isChecked) => onChange({ profiles: isChecked ? null : [] })}>
        Of all profiles
      </Check>
      {chosen !== null &&
        profiles.map(({ id, name }) => (
          <Check key={id} checked={chosen.includes(id)} onChange={(isChecked) => toggle(id, isChecked)}>
            {name}
          </Check>
        ))}
    </div>
  )
}
