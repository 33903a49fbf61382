import { useState } from 'preact/hooks'
import { call } from './api'
import { Field } from './field'
import { Notice } from './notice'
import { useSubmit } from './submit'

/** Asks for the Telegram application; write-only, so nothing is shown of what is stored. */
export function TelegramAppForm() {
  const [id, setId] = useState('')
  const [hash, setHash] = useState('')
  const [isStored, setStored] = useState(false)
  const { isBusy, error, submit } = useSubmit(async () => {
    setStored(false)
    await call('PUT', 'telegram/app', { api_id: Number(id), api_hash: hash.trim().toLowerCase() })
    setStored(true)
  })
  return (
    <section class="card" aria-labelledby="app-title">
      <h2 id="app-title">Telegram application</h2>
      <p>
        Telegram wants every program to name itself. Sign in at <strong>my.telegram.org</strong>, open “API development
        tools”, create an application (any name will do), and copy its two values here. They stay on your machine.
      </p>
      <form onSubmit={submit} data-testid="app-form" class="form-row">
        <Field
          label="API id"
          value={id}
          onInput={setId}
          inputMode="numeric"
          pattern="[1-9][0-9]{0,9}"
          autoComplete="off"
          hint="A number."
        />
        <Field
          label="API hash"
          value={hash}
          onInput={setHash}
          pattern="\s*[0-9a-fA-F]{32}\s*"
          autoComplete="off"
          hint="32 digits and letters a to f."
        />
        <button class="button primary" disabled={isBusy}>
          {isBusy ? 'Saving…' : 'Save'}
        </button>
      </form>
      {error && <Notice kind="error">{error}</Notice>}
      {isStored && <Notice kind="good">Stored. If a session was waiting for it, it connects now.</Notice>}
    </section>
  )
}
