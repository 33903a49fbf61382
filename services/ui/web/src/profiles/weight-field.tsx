interface WeightFieldProps {
  /** What the weight is of. */
  of: string
  value: string
  onInput: (value: string) => void
  placeholder?: string
}

/** What something adds to the score. */
export function WeightField({ of, value, onInput, placeholder }: WeightFieldProps) {
  return (
    <label class="weight">
      <span class="visually-hidden">{of}: </span>
      <span>Weight</span>
      <input
        type="text"
        inputMode="decimal"
        maxLength={8}
        placeholder={placeholder}
        value={value}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </label>
  )
}
