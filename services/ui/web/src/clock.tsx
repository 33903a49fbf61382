import { useEffect, useState } from 'preact/hooks'
import { ago, moment } from './format'

const TICK_MS = 15_000

const ticking = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

/** One timer for all that shows a time. Returns what ends that. */
function onTick(tick: () => void): () => void {
  ticking.add(tick)
  timer ??= setInterval(() => ticking.forEach((one) => one()), TICK_MS)
  return () => {
    ticking.delete(tick)
    if (ticking.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** `3 min. ago`, kept up by itself: what stands around it is not rendered again. */
export function Ago({ at }: { at: string }) {
  const [text, setText] = useState(() => ago(at, Date.now()))
  useEffect(() => {
    const tick = () => setText(ago(at, Date.now()))
    tick()
    return onTick(tick)
  }, [at])
  return (
    <time dateTime={at} title={moment(at)}>
      {text}
    </time>
  )
}
