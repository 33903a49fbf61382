import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

interface FieldProps {
  label: string
  value: string
  onInput: (value: string) => void
  type?: 'text' | 'password'
  autoComplete?: string
  hint?: ComponentChildren
  minLength?: number
  maxLength?: number
  pattern?: string
  inputMode?: 'numeric'
  autoFocus?: boolean
}

export function Field({ label, value, onInput, hint, type = 'text', ...rest }: FieldProps) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        // Preact's types know each kind of input by a literal.
        type={type as 'text'}
        required
        value={value}
        onInput={(event) => onInput(event.currentTarget.value)}
        aria-describedby={hint ? `${id}-hint` : undefined}
        spellcheck={false}
        {...rest}
      />
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}
