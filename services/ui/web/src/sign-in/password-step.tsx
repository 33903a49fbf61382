import { useEffect, useRef, useState } from 'preact/hooks'
import { Field } from '../field'
import { useSubmit } from '../submit'
import type { SigningIn } from './signing-in'
import { SubmitButton } from './submit-button'

export function PasswordStep({ signingIn, hint }: { signingIn: SigningIn; hint: string | null }) {
  const [password, setPassword] = useState('')
  const [isShown, setShown] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const sending = useSubmit(() => signingIn.step('POST', 'password', { password }))
  useEffect(() => input.current?.focus(), [])
  useEffect(() => (sending.error ? input.current?.select() : undefined), [sending.error])
  const toggle = (
    <button type="button" class="button" aria-pressed={isShown} onClick={() => setShown(!isShown)}>
      {isShown ? 'Hide' : 'Show'}
      <span class="visually-hidden"> the password</span>
    </button>
  )
  return (
    <form class="narrow-form" onSubmit={sending.submit} data-testid="telegram-password-form">
      <Field
        label="Telegram password"
        value={password}
        onInput={setPassword}
        input={input}
        type={isShown ? 'text' : 'password'}
        // Not this page's password, which a browser would offer.
        autoComplete="off"
        maxLength={1024}
        hint={hint ? `Your hint: ${hint}` : 'The one of two-step verification. You gave no hint.'}
        error={sending.error}
        aside={toggle}
      />
      <SubmitButton sending={sending} label="Sign in" busyLabel="Checking…" />
    </form>
  )
}
