import { Field } from '../field'
import { Choice } from './choice'
import type { DestinationForm } from './destination-form'
import { KINDS, type KindField } from './destination-kinds'

interface TargetFieldsProps {
  form: DestinationForm
  /** Names of the secrets that are kept already. */
  kept: readonly string[]
  onChange: (part: Partial<DestinationForm>) => void
}

/** What a kind of destination has to know. */
export function TargetFields({ form, kept, onChange }: TargetFieldsProps) {
  const { hint, fields } = KINDS[form.kind]
  const set = (name: string, value: string) => onChange({ values: { ...form.values, [name]: value } })
  return (
    <>
      <p class="hint">{hint}</p>
      {fields.map((field) => (
        <TargetField
          key={`${form.kind}.${field.name}`}
          field={field}
          isKept={Boolean(field.isSecret) && kept.includes(field.name)}
          value={form.values[field.name] ?? ''}
          onInput={(value) => set(field.name, value)}
        />
      ))}
    </>
  )
}

interface TargetFieldProps {
  field: KindField
  isKept: boolean
  value: string
  onInput: (value: string) => void
}

function TargetField({ field, isKept, value, onInput }: TargetFieldProps) {
  const { label, choices, hint, isOptional, isNumber, isSecret } = field
  if (choices)
    return (
      <Choice label={label} value={value || (Object.keys(choices)[0] ?? '')} choices={choices} onChange={onInput} />
    )
  const told = isKept ? 'It is set, and not shown. What you type takes its place.' : hint
  return (
    <Field
      label={label}
      value={value}
      required={!isOptional && !isKept}
      {...(isSecret ? { type: 'password' as const, autoComplete: 'off' } : {})}
      {...(isNumber ? { inputMode: 'numeric' as const, pattern: '[0-9]+' } : {})}
      {...(told ? { hint: told } : {})}
      maxLength={4000}
      onInput={onInput}
    />
  )
}
