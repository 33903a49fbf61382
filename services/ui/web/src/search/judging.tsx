import { useState } from 'preact/hooks'
import { call } from '../api'
import { useLoaded } from '../loaded'
import type { Label, Profile } from '../model'
import { Failure, Notice } from '../notice'
import { useSubmit } from '../submit'

interface JudgingProps {
  chatId: string
  messageId: number
}

/** Tells a profile that this message is wanted or not, whether or not it raised an alert. */
export function Judging({ chatId, messageId }: JudgingProps) {
  const { data, error, reload } = useLoaded<{ profiles: Profile[] }>('profiles')
  const [chosen, setChosen] = useState<number | null>(null)
  const profiles = data?.profiles ?? []
  const id = chosen ?? profiles[0]?.id
  return (
    <div data-testid="judging">
      <Failure error={error} onRetry={reload} />
      {data && profiles.length === 0 && <p class="hint">There is no profile yet.</p>}
      {profiles.length > 0 && (
        <label class="inline-field">
          <span>Teach</span>
          <select value={id} onChange={(event) => setChosen(Number(event.currentTarget.value))}>
            {profiles.map((profile) => (
              <option key={profile.id} value={profile.id}>
                {profile.name}
              </option>
            ))}
          </select>
        </label>
      )}
      {id !== undefined && <Verdicts key={id} profileId={id} chatId={chatId} messageId={messageId} />}
    </div>
  )
}

function Verdicts({ profileId, chatId, messageId }: JudgingProps & { profileId: number }) {
  const path = `profiles/${profileId}/labels`
  const { data, error, reload } = useLoaded<{ labels: Label[] }>(path)
  const kept = data?.labels.find((label) => label.chat_id === chatId && label.message_id === messageId)
  const message = `${path}/${chatId}/${messageId}`
  return (
    <div class="actions">
      <Failure error={error} onRetry={reload} />
      {[true, false].map((relevant) => (
        <Verdict
          key={String(relevant)}
          message={message}
          relevant={relevant}
          isSaid={kept?.relevant === relevant}
          onSaid={reload}
        />
      ))}
    </div>
  )
}

interface VerdictProps {
  message: string
  relevant: boolean
  isSaid: boolean
  onSaid: () => void
}

/** Pressed again it is taken back. */
function Verdict({ message, relevant, isSaid, onSaid }: VerdictProps) {
  const { isBusy, error, submit } = useSubmit(async () => {
    if (isSaid) await call('DELETE', message)
    else await call('PUT', message, { relevant })
    onSaid()
  })
  return (
    <>
      <button type="button" class="button quiet" disabled={isBusy} aria-pressed={isSaid} onClick={submit}>
        <span aria-hidden="true">{relevant ? '👍' : '👎'}</span> {relevant ? 'For it' : 'Not for it'}
      </button>
      {error && <Notice kind="error">{error}</Notice>}
    </>
  )
}
