import { useEffect, useRef, useState } from 'preact/hooks'
import { Field } from './field'
import { useSubmit, type Submitting } from './submit'

interface ConfirmedActProps {
  name: string
  what: string
  stays: string
  /** Has to be typed first. */
  word?: string
  onConfirm: () => Promise<void>
}

/** Something that cannot be taken back: said before it is done, and done only when it is confirmed. */
export function ConfirmedAct({ name, what, stays, word, onConfirm }: ConfirmedActProps) {
  const [isAsking, setAsking] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const wasAsking = useRef(false)
  useEffect(() => {
    if (wasAsking.current && !isAsking) button.current?.focus()
    wasAsking.current = isAsking
  }, [isAsking])
  const sending = useSubmit(async () => {
    await onConfirm()
    setAsking(false)
  })
  return (
    <li class="act">
      <div class="act-text">
        <h3>{name}</h3>
        <p>{what}</p>
        <p class="hint">{stays}</p>
      </div>
      {isAsking ? (
        <Confirmation name={name} word={word} sending={sending} onCancel={() => setAsking(false)} />
      ) : (
        <button ref={button} class="button" onClick={() => setAsking(true)}>
          {name}…
        </button>
      )}
    </li>
  )
}

interface ConfirmationProps {
  name: string
  word: string | undefined
  sending: Submitting
  onCancel: () => void
}

function Confirmation({ name, word, sending: { isBusy, error, submit }, onCancel }: ConfirmationProps) {
  const [typed, setTyped] = useState('')
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => form.current?.querySelector<HTMLElement>('input, button[type=button]')?.focus(), [])
  const isConfirmed = word === undefined || typed.trim().toLowerCase() === word
  return (
    <form ref={form} class="confirmation" onSubmit={submit} aria-label={`Confirm: ${name}`}>
      {word !== undefined && (
        <Field label={`Type “${word}” to confirm`} value={typed} onInput={setTyped} autoComplete="off" maxLength={20} />
      )}
      {error && (
        <p class="field-error" role="alert">
          {error}
        </p>
      )}
      <div class="row-of-buttons">
        <button class="button danger" disabled={isBusy || !isConfirmed}>
          {isBusy ? 'One moment…' : `Yes, ${name.charAt(0).toLowerCase()}${name.slice(1)}`}
        </button>
        <button type="button" class="button" onClick={onCancel}>
          No, keep it
        </button>
      </div>
    </form>
  )
}
