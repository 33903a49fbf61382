import { useEffect, useRef, useState } from 'preact/hooks'
import { AtMostEvery } from './at-most-every'

/** Calls the latest `act` at most so often, for as long as the component stands. */
export function useAtMostEvery(pauseMs: number, act: () => void): () => void {
  const latest = useRef(act)
  latest.current = act
  const [pace] = useState(() => new AtMostEvery(pauseMs, () => latest.current()))
  useEffect(() => () => pace.close(), [pace])
  return pace.ask
}
