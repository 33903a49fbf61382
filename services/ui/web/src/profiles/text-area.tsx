import { useId } from 'preact/hooks'

interface TextAreaProps {
  label: string
  value: string
  rows: number
  hint?: string
  maxLength?: number
  onInput: (value: string) => void
}

export function TextArea({ label, value, rows, hint, maxLength, onInput }: TextAreaProps) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <textarea
        id={id}
        rows={rows}
        dir="auto"
        value={value}
        maxLength={maxLength}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}
