import { useEffect, useRef, useState } from 'preact/hooks'
import { call, codeOf } from './api'
import { awayBy, type Away } from './away'
import { useLiveEvent, type Live } from './live'
import type { Status } from './model'

const SLOW_MS = 4000
const RETRY_MS = 5000

/** The sentinel's state, kept when it goes away; `away` says who is. */
export function useStatus(live: Live): { status: Status | undefined; away: Away } {
  const [status, setStatus] = useState<Status | undefined>()
  const [isServerLost, setServerLost] = useState(false)
  const [silent, setSilent] = useState<Away>('nobody')
  const hear = (next: Status) => {
    setStatus(next)
    setSilent('nobody')
  }
  const load = useAsking(hear, setSilent)
  const away = isServerLost ? 'ui' : silent
  useEffect(load, [])
  useEffect(() => {
    if (away === 'nobody') return
    const timer = setInterval(load, RETRY_MS)
    return () => clearInterval(timer)
  }, [away])
  useLiveEvent(live, 'status', hear)
  useLiveEvent(live, 'reset', load)
  useLiveEvent(live, 'server', ({ reachable }) => setServerLost(!reachable))
  useLiveEvent(live, 'sentinel', ({ reachable }) => (reachable ? load() : setSilent('sentinel')))
  return { status, away }
}

/** One question at a time; who has not answered for a while counts as away until the answer comes. */
function useAsking(onStatus: (status: Status) => void, onSilence: (away: Away) => void): () => void {
  const isAsking = useRef(false)
  return () => {
    if (isAsking.current) return
    isAsking.current = true
    const slow = setTimeout(() => onSilence('sentinel'), SLOW_MS)
    call<Status>('GET', 'status')
      .then(onStatus, (error: unknown) => onSilence(awayBy(codeOf(error))))
      .finally(() => {
        clearTimeout(slow)
        isAsking.current = false
      })
  }
}

/** Whether the account is there to be read, or the owner has something to do first. */
export function needsOwner(status: Status): boolean {
  return !status.app_configured || (!status.authorized && status.state !== 'connecting')
}
