import { useState } from 'preact/hooks'
import { messageOf } from './api'

/** A form's way to the server: busy while it is under way, and what went wrong in words. */
export function useSubmit(action: () => Promise<void>) {
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState('')
  const submit = (event: Event) => {
    event.preventDefault()
    if (isBusy) return
    setBusy(true)
    setError('')
    action()
      .catch((cause: unknown) => setError(messageOf(cause)))
      .finally(() => setBusy(false))
  }
  return { isBusy, error, submit }
}
