import type { Away } from './away'
import { moment } from './format'
import { Notice } from './notice'

interface AwayNoticeProps {
  away: Away
  /** When the sentinel was heard last, as what is shown was true then; undefined where nothing is known of it. */
  since: string | undefined
  /** Why the sentinel is away, where a setting is to blame. */
  reason: string | null
}

/** Who is away, and what that means for what is seen; nothing while nobody is. */
export function AwayNotice({ away, since, reason }: AwayNoticeProps) {
  if (away === 'nobody') return null
  return (
    <Notice kind="warning" testId={`${away}-away`}>
      {away === 'ui' ? SERVER : (reason ?? (since === undefined ? SENTINEL : <Since since={since} />))}
    </Notice>
  )
}

const GOES_ON = 'This page goes on by itself once it is back.'
const SERVER = `This page cannot reach its server. Is TG Sentinel running? What you see is what was last heard. ${GOES_ON}`
const SENTINEL = `The sentinel is away. ${GOES_ON}`

function Since({ since }: { since: string }) {
  return (
    <>
      The sentinel is away since <time dateTime={since}>{moment(since)}</time>; this is what was known then. Changes
      wait until it is back.
    </>
  )
}
