import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Failure } from './notice'
import { addressOf, type Route } from './route'

/** What cannot be loaded has no title, and is called by its kind. */
type Titled = { title: string; noun?: undefined } | { title: string | null | undefined; noun: string }

interface Page {
  /** Of the element; its heading has it, too, with `-title`. */
  id: string
  /** The list that it was opened from. */
  backTo: Route
  error: string
  onRetry: () => void
  children: ComponentChildren
}

export type DetailsProps = Page & Titled

/** The page of one thing beside or instead of the list: its heading takes the focus. */
export function Details({ id, title, noun, backTo, error, onRetry, children }: DetailsProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <aside class="chat-details card" aria-labelledby={`${id}-title`} data-testid={id}>
      <a class="button quiet back" href={addressOf(backTo)}>
        ← Back to the list
      </a>
      <h2 id={`${id}-title`} ref={heading} tabIndex={-1} dir="auto">
        {title ?? (error ? `This ${noun}` : 'One moment…')}
      </h2>
      <Failure error={error} onRetry={onRetry} />
      {children}
    </aside>
  )
}
