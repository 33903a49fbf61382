import { Bars } from './bars'
import { count, counted } from './format'
import type { Stats } from './model'

const HOUR = 3_600_000
const HOURS = 24

/** A bar for each of the last 24 hours: messages, in another colour where there were alerts. */
export function Series({ stats }: { stats: Stats | undefined }) {
  const hours = stats ? hoursOf(stats) : []
  const most = Math.max(0, ...hours.map(({ messages }) => messages))
  const bars = hours.map(({ messages, alerts }) => ({
    value: messages,
    title: `${counted(messages, 'message')}, ${counted(alerts, 'alert')}`,
    isMarked: alerts > 0,
  }))
  return <Bars label={stats ? `Messages an hour: at most ${count(most)}` : 'Messages an hour'} bars={bars} />
}

interface Hour {
  messages: number
  alerts: number
}

/** Steps without anything are left out of the series, so they are put back here. */
function hoursOf(stats: Stats): Hour[] {
  const byHour = new Map(stats.series.map((step) => [Math.floor(Date.parse(step.at) / HOUR), step]))
  const last = Math.floor(Date.now() / HOUR)
  return Array.from({ length: HOURS }, (_, index) => byHour.get(last - HOURS + 1 + index) ?? { messages: 0, alerts: 0 })
}
