import type { ComponentChild } from 'preact'
import { useState } from 'preact/hooks'

/** Asks for what is in it only once it is opened. */
export function Unfolding({ title, children }: { title: string; children: () => ComponentChild }) {
  const [wasOpened, setOpened] = useState(false)
  return (
    <details class="unfolding" onToggle={(event) => event.currentTarget.open && setOpened(true)}>
      <summary>{title}</summary>
      {wasOpened && children()}
    </details>
  )
}
