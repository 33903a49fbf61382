import { useEffect, useRef, useState } from 'preact/hooks'

const TYPING_MS = 250

interface SearchFieldProps {
  label: string
  q: string
  maxLength?: number
  onChange: (q: string) => void
}

/** Asks when the typing pauses, not at each letter. */
export function SearchField({ label, q, maxLength = 200, onChange }: SearchFieldProps) {
  const [text, setText] = useState(q)
  // What was told from here comes back as `q`, perhaps after more was typed: only another's change is taken over.
  const told = useRef(q)
  useEffect(() => {
    if (told.current === q) return
    told.current = q
    setText(q)
  }, [q])
  useEffect(() => {
    if (text === q) return
    const tell = () => {
      told.current = text
      onChange(text)
    }
    const timer = setTimeout(tell, TYPING_MS)
    return () => clearTimeout(timer)
  }, [text])
  return (
    <input
      type="search"
      class="search"
      aria-label={label}
      placeholder="Search"
      maxLength={maxLength}
      value={text}
      onInput={(event) => setText(event.currentTarget.value)}
    />
  )
}
