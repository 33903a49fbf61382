import { Details } from '../details'
import type { Live } from '../live'
import { useLoadedLive } from '../loaded-live'
import type { Destination } from '../model'
import { Failure } from '../notice'
import { ThisBrowser } from '../push/this-browser'
import { addressOf, useDetail } from '../route'
import { DestinationDetails, NewDestination } from './destination-details'
import { KINDS } from './destination-kinds'
import { Outbox } from './outbox'
import { Restraint } from './restraint'
import { NewTemplate, TemplateDetails, Templates } from './templates'
import '../profiles/profiles.css'
import './deliveries.css'

/** Where you are told, in which form, and what arrived. */
export function Deliveries({ live }: { live: Live }) {
  const { data, error, reload } = useLoadedLive<{ destinations: Destination[] }>(live, 'destinations', ['delivery'])
  const openId = useDetail()
  const destinations = data?.destinations ?? []
  return (
    <div class={`chats ${openId ? 'has-details' : ''}`}>
      <div class="chats-list">
        <h1>Deliveries</h1>
        <p class="actions">
          <a class="button primary" href={addressOf('deliveries', 'new')}>
            New destination
          </a>
          <a class="button" href={addressOf('deliveries', 'outbox')}>
            Outbox
          </a>
          <a class="button" href={addressOf('deliveries', 'templates')}>
            Templates
          </a>
          <a class="button" href={addressOf('deliveries', 'restraint')}>
            Do not disturb
          </a>
        </p>
        <section aria-label="Your destinations">
          <Failure error={error} onRetry={reload} />
          <ul class="card rows chat-rows" data-testid="destination-list" hidden={destinations.length === 0}>
            {destinations.map((destination) => (
              <DestinationRow
                key={destination.id}
                destination={destination}
                isOpen={openId === String(destination.id)}
              />
            ))}
          </ul>
          {data && destinations.length === 0 && (
            <p class="card nothing">Alerts are shown on this page only. Add a destination to be told elsewhere.</p>
          )}
        </section>
        {data && <ThisBrowser destinations={destinations} onChange={reload} />}
      </div>
      {openId && <Opened id={openId} destinations={destinations} live={live} />}
    </div>
  )
}

interface OpenedProps {
  id: string
  destinations: readonly Destination[]
  live: Live
}

function Opened({ id, destinations, live }: OpenedProps) {
  if (id === 'new') return <NewDestination />
  if (id === 'restraint') return <Restraint live={live} destinations={destinations} />
  if (id === 'templates') return <Templates />
  if (id === 'template-new') return <NewTemplate />
  if (id === 'outbox')
    return (
      <Details id="outbox-details" title="Outbox" backTo="deliveries" error="" onRetry={() => undefined}>
        <Outbox live={live} />
      </Details>
    )
  const [, template] = /^template-(\d+)$/.exec(id) ?? []
  if (template) return <TemplateDetails key={id} id={template} />
  return <DestinationDetails key={id} id={id} live={live} />
}

const STATES: Record<Destination['state'], string> = {
  new: 'New',
  working: 'Works',
  failing: 'Fails',
  disabled: 'Off',
  gone: 'Gone',
}

function DestinationRow({ destination, isOpen }: { destination: Destination; isOpen: boolean }) {
  const { id, name, target, state, message, waiting, dead } = destination
  const counts = [waiting > 0 && `${waiting} on their way`, dead > 0 && `${dead} given up`].filter(Boolean).join(', ')
  return (
    <li class={isOpen ? 'chat is-open' : 'chat'} data-testid={`destination-${id}`}>
      <div class="row-main">
        <a href={addressOf('deliveries', String(id))} aria-current={isOpen ? 'true' : undefined}>
          {name}
        </a>
        <p class="hint">
          {KINDS[target.kind].label}
          {counts && `, ${counts}`}
        </p>
        {state !== 'working' && <p class="hint">{message}</p>}
      </div>
      <span class={`delivery-state is-${state}`}>{STATES[state]}</span>
    </li>
  )
}
