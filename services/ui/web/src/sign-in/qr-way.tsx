import { useSubmit } from '../submit'
import { Attempt } from './attempt'
import { isOver, Outcome } from './outcome'
import { isUnderWay, type SigningIn } from './signing-in'
import { SubmitButton } from './submit-button'

export function QrWay({ signingIn }: { signingIn: SigningIn }) {
  const { view } = signingIn
  const starting = useSubmit(() => signingIn.step('POST', 'qr'))
  if (view?.method === 'qr' && isUnderWay(view)) return <Attempt signingIn={signingIn} view={view} />
  return (
    <>
      {!starting.error && !starting.isBusy && <Outcome view={view} way="qr" />}
      <p>Your phone signs this sentinel in: no code to wait for and nothing to type.</p>
      <form onSubmit={starting.submit} data-testid="qr-form">
        {starting.error && (
          <p class="field-error" role="alert" data-testid="field-error">
            {starting.error}
          </p>
        )}
        <div>
          <SubmitButton
            sending={starting}
            label={view && isOver(view) && view.method !== 'phone' ? 'Start over with a QR code' : 'Show a QR code'}
            busyLabel="Asking Telegram…"
          />
        </div>
      </form>
    </>
  )
}
