import { call } from './api'
import type { Status } from './model'
import { Notice } from './notice'
import { useSubmit } from './submit'

/** How the latest import goes, where no upload of this page tells it; while it is verified it can be cancelled. */
export function ImportNotice({ status, isUploading }: { status: Status; isUploading: boolean }) {
  const { state, import: latest } = status
  const cancelling = useSubmit(async () => {
    await call('DELETE', `session/import?generation=${latest?.generation}`)
  })
  if (latest?.state === 'failed' && state !== 'signed_in')
    return <Notice kind="error">The last import failed: {latest.message}</Notice>
  if (latest?.state !== 'verifying' || isUploading) return null
  return (
    <Notice kind="info" testId="import-verifying">
      An imported session is being verified. {latest.message}{' '}
      <button class="button" data-testid="import-cancel" disabled={cancelling.isBusy} onClick={cancelling.submit}>
        Cancel the import
      </button>
      {cancelling.error && <span role="alert"> {cancelling.error}</span>}
    </Notice>
  )
}
