import { useEffect, useState } from 'preact/hooks'
import { serverNow } from './api'

/** Whole seconds until a moment of the server's clock (milliseconds); 0 once it is over. */
export function useSecondsLeft(untilMs: number): number {
  const left = () => Math.max(0, Math.ceil((untilMs - serverNow()) / 1000))
  const [seconds, setSeconds] = useState(left)
  const isOver = seconds === 0
  useEffect(() => setSeconds(left), [untilMs])
  useEffect(() => {
    if (isOver) return
    const timer = setInterval(() => setSeconds(left), 1000)
    return () => clearInterval(timer)
  }, [untilMs, isOver])
  return seconds
}
