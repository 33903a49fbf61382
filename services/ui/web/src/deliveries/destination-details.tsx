import { useState } from 'preact/hooks'
import { call } from '../api'
import { Unfolding } from '../chats/unfolding'
import { Ago } from '../clock'
import { ConfirmedAct } from '../confirmed-act'
import { Details } from '../details'
import { useEdition } from '../edition'
import type { Live } from '../live'
import { useLoadedLive } from '../loaded-live'
import type { Destination } from '../model'
import { Notice } from '../notice'
import { addressOf, goTo } from '../route'
import { StaleNotice } from '../stale-notice'
import { DestinationEditor } from './destination-editor'
import { EMPTY_FORM, formOf } from './destination-form'
import { Outbox } from './outbox'
import { TestAct } from './test-act'

/** The secret of a new webhook is shown once, by whoever made it. */
const shownOnce = new Map<number, string>()

/** One destination: how it goes, its settings, and what was sent there. */
export function DestinationDetails({ id, live }: { id: string; live: Live }) {
  const path = `destinations/${encodeURIComponent(id)}`
  const { data, error, reload, take } = useLoadedLive<Destination>(live, path, ['delivery'])
  return (
    <Details
      id="destination-details"
      title={data?.name}
      noun="destination"
      backTo="deliveries"
      error={error}
      onRetry={reload}
    >
      {data && <Opened destination={data} live={live} onChange={take} />}
    </Details>
  )
}

interface OpenedProps {
  destination: Destination
  live: Live
  onChange: (changed: Destination) => void
}

/** All but the form shows what is there now. */
function Opened({ destination, live, onChange }: OpenedProps) {
  const [secret, setSecret] = useState(shownOnce.get(destination.id) ?? '')
  shownOnce.delete(destination.id)
  const edition = useEdition(destination)
  const take = (changed: Destination) => {
    if (changed.signing_secret) setSecret(changed.signing_secret)
    edition.take(changed)
    onChange(changed)
  }
  return (
    <>
      {secret && <Secret secret={secret} />}
      <State destination={destination} />
      <TestAct destination={destination} />
      <StaleNotice edition={edition} noun="destination" />
      <DestinationEditor key={edition.key} start={formOf(edition.basis)} destination={edition.basis} onSaved={take} />
      <Unfolding title="What was sent there">{() => <Outbox live={live} destination={destination.id} />}</Unfolding>
      <Acts destination={destination} onRotated={take} />
    </>
  )
}

export function NewDestination() {
  const open = (destination: Destination) => {
    if (destination.signing_secret) shownOnce.set(destination.id, destination.signing_secret)
    location.hash = addressOf('deliveries', String(destination.id))
  }
  return (
    <Details id="destination-details" title="New destination" backTo="deliveries" error="" onRetry={() => undefined}>
      <DestinationEditor start={EMPTY_FORM} destination={null} onSaved={open} />
    </Details>
  )
}

function Secret({ secret }: { secret: string }) {
  return (
    <Notice kind="warning" testId="signing-secret">
      The signing secret, shown this once. Give it to the receiver: <code>{secret}</code>
    </Notice>
  )
}

function State({ destination }: { destination: Destination }) {
  const { state, message, last_failure: failure, last_sent_at: sentAt, paused_until: pausedUntil } = destination
  const kind = state === 'working' ? 'good' : state === 'new' || state === 'disabled' ? 'info' : 'warning'
  return (
    <div data-testid="destination-state">
      <Notice kind={kind}>{message}</Notice>
      <p class="hint">
        {sentAt && (
          <>
            Last message <Ago at={sentAt} />.{' '}
          </>
        )}
        {failure && (
          <>
            Last failure <Ago at={failure.at} />
            {message.includes(failure.message) ? '.' : `: ${failure.message}`}{' '}
          </>
        )}
        {pausedUntil && `It is left alone until ${new Date(pausedUntil).toLocaleTimeString()}.`}
      </p>
    </div>
  )
}

function Acts({ destination, onRotated }: { destination: Destination; onRotated: (saved: Destination) => void }) {
  const { id, name, revision, dead, waiting, target } = destination
  const path = `destinations/${id}`
  return (
    <ul class="acts">
      {dead > 0 && (
        <ConfirmedAct
          name="Send again what was given up"
          what={`Sends ${dead} messages to “${name}” that did not arrive.`}
          stays="Each keeps its id: a receiver that has it already knows it."
          onConfirm={() => call('POST', `${path}/replay`)}
        />
      )}
      {target.kind === 'webhook' && (
        <ConfirmedAct
          name="Make a new signing secret"
          what="The new secret is shown once."
          stays="The present one signs, too, for a day."
          onConfirm={async () => onRotated(await call<Destination>('POST', `${path}/signing-secret`))}
        />
      )}
      <ConfirmedAct
        name="Delete this destination"
        what={`Deletes “${name}” and ${waiting} messages that wait for it. Nothing is sent there any more.`}
        stays="Alerts stay."
        onConfirm={async () => {
          await call('DELETE', path, undefined, { revision })
          goTo('deliveries')
        }}
      />
    </ul>
  )
}
