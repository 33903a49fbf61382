import { useState } from 'preact/hooks'
import { ApiFailure, messageOf, serverNow } from './api'
import { useSecondsLeft } from './countdown'

/** A form's way to the server: busy while it is under way, what went wrong in words, and how long it has to wait then. */
export function useSubmit(action: () => Promise<void>) {
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState('')
  const [waitUntil, setWaitUntil] = useState(0)
  const waitS = useSecondsLeft(waitUntil)
  const submit = (event?: Event) => {
    event?.preventDefault()
    if (isBusy || waitS > 0) return
    setBusy(true)
    setError('')
    action()
      .catch((cause: unknown) => {
        setError(messageOf(cause))
        if (cause instanceof ApiFailure && cause.retryAfterS > 0) setWaitUntil(serverNow() + cause.retryAfterS * 1000)
      })
      .finally(() => setBusy(false))
  }
  return { isBusy, error, waitS, submit }
}

export type Submitting = ReturnType<typeof useSubmit>
