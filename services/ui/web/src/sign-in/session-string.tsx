import { useId, useState } from 'preact/hooks'
import { call } from '../api'
import type { Status } from '../model'
import { Notice } from '../notice'
import { useSubmit } from '../submit'
import { SubmitButton } from './submit-button'

/** Imports a session string. What was typed is gone once it is taken: it is as good as the account. */
export function SessionString({ status }: { status: Status | undefined }) {
  const [text, setText] = useState('')
  const [generation, setGeneration] = useState<number | undefined>()
  const id = useId()
  const sending = useSubmit(async () => {
    setGeneration(undefined)
    const imported = await call<{ generation: number }>('POST', 'session/import', { session_string: text.trim() })
    setGeneration(imported.generation)
    setText('')
  })
  return (
    <form onSubmit={sending.submit} data-testid="string-form">
      <div class="field">
        <label for={id}>Or a session string</label>
        <textarea
          id={id}
          required
          rows={3}
          maxLength={4096}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          autoComplete="off"
          spellcheck={false}
          aria-describedby={`${id}-hint`}
          aria-invalid={sending.error ? true : undefined}
        />
        <p class="hint" id={`${id}-hint`}>
          Of Telethon, GramJS, Pyrogram or mtcute; it is told apart by itself.
        </p>
        {sending.error && (
          <p class="field-error" role="alert" data-testid="string-error">
            {sending.error}
          </p>
        )}
      </div>
      <div>
        <SubmitButton sending={sending} label="Import the string" busyLabel="Importing…" />
      </div>
      {status && generation !== undefined && <Verdict status={status} generation={generation} />}
    </form>
  )
}

/** What the sentinel says of this very import. */
function Verdict({ status, generation }: { status: Status; generation: number }) {
  const own = status.import?.generation === generation ? status.import : null
  if (own?.state === 'failed') return <Notice kind="error">{own.message}</Notice>
  if (status.authorized && status.session_generation === generation) {
    return (
      <Notice kind="good" testId="string-done">
        {own?.message ?? status.state_message}
      </Notice>
    )
  }
  return <Notice kind="info">{own?.message ?? 'The sentinel asks Telegram.'}</Notice>
}
