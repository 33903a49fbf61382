import { count } from './format'
import type { Stats } from './model'

const HOUR = 3_600_000
const HOURS = 24
const WIDTH = 240
const HEIGHT = 56
const GAP = 2

/** A bar for each of the last 24 hours: messages, and on top of them in another colour where alerts were. */
export function Series({ stats }: { stats: Stats | undefined }) {
  const bars = stats ? barsOf(stats) : []
  const label = stats
    ? `Messages an hour: at most ${count(Math.max(0, ...bars.map((bar) => bar.messages)))}`
    : 'Messages an hour'
  return (
    <svg class="series" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label} preserveAspectRatio="none">
      {bars.map((bar, index) => (
        <Bar key={index} bar={bar} index={index} most={Math.max(1, ...bars.map(({ messages }) => messages))} />
      ))}
    </svg>
  )
}

interface Hour {
  messages: number
  alerts: number
}

function Bar({ bar, index, most }: { bar: Hour; index: number; most: number }) {
  const step = WIDTH / HOURS
  const height = bar.messages === 0 ? 1 : Math.max(3, (bar.messages / most) * HEIGHT)
  return (
    <rect
      class={bar.alerts > 0 ? 'bar bar-alert' : 'bar'}
      x={index * step}
      y={HEIGHT - height}
      width={step - GAP}
      height={height}
      rx={2}
    >
      <title>{`${count(bar.messages)} messages, ${count(bar.alerts)} alerts`}</title>
    </rect>
  )
}

/** Steps without anything are left out of the series, so they are put back here. */
function barsOf(stats: Stats): Hour[] {
  const byHour = new Map(stats.series.map((step) => [Math.floor(Date.parse(step.at) / HOUR), step]))
  const last = Math.floor(Date.now() / HOUR)
  return Array.from({ length: HOURS }, (_, index) => byHour.get(last - HOURS + 1 + index) ?? { messages: 0, alerts: 0 })
}
