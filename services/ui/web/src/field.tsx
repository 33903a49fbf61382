import type { ComponentChildren, RefObject } from 'preact'
import { useId } from 'preact/hooks'

interface FieldProps {
  label: string
  value: string
  onInput?: (value: string) => void
  type?: 'text' | 'password' | 'tel'
  autoComplete?: string
  hint?: ComponentChildren
  /** What the server says of it. */
  error?: string
  /** Beside the input. */
  aside?: ComponentChildren
  input?: RefObject<HTMLInputElement | null>
  minLength?: number
  maxLength?: number
  pattern?: string
  inputMode?: 'numeric' | 'tel' | 'text'
  autoFocus?: boolean
  readOnly?: boolean
  /** True by default. */
  required?: boolean
}

export function Field({ label, value, onInput, hint, error, aside, input, type = 'text', ...rest }: FieldProps) {
  const id = useId()
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class={aside ? 'field-row' : undefined}>
        <input
          id={id}
          ref={input ?? null}
          // Preact's types know each kind of input by a literal.
          type={type as 'text'}
          required
          value={value}
          onInput={(event) => onInput?.(event.currentTarget.value)}
          aria-describedby={described || undefined}
          aria-invalid={error ? true : undefined}
          spellcheck={false}
          {...rest}
        />
        {aside}
      </div>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="field-error" id={`${id}-error`} role="alert" data-testid="field-error">
          {error}
        </p>
      )}
    </div>
  )
}
