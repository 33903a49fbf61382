import { useEffect, useState } from 'preact/hooks'
import { call } from './api'
import { useLiveEvent, type Live } from './live'
import type { Status } from './model'

/** The sentinel's state, kept when it goes away; `isAway` says so. */
export function useStatus(live: Live) {
  const [status, setStatus] = useState<Status | undefined>()
  const [isAway, setAway] = useState(false)
  const load = () => {
    call<Status>('GET', 'status')
      .then((next) => {
        setStatus(next)
        setAway(false)
      })
      .catch((error: { code?: string }) => setAway(String(error.code).startsWith('SENTINEL_')))
  }
  useEffect(load, [])
  useLiveEvent(live, 'status', setStatus)
  useLiveEvent(live, 'reset', load)
  useLiveEvent(live, 'sentinel', ({ reachable }) => {
    setAway(!reachable)
    if (reachable) load()
  })
  return { status, isAway }
}

/** Whether the account is there to be read, or the owner has something to do first. */
export function needsOwner(status: Status): boolean {
  return !status.app_configured || (!status.authorized && status.state !== 'connecting')
}
