import { useEffect, useState } from 'preact/hooks'
import { ago, moment } from './format'

const TICK_MS = 15_000

/** Now, again and again. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS)
    return () => clearInterval(timer)
  }, [])
  return now
}

export function Ago({ at, now }: { at: string; now: number }) {
  return (
    <time dateTime={at} title={moment(at)}>
      {ago(at, Math.max(now, Date.now()))}
    </time>
  )
}
