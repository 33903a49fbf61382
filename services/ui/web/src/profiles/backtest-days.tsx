import { Bars } from '../bars'
import { count, counted } from '../format'
import type { Backtest } from '../model'

const DAY = 86_400_000
/** More bars than these cannot be told apart. */
const MOST_DAYS = 90

/** Alerts a day as they would have come; marked where the saved rules would have raised another number. */
export function BacktestDays({ run, isCompared }: { run: Backtest; isCompared: boolean }) {
  const days = daysOf(run)
  if (days.length < 2) return null
  const most = Math.max(...days.map(({ alerts }) => alerts))
  const bars = days.map(({ day, alerts, alerts_now: now }) => ({
    value: alerts,
    title: `${day}: ${counted(alerts, 'alert')}${isCompared ? `, as it is saved ${count(now)}` : ''}`,
    isMarked: isCompared && alerts !== now,
  }))
  return (
    <figure class="by-day" data-testid="backtest-days">
      <Bars label={`Alerts a day: at most ${count(most)}`} bars={bars} />
      <figcaption class="hint">
        Alerts a day, at most {count(most)}
        {isCompared && '; marked where the saved rules raise another number'}
      </figcaption>
    </figure>
  )
}

/** From the first day that had anything to the last; days without anything are put back. */
function daysOf({ by_day: byDay }: Backtest): Backtest['by_day'] {
  const found = new Map(byDay.map((each) => [each.day, each]))
  const first = Date.parse(byDay[0]?.day ?? '')
  const last = Date.parse(byDay.at(-1)?.day ?? '')
  if (Number.isNaN(first)) return []
  const days = Array.from({ length: (last - first) / DAY + 1 }, (_, index) => {
    const day = new Date(first + index * DAY).toISOString().slice(0, 10)
    return found.get(day) ?? { day, alerts: 0, alerts_now: 0 }
  })
  return days.slice(-MOST_DAYS)
}
