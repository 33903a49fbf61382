import { useEffect, useState } from 'preact/hooks'
import { call, codeOf, messageOf } from './api'
import { Asking } from './asking'
import { awayBy, type Away } from './away'
import { useLiveEvent, type Live } from './live'
import type { Status } from './model'

const SLOW_MS = 4000
const RETRY_MS = 5000

/** What only whoever set the services up can mend, and what no restart does: the sentence says which variable is wrong. */
const MISCONFIGURED = ['SENTINEL_WRONG_ADDRESS', 'SENTINEL_REFUSED_TOKEN']

/** The sentinel's state, kept when it goes away; `away` says who is, and `reason` why, where a setting is to blame. */
export function useStatus(live: Live): { status: Status | undefined; away: Away; reason: string | null } {
  const [status, setStatus] = useState<Status | undefined>()
  const [isServerLost, setServerLost] = useState(false)
  const [silent, setSilent] = useState<Away>('nobody')
  const [reason, setReason] = useState<string | null>(null)
  const hear = (next: Status) => {
    setStatus(next)
    setSilent(isKept(next) ? 'sentinel' : 'nobody')
    setReason(null)
  }
  const [asking] = useState(
    () =>
      new Asking(
        () => askStatus(setSilent),
        hear,
        (error: unknown) => {
          setSilent(awayBy(codeOf(error)))
          setReason(MISCONFIGURED.includes(codeOf(error)) ? messageOf(error) : null)
        },
      ),
  )
  const away = isServerLost ? 'ui' : silent
  useEffect(() => asking.ask(), [])
  useEffect(() => {
    if (away === 'nobody') return
    const timer = setInterval(() => asking.ask(), RETRY_MS)
    return () => clearInterval(timer)
  }, [away])
  useLiveEvent(live, 'status', (next) => {
    asking.overtake()
    hear(next)
  })
  useLiveEvent(live, 'reset', () => asking.askAnew())
  useLiveEvent(live, 'server', ({ reachable }) => setServerLost(!reachable))
  useLiveEvent(live, 'sentinel', ({ reachable }) => {
    if (!reachable) setSilent('sentinel')
    asking.askAnew()
  })
  return { status, away, reason: away === 'sentinel' ? reason : null }
}

/** Who has not answered for a while counts as away until the answer comes. */
function askStatus(onSilence: (away: Away) => void): Promise<Status> {
  const slow = setTimeout(() => onSilence('sentinel'), SLOW_MS)
  return call<Status>('GET', 'status').finally(() => clearTimeout(slow))
}

/** Whether the ui tells what it kept of a sentinel that is away. */
export function isKept({ stale_since: since }: Status): boolean {
  return since !== undefined
}

/** Whether the account is there to be read, or the owner has something to do first; that waits for a sentinel that is away. */
export function needsOwner(status: Status): boolean {
  if (isKept(status)) return false
  return !status.app_configured || (!status.authorized && status.state !== 'connecting')
}
