import type { SignInView } from '../model'
import { useSubmit } from '../submit'
import { CodeStep } from './code-step'
import { PasswordStep } from './password-step'
import { QrStep } from './qr-step'
import type { SigningIn } from './signing-in'

interface AttemptProps {
  signingIn: SigningIn
  view: SignInView
  /** Shown where a number was entered: leads back to it. */
  onChangeNumber?: () => void
}

/** A sign-in under way, at whatever step it is. */
export function Attempt({ signingIn, view, onChangeNumber }: AttemptProps) {
  return (
    <div class="attempt" data-testid="sign-in-attempt" data-step={view.step}>
      <p role="status" class={view.step === 'qr_waiting' ? 'visually-hidden' : undefined}>
        {view.message}
      </p>
      <Step signingIn={signingIn} view={view} />
      {view.step !== 'finishing' && <Leaving signingIn={signingIn} onChangeNumber={onChangeNumber} />}
    </div>
  )
}

function Step({ signingIn, view }: { signingIn: SigningIn; view: SignInView }) {
  switch (view.step) {
    case 'code_sent':
      return <CodeStep signingIn={signingIn} view={view} />
    case 'qr_waiting':
      return view.qr && <QrStep qr={view.qr} onExpired={signingIn.reload} />
    case 'password_needed':
      return <PasswordStep signingIn={signingIn} hint={view.password_hint} />
    default:
      return <div class="waiting" aria-hidden="true" />
  }
}

interface LeavingProps {
  signingIn: SigningIn
  onChangeNumber: (() => void) | undefined
}

function Leaving({ signingIn, onChangeNumber }: LeavingProps) {
  const { isBusy, error, submit } = useSubmit(() => signingIn.step('DELETE'))
  const change = () => {
    onChangeNumber?.()
    submit()
  }
  return (
    <>
      <div class="row-of-buttons">
        {onChangeNumber && (
          <button class="button" disabled={isBusy} onClick={change}>
            Change number
          </button>
        )}
        <button class="button" data-testid="cancel-sign-in" disabled={isBusy} onClick={submit}>
          Cancel
        </button>
      </div>
      {error && (
        <p class="field-error" role="alert">
          {error}
        </p>
      )}
    </>
  )
}
