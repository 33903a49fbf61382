import type { ComponentChildren } from 'preact'

interface CheckProps {
  checked: boolean
  onChange: (isChecked: boolean) => void
  children: ComponentChildren
}

/** Something that is so or not, with what it says beside it. */
export function Check({ checked, onChange, children }: CheckProps) {
  return (
    <label class="check">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} /> {children}
    </label>
  )
}
