import { useEffect, useRef, useState } from 'preact/hooks'
import { call } from './api'
import { count, counted } from './format'
import type { Live } from './live'
import type { Stats } from './model'
import { useNews } from './news'
import { Series } from './series'

const REFRESH_MS = 60_000
const SOON_MS = 1000

export function Counters({ live }: { live: Live }) {
  const stats = useStats(live)
  return (
    <section class="card counters" aria-label="Last 24 hours" aria-busy={!stats}>
      <h2>Last 24 hours</h2>
      <dl class="numbers">
        <Number name="Messages" value={stats?.messages} />
        <Number name="Alerts" value={stats?.alerts} />
        <Number name="Unread" value={stats?.unread} />
      </dl>
      <Series stats={stats} />
      <p class="hint">Messages an hour; in colour where an alert was raised.</p>
      <p class="hint">
        {stats
          ? `${counted(stats.total_messages, 'message')} and ${counted(stats.total_alerts, 'alert')} in all`
          : '\u00a0'}
      </p>
    </section>
  )
}

function Number({ name, value }: { name: string; value: number | undefined }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value === undefined ? '–' : count(value)}</dd>
    </div>
  )
}

/** Asked each minute, and soon after something happened; the last answer stays when there is none. */
function useStats(live: Live): Stats | undefined {
  const [stats, setStats] = useState<Stats | undefined>()
  const soon = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const load = () => {
    soon.current = undefined
    call<Stats>('GET', 'stats').then(setStats, () => undefined)
  }
  // Not put off by what happens next: a steady stream of alerts is counted as it goes.
  const stir = () => (soon.current ??= setTimeout(load, SOON_MS))
  useEffect(() => {
    load()
    const timer = setInterval(load, REFRESH_MS)
    return () => {
      clearInterval(timer)
      clearTimeout(soon.current)
    }
  }, [])
  useNews(live, ['alert', 'alert_changed'], stir)
  return stats
}
