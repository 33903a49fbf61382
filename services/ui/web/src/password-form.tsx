import { useState } from 'preact/hooks'
import { ApiFailure, call } from './api'
import { Field } from './field'
import { MIN_PASSWORD } from './gate'
import { Notice } from './notice'
import { useSubmit } from './submit'

const EMPTY = { current: '', password: '', again: '' }

/** Changes the page's password. What was typed is gone once it is taken. */
export function PasswordForm() {
  const [typed, setTyped] = useState(EMPTY)
  const [isChanged, setChanged] = useState(false)
  const { isBusy, error, submit } = useSubmit(async () => {
    setChanged(false)
    await changePassword(typed)
    setTyped(EMPTY)
    setChanged(true)
  })
  return (
    <section class="card" aria-labelledby="password-title">
      <h2 id="password-title">Password of this page</h2>
      <p>A new password signs every other browser out.</p>
      <form onSubmit={submit} data-testid="password-form" class="narrow-form">
        <Fields typed={typed} onType={(part) => setTyped((before) => ({ ...before, ...part }))} />
        <button class="button primary" disabled={isBusy}>
          {isBusy ? 'One moment…' : 'Change password'}
        </button>
      </form>
      {error && <Notice kind="error">{error}</Notice>}
      {isChanged && <Notice kind="good">Changed. Every other browser is signed out.</Notice>}
    </section>
  )
}

function Fields({ typed, onType }: { typed: typeof EMPTY; onType: (part: Partial<typeof EMPTY>) => void }) {
  const secret = { type: 'password', maxLength: 1024 } as const
  const fresh = { ...secret, autoComplete: 'new-password', minLength: MIN_PASSWORD }
  return (
    <>
      <Field
        label="Current password"
        value={typed.current}
        onInput={(current) => onType({ current })}
        autoComplete="current-password"
        {...secret}
      />
      <Field
        label="New password"
        value={typed.password}
        onInput={(password) => onType({ password })}
        hint={`At least ${MIN_PASSWORD} characters.`}
        {...fresh}
      />
      <Field label="Repeat new password" value={typed.again} onInput={(again) => onType({ again })} {...fresh} />
    </>
  )
}

async function changePassword({ current, password, again }: typeof EMPTY): Promise<void> {
  if (password !== again) throw new ApiFailure(0, 'MISMATCH', 'The two new passwords differ. Type the same one twice.')
  await call('POST', 'auth/password', { current, new: password })
}
