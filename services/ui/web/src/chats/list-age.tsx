import { call } from '../api'
import { Ago } from '../clock'
import { count, countdown } from '../format'
import type { ChatPage } from '../model'
import { Notice } from '../notice'
import { useSubmit } from '../submit'

/** How old the list is, and the way to a new one; a refresh that failed leaves the old one in force. */
export function ListAge({ page, onRefreshed }: { page: ChatPage; onRefreshed: () => void }) {
  const { isBusy, error, waitS, submit } = useSubmit(async () => {
    try {
      await call('POST', 'telegram/chats/refresh')
    } finally {
      onRefreshed()
    }
  })
  const isReading = isBusy || page.is_refreshing
  const failure = error || page.refresh_error
  return (
    <>
      <p class="list-age">
        <span class="hint">
          {count(page.total)} {page.total === 1 ? 'chat' : 'chats'},{' '}
          {page.read_at ? (
            <>
              read <Ago at={page.read_at} />
            </>
          ) : (
            'not read yet'
          )}
        </span>
        <button class="button quiet" data-testid="refresh-chats" disabled={isReading || waitS > 0} onClick={submit}>
          {isReading ? 'Reading…' : 'Refresh'}
          {waitS > 0 && <span class="ticking">{countdown(waitS)}</span>}
        </button>
      </p>
      {failure && !isReading && (
        <Notice kind="warning" testId="refresh-error">
          The list could not be read anew: {failure}
        </Notice>
      )}
    </>
  )
}
