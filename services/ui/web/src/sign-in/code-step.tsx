import { useEffect, useRef, useState } from 'preact/hooks'
import { useSecondsLeft } from '../countdown'
import { Field } from '../field'
import { countdown } from '../format'
import type { CodeType, SignInView } from '../model'
import { useSubmit } from '../submit'
import type { SigningIn } from './signing-in'
import { SubmitButton } from './submit-button'

const LETTERS: readonly (CodeType | null)[] = ['word', 'phrase']

export function CodeStep({ signingIn, view }: { signingIn: SigningIn; view: SignInView }) {
  const [code, setCode] = useState('')
  const input = useRef<HTMLInputElement>(null)
  const sending = useSubmit(() => signingIn.step('POST', 'code', { code }))
  const isDigits = !LETTERS.includes(view.code_type)
  useEffect(() => input.current?.focus(), [])
  // Where the code is wrong, the next thing that is typed takes its place.
  useEffect(() => (sending.error ? input.current?.select() : undefined), [sending.error])
  return (
    <>
      <form class="narrow-form" onSubmit={sending.submit} data-testid="code-form">
        <Field
          label="Code"
          value={code}
          onInput={setCode}
          input={input}
          autoComplete="one-time-code"
          inputMode={isDigits ? 'numeric' : 'text'}
          maxLength={64}
          hint={lengthOf(view)}
          error={sending.error}
        />
        <SubmitButton sending={sending} label="Go on" busyLabel="Checking…" />
      </form>
      <Resend signingIn={signingIn} view={view} />
    </>
  )
}

function lengthOf({ phone, code_length: length, code_type: type }: SignInView): string {
  const to = phone ? `For ${phone}. ` : ''
  if (length === null) return `${to}As Telegram sent it.`
  return `${to}${length} ${LETTERS.includes(type) ? 'characters' : 'digits'}.`
}

/** How the next one would come. */
const NEXT: Record<CodeType, string> = {
  app: 'in the Telegram app',
  sms: 'by SMS',
  call: 'by a call',
  flash_call: 'by a short call',
  missed_call: 'by a missed call',
  fragment: 'on fragment.com',
  email: 'by e-mail',
  email_setup: 'once an e-mail address for signing in was added in a Telegram app',
  firebase: 'by SMS',
  word: 'as a word by SMS',
  phrase: 'as a phrase by SMS',
  other: 'in another way',
}

function Resend({ signingIn, view }: { signingIn: SigningIn; view: SignInView }) {
  const secondsLeft = useSecondsLeft(view.resend_at === null ? 0 : Date.parse(view.resend_at))
  const { isBusy, error, waitS, submit } = useSubmit(() => signingIn.step('POST', 'resend'))
  if (view.next_type === null) return <p class="hint">Telegram offers no other way to send this code.</p>
  const restS = Math.max(secondsLeft, waitS)
  return (
    <div class="resend">
      <button class="button" data-testid="resend" disabled={isBusy || restS > 0} onClick={submit}>
        {isBusy ? 'Sending…' : `Send it again ${NEXT[view.next_type]}`}
        {restS > 0 && <span class="ticking">{countdown(restS)}</span>}
      </button>
      {error && (
        <p class="field-error" role="alert">
          {error}
        </p>
      )}
    </div>
  )
}
