import { useState } from 'preact/hooks'
import { call } from '../api'
import { moment } from '../format'
import { useLoaded } from '../loaded'
import type { Profile, ProfileRevision, RuleChange } from '../model'
import { Failure, Notice } from '../notice'
import { useSubmit } from '../submit'

interface RevisionsProps {
  profile: Profile
  onRestored: (profile: Profile) => void
}

const BY: Record<ProfileRevision['by'], string> = { api: 'a program', page: 'this page', sentinel: 'the sentinel' }

/** What became of a profile, and the way back. */
export function Revisions({ profile, onRestored }: RevisionsProps) {
  const path = `profiles/${profile.id}/revisions`
  const { data, error, reload } = useLoaded<{ revisions: ProfileRevision[] }>(path, profile.revision)
  const [restoring, setRestoring] = useState(0)
  const {
    isBusy,
    error: failure,
    submit,
  } = useSubmit(async () => {
    const options = { revision: profile.revision }
    onRestored(await call<Profile>('POST', `${path}/${restoring}/restore`, undefined, options))
    setRestoring(0)
  })
  return (
    <>
      <Failure error={error} onRetry={reload} />
      <ol class="rows" data-testid="revisions">
        {data?.revisions.map((each) => (
          <li key={each.revision}>
            <div class="row-main">
              <strong>
                {each.revision}. {each.action}
              </strong>{' '}
              <span class="hint">
                by {BY[each.by]}, {moment(each.at)}
              </span>
              <Changes changes={each.changes} />
            </div>
            {each.revision !== profile.revision && restoring !== each.revision && (
              <button class="button quiet" onClick={() => setRestoring(each.revision)}>
                Restore…
              </button>
            )}
            {restoring === each.revision && (
              <form onSubmit={submit} class="confirmation" aria-label={`Restore revision ${each.revision}`}>
                <button class="button primary" disabled={isBusy}>
                  Restore {each.revision}
                </button>
                <button type="button" class="button quiet" onClick={() => setRestoring(0)}>
                  Cancel
                </button>
              </form>
            )}
          </li>
        ))}
      </ol>
      {failure && <Notice kind="error">{failure}</Notice>}
    </>
  )
}

function Changes({ changes }: { changes: readonly RuleChange[] }) {
  return (
    <ul class="changes">
      {changes.map(({ path, before, after }) => (
        <li key={path}>
          <code>{path}</code> {before != null && <del dir="auto">{textOf(before)}</del>}{' '}
          {after != null && <ins dir="auto">{textOf(after)}</ins>}
        </li>
      ))}
    </ul>
  )
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
