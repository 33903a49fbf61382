import { useId } from 'preact/hooks'

interface ChoiceProps {
  label: string
  value: string
  choices: Readonly<Record<string, string>>
  hint?: string
  isDisabled?: boolean
  onChange: (value: string) => void
}

/** One of several. */
export function Choice({ label, value, choices, hint, isDisabled = false, onChange }: ChoiceProps) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value}
        disabled={isDisabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {Object.entries(choices).map(([name, text]) => (
          <option key={name} value={name}>
            {text}
          </option>
        ))}
      </select>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}
