import { useState } from 'preact/hooks'
import { MorePages } from '../chats/more-pages'
import { usePages } from '../chats/pages'
import { Ago } from '../clock'
import { call } from '../api'
import type { Live } from '../live'
import { moment } from '../format'
import type { Delivery, DeliveryPage, DeliveryState } from '../model'
import { useNews } from '../news'
import { Notice } from '../notice'
import { useSubmit } from '../submit'
import { Choice } from './choice'

const STATES: Record<DeliveryState, string> = {
  waiting: 'On its way',
  sending: 'Being sent',
  sent: 'Arrived',
  dead: 'Given up',
  cancelled: 'Cancelled',
}

interface OutboxProps {
  live: Live
  /** Only what is sent there. */
  destination?: number
}

/** What was sent, is on its way, or was given up, the newest first. */
export function Outbox({ live, destination }: OutboxProps) {
  const [state, setState] = useState<DeliveryState | ''>('')
  const pages = usePages<Delivery, DeliveryPage>({
    addressOf: (page) => addressOf(state, destination, page),
    itemsOf: ({ deliveries }) => deliveries,
  })
  useNews(live, ['delivery'], pages.renew)
  return (
    <section aria-label="Outbox" data-testid="outbox">
      <Choice
        label="Show"
        value={state}
        choices={{ '': 'All', ...STATES }}
        onChange={(next) => setState(next as DeliveryState | '')}
      />
      <ul class="rows deliveries" hidden={pages.items.length === 0}>
        {pages.items.map((delivery) => (
          <DeliveryRow
            key={delivery.id}
            delivery={delivery}
            isNamed={destination === undefined}
            onChange={pages.renew}
          />
        ))}
      </ul>
      <MorePages
        pages={pages}
        hasMore={Boolean(pages.page?.next_cursor)}
        label="Older ones"
        nothing="Nothing was sent yet, or it is too long ago."
      />
    </section>
  )
}

function addressOf(state: string, destination: number | undefined, page: DeliveryPage | undefined): string | undefined {
  if (page && page.next_cursor === null) return undefined
  const query = new URLSearchParams({ limit: '30' })
  if (state) query.set('state', state)
  if (destination !== undefined) query.set('destination', String(destination))
  if (page?.next_cursor) query.set('cursor', page.next_cursor)
  return `deliveries?${query}`
}

interface DeliveryRowProps {
  delivery: Delivery
  isNamed: boolean
  onChange: () => void
}

function DeliveryRow({ delivery, isNamed, onChange }: DeliveryRowProps) {
  const { id, state, title, destination_name: name, attempts, problem, due_at: dueAt, changed_at: changedAt } = delivery
  return (
    <li data-testid={`delivery-${id}`} data-state={state}>
      <div class="row-main">
        <strong dir="auto">{title}</strong>
        <p class="hint">
          <span class={`delivery-state is-${state}`}>{STATES[state]}</span>
          {isNamed && <bdi>, {name}</bdi>}, <Ago at={changedAt} />
          {attempts > 1 && `, ${attempts} attempts`}
          {state === 'waiting' && attempts > 0 && `, next ${new Date(dueAt).toLocaleString()}`}
        </p>
        {delivery.held && (
          <p class="hint" data-testid="held">
            Held: {delivery.held.message}
            {delivery.held.until && ` Until ${moment(delivery.held.until)}.`}
          </p>
        )}
        {problem && state !== 'sent' && <p class="hint">{problem}</p>}
      </div>
      <Acts delivery={delivery} onChange={onChange} />
    </li>
  )
}

function Acts({ delivery: { id, state, title }, onChange }: Omit<DeliveryRowProps, 'isNamed'>) {
  const act = state === 'waiting' || state === 'sending' ? 'cancel' : 'replay'
  const { isBusy, error, submit } = useSubmit(async () => {
    await call('POST', `deliveries/${id}/${act}`)
    onChange()
  })
  return (
    <>
      <button
        class="button quiet"
        disabled={isBusy}
        onClick={submit}
        aria-label={`${act === 'cancel' ? 'Cancel' : 'Send again'}: ${title}`}
      >
        {act === 'cancel' ? 'Cancel' : 'Send again'}
      </button>
      {error && <Notice kind="error">{error}</Notice>}
    </>
  )
}
