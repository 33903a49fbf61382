import { useEffect, useRef, useState } from 'preact/hooks'
import { Field } from '../field'
import { useSubmit } from '../submit'
import { Attempt } from './attempt'
import { isOver, Outcome } from './outcome'
import { isUnderWay, type SigningIn } from './signing-in'
import { SubmitButton } from './submit-button'

/** The number stays as it was typed, for whoever comes back to it. */
export function PhoneWay({ signingIn }: { signingIn: SigningIn }) {
  const { view } = signingIn
  const [phone, setPhone] = useState('')
  const [isChanging, setChanging] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const starting = useSubmit(async () => {
    setChanging(false)
    await signingIn.step('POST', '', { phone })
  })
  const isGoing = view?.method === 'phone' && isUnderWay(view)
  useEffect(() => {
    if (isChanging && !isGoing) input.current?.select()
  }, [isChanging, isGoing])
  if (isGoing) return <Attempt signingIn={signingIn} view={view} onChangeNumber={() => setChanging(true)} />
  const isQuiet = starting.isBusy || starting.error !== '' || isChanging
  return (
    <>
      {!isQuiet && <Outcome view={view} way="phone" />}
      <form class="narrow-form" onSubmit={starting.submit} data-testid="phone-form">
        <Field
          label="Phone number"
          value={phone}
          onInput={setPhone}
          input={input}
          type="tel"
          inputMode="tel"
          autoComplete="tel"
          maxLength={40}
          hint="With the country code, such as +1 202 555 0143."
          error={starting.error}
        />
        <SubmitButton
          sending={starting}
          label={view && isOver(view) && view.method !== 'qr' ? 'Start over' : 'Send the code'}
          busyLabel="Asking Telegram…"
        />
      </form>
    </>
  )
}
