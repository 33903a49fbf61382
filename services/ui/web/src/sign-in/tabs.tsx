import type { ComponentChildren } from 'preact'
import { useId, useRef } from 'preact/hooks'

export interface Tab<Name extends string> {
  name: Name
  label: string
  panel: ComponentChildren
}

interface TabsProps<Name extends string> {
  label: string
  tabs: readonly Tab<Name>[]
  active: Name
  onChoose: (name: Name) => void
}

/** Every panel stands in the page, one is seen: what was typed in another stays. Arrows go from tab to tab. */
export function Tabs<Name extends string>({ label, tabs, active, onChoose }: TabsProps<Name>) {
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  const move = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (by === undefined) return
    event.preventDefault()
    const index = (tabs.findIndex(({ name }) => name === active) + by + tabs.length) % tabs.length
    const next = tabs[index]
    if (next) onChoose(next.name)
    list.current?.querySelectorAll('button')[index]?.focus()
  }
  return (
    <>
      <div class="segments tabs" role="tablist" aria-label={label} ref={list} onKeyDown={move}>
        {tabs.map(({ name, label: text }) => (
          <button
            key={name}
            role="tab"
            id={`${id}-${name}`}
            data-testid={`tab-${name}`}
            aria-selected={name === active}
            aria-controls={`${id}-${name}-panel`}
            tabIndex={name === active ? 0 : -1}
            onClick={() => onChoose(name)}
          >
            {text}
          </button>
        ))}
      </div>
      {tabs.map(({ name, panel }) => (
        <div
          key={name}
          class="panel"
          role="tabpanel"
          id={`${id}-${name}-panel`}
          aria-labelledby={`${id}-${name}`}
          hidden={name !== active}
        >
          {panel}
        </div>
      ))}
    </>
  )
}
