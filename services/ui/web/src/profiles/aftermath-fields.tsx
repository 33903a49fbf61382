import { Check } from '../check'
import { Field } from '../field'
import type { PartProps } from './rule-fields'
import { WeightField } from './weight-field'

/** What others make of a message, and what its author does with it after it was posted. */
export function AftermathFields({ form, onChange }: PartProps) {
  return (
    <fieldset class="part">
      <legend>Reactions, answers, edits</legend>
      <p class="hint">What is reached counts whenever it is reached, also long after the message was posted.</p>
      <NumberField label="Reactions from" value={form.reactions} onInput={(reactions) => onChange({ reactions })} />
      <NumberField label="Answers from" value={form.replies} onInput={(replies) => onChange({ replies })} />
      <WeightField
        of="Each that is reached"
        value={form.thresholdWeight}
        onInput={(thresholdWeight) => onChange({ thresholdWeight })}
      />
      <p class="hint">
        What becomes of a message stands on its alert. Where the alert was sent to, it is told only if you say so:
      </p>
      <Check checked={form.tellsEdits} onChange={(isChecked) => onChange({ tellsEdits: isChecked })}>
        Tell when the message of an alert is edited
      </Check>
      <Check checked={form.tellsDeletions} onChange={(isChecked) => onChange({ tellsDeletions: isChecked })}>
        Tell when it is deleted
      </Check>
    </fieldset>
  )
}

function NumberField({ label, value, onInput }: { label: string; value: string; onInput: (value: string) => void }) {
  return (
    <Field
      label={label}
      value={value}
      required={false}
      inputMode="numeric"
      pattern="[0-9]*"
      maxLength={7}
      hint="Empty: not looked at."
      onInput={onInput}
    />
  )
}
