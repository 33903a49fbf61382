import { useEffect, useRef } from 'preact/hooks'
import { useLiveEvent, type Live, type LiveEvents } from './live'

/** Calls `ask` for each event of these types that `isMine`, and whenever one may have been missed. */
export function useNews<T extends keyof LiveEvents>(
  live: Live,
  types: readonly T[],
  ask: () => void,
  isMine: (data: LiveEvents[T]) => boolean = () => true,
): void {
  const latest = useRef({ ask, isMine })
  latest.current = { ask, isMine }
  useEffect(() => {
    const hear = (data: LiveEvents[T]) => {
      if (latest.current.isMine(data)) latest.current.ask()
    }
    const ends = types.map((type) => live.on(type, hear))
    return () => ends.forEach((end) => end())
  }, [live])
  useMissed(live, ask)
}

/** Calls `ask` whenever an event may have been missed: the stream has a gap, begins anew as for a tab that was hidden, or the sentinel was away. */
export function useMissed(live: Live, ask: () => void): void {
  useLiveEvent(live, 'reset', ask)
  // Also the first word of each stream.
  useLiveEvent(live, 'sentinel', ({ reachable }) => reachable && ask())
}
