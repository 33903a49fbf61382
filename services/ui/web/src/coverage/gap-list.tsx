import { Ago } from '../clock'
import type { Gap } from '../model'

const STATES: Record<Gap['state'], string> = {
  open: 'waits to be filled',
  filling: 'is being filled',
  filled: 'filled',
  closed: 'cannot be filled',
}

export function GapList({ title, gaps }: { title: string; gaps: readonly Gap[] }) {
  return (
    <>
      <h3>{title}</h3>
      <ul class="gaps">
        {gaps.map((gap) => (
          <li key={gap.id} data-testid="gap" class={gap.state === 'closed' ? 'is-bad' : ''}>
            <strong>
              {rangeOf(gap)}: {STATES[gap.state]}
            </strong>
            <p class="hint">
              {gap.detail} Found <Ago at={gap.found_at} />.
            </p>
          </li>
        ))}
      </ul>
    </>
  )
}

function rangeOf({ after_id: after, before_id: before }: Gap): string {
  const from = after === null || after === 0 ? 'From the beginning' : `After #${after}`
  return before === null ? from : `${from}, before #${before}`
}
