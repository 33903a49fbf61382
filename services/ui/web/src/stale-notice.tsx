import type { Edition } from './edition'
import { Notice } from './notice'

interface StaleNoticeProps {
  edition: Pick<Edition<never>, 'isStale' | 'renew'>
  noun: string
}

/** That a form shows what was changed elsewhere since, and the way on; nothing while it does not. */
export function StaleNotice({ edition: { isStale, renew }, noun }: StaleNoticeProps) {
  if (!isStale) return null
  return (
    <div class="stale">
      <Notice kind="warning" testId="stale">
        This {noun} was changed elsewhere. What you type here cannot be saved any more.{' '}
        <button class="button link" onClick={() => renew()}>
          Show it as it is now
        </button>
      </Notice>
    </div>
  )
}
