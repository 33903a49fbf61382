import { useEffect, useRef, useState } from 'preact/hooks'
import { call, messageOf } from '../api'
import type { Watch } from '../model'

type Step = (watch: Watch) => Watch

export interface Watching {
  watch: Watch | undefined
  error: string
  isBusy: boolean
  change: (step: Step) => void
}

/**
 * What is watched. A change is shown at once, made to the rules as the sentinel has them by then (another tab may have
 * changed them, too), and taken back where it is refused. Changes go one after another.
 */
export function useWatching(): Watching {
  const [watch, setWatch] = useState<Watch | undefined>()
  const [error, setError] = useState('')
  const [underWay, setUnderWay] = useState(0)
  const queue = useRef({ last: Promise.resolve(), length: 0 }).current
  const known = useRef<Watch | undefined>(undefined)
  const work = async (step: Step | undefined) => {
    try {
      known.current = await call<Watch>('GET', 'telegram/watch')
      if (step) known.current = await call<Watch>('PUT', 'telegram/watch', step(known.current))
    } catch (cause) {
      setError(messageOf(cause))
    }
    queue.length -= 1
    setUnderWay(queue.length)
    // What is shown is ahead of this while more is to come.
    if (queue.length === 0) setWatch(known.current)
  }
  const enqueue = (step?: Step) => {
    setError('')
    queue.length += 1
    setUnderWay(queue.length)
    queue.last = queue.last.then(() => work(step))
  }
  useEffect(() => enqueue(), [])
  const change = (step: Step) => {
    setWatch((present) => present && step(present))
    enqueue(step)
  }
  return { watch, error, isBusy: underWay > 0, change }
}
