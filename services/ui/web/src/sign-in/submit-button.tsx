import { countdown } from '../format'
import type { Submitting } from '../submit'

interface SubmitButtonProps {
  sending: Submitting
  label: string
  busyLabel: string
}

/** Waits as long as the server asked to, and says how long that is. */
export function SubmitButton({ sending: { isBusy, waitS }, label, busyLabel }: SubmitButtonProps) {
  return (
    <button class="button primary" disabled={isBusy || waitS > 0}>
      {isBusy ? busyLabel : label}
      {waitS > 0 && <span class="ticking">{countdown(waitS)}</span>}
    </button>
  )
}
