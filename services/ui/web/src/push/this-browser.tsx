import { useEffect, useRef, useState } from 'preact/hooks'
import { messageOf } from '../api'
import { ConfirmedAct } from '../confirmed-act'
import { TestAct } from '../deliveries/test-act'
import type { Destination } from '../model'
import { Failure, Notice } from '../notice'
import { addressOf } from '../route'
import { useSubmit } from '../submit'
import { factsOfBrowser } from './browser-facts'
import { ownDestination, tellHere, tellNoMore } from './own-destination'
import { SENTENCES, supportOf } from './support'

interface ThisBrowserProps {
  destinations: readonly Destination[]
  onChange: () => void
}

/** Whether this browser is told by notifications, and what can be done about it. */
export function ThisBrowser({ destinations, onChange }: ThisBrowserProps) {
  const support = supportOf(factsOfBrowser())
  return (
    <section class="card this-browser" aria-labelledby="this-browser-title" data-testid="this-browser">
      <h2 id="this-browser-title">This browser</h2>
      {support === 'ready' ? (
        <Telling destinations={destinations} onChange={onChange} />
      ) : (
        <Notice kind="info" testId={`push-${support}`}>
          {SENTENCES[support]}
        </Notice>
      )}
    </section>
  )
}

function Telling({ destinations, onChange }: ThisBrowserProps) {
  const { own, error } = useOwn(destinations)
  if (error) return <Failure error={error} onRetry={onChange} />
  if (own === 'unknown') return <p class="hint">One moment…</p>
  if (own?.enabled) return <Told destination={own} onChange={onChange} />
  return (
    <>
      <p class="hint">
        {own
          ? `“${own.name}” was this browser. ${own.message}`
          : 'Be told by notifications here, also while this page is closed. Push services pass them on and cannot read them.'}
      </p>
      <Subscribing onChange={onChange} />
    </>
  )
}

/** Looked for anew whenever the list changes. */
function useOwn(destinations: readonly Destination[]) {
  const [own, setOwn] = useState<Destination | undefined | 'unknown'>('unknown')
  const [error, setError] = useState('')
  const latest = useRef(0)
  useEffect(() => {
    const turn = ++latest.current
    const ifLatest = (step: () => void) => turn === latest.current && step()
    ownDestination().then(
      (found) =>
        ifLatest(() => {
          setOwn(found)
          setError('')
        }),
      (cause: unknown) => ifLatest(() => setError(messageOf(cause))),
    )
  }, [destinations])
  return { own, error }
}

function Subscribing({ onChange }: Pick<ThisBrowserProps, 'onChange'>) {
  const { isBusy, error, submit } = useSubmit(async () => {
    await tellHere()
    onChange()
  })
  return (
    <>
      <div class="actions">
        <button class="button primary" disabled={isBusy} onClick={submit}>
          {isBusy ? 'One moment…' : 'Tell me in this browser'}
        </button>
      </div>
      {error && (
        <Notice kind="error" testId="push-error">
          {error}
        </Notice>
      )}
    </>
  )
}

function Told({ destination, onChange }: { destination: Destination; onChange: () => void }) {
  const { id, name } = destination
  const stop = async () => {
    await tellNoMore(destination)
    onChange()
  }
  return (
    <>
      <p data-testid="push-told">
        Alerts come here as notifications, as <a href={addressOf('deliveries', String(id))}>{name}</a>, where you choose
        which ones, and how much they show.
      </p>
      <TestAct destination={destination} />
      <ul class="acts">
        <ConfirmedAct
          name="Tell this browser no more"
          what={`Ends the subscription and deletes “${name}” with what waits for it.`}
          stays="Alerts stay, and so does every other destination."
          onConfirm={stop}
        />
      </ul>
    </>
  )
}
