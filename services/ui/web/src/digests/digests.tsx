import type { Live } from '../live'
import { useLoadedLive } from '../loaded-live'
import { momentIn } from '../format'
import type { Digest, TimeZone } from '../model'
import { Failure } from '../notice'
import { addressOf, useDetail } from '../route'
import { DigestDetails, NewDigest } from './digest-details'
import { timesOf } from './digest-form'
import { TimeZoneForm } from './time-zone'
import '../profiles/profiles.css'
import '../deliveries/deliveries.css'
import './digests.css'

/** What is told together at set times, and in which time zone they are meant. */
export function Digests({ live }: { live: Live }) {
  const { data, error, reload } = useLoadedLive<{ digests: Digest[] }>(live, 'digests', ['digest'])
  const zone = useLoadedLive<TimeZone>(live, 'time-zone', ['digest'])
  const reloadAll = () => {
    reload()
    zone.reload()
  }
  const openId = useDetail()
  return (
    <div class={`chats ${openId ? 'has-details' : ''}`}>
      <div class="chats-list">
        <h1>Digests</h1>
        <p class="actions">
          <a class="button primary" href={addressOf('digests', 'new')}>
            New digest
          </a>
        </p>
        <Failure error={error || zone.error} onRetry={reloadAll} />
        {data && zone.data && <DigestList digests={data.digests} zone={zone.data.time_zone} openId={openId} />}
        {zone.data && <TimeZoneForm timeZone={zone.data} onSaved={reloadAll} />}
      </div>
      {openId === 'new' && <NewDigest />}
      {openId && openId !== 'new' && zone.data && (
        <DigestDetails key={openId} id={openId} zone={zone.data.time_zone} live={live} />
      )}
    </div>
  )
}

interface DigestListProps {
  digests: readonly Digest[]
  zone: string
  openId: string
}

function DigestList({ digests, zone, openId }: DigestListProps) {
  if (digests.length === 0)
    return (
      <p class="card nothing">No digests. Add one to be told the best alerts of an hour, a day or a week together.</p>
    )
  return (
    <ul class="card rows chat-rows" data-testid="digest-list" aria-label="Your digests">
      {digests.map((digest) => (
        <DigestRow key={digest.id} digest={digest} zone={zone} isOpen={openId === String(digest.id)} />
      ))}
    </ul>
  )
}

const STATES: Record<Digest['state'], string> = {
  off: 'Off',
  scheduled: 'On',
  on_its_way: 'On its way',
  no_destination: 'No destination',
}

function DigestRow({ digest, zone, isOpen }: { digest: Digest; zone: string; isOpen: boolean }) {
  const { id, profile_name: name, destination_name: destination, schedule, state, next_run_at: nextAt } = digest
  const last = digest.last_run
  return (
    <li class={isOpen ? 'chat is-open' : 'chat'} data-testid={`digest-${id}`}>
      <div class="row-main">
        <a href={addressOf('digests', String(id))} aria-current={isOpen ? 'true' : undefined}>
          {name}
          {destination && ` → ${destination}`}
        </a>
        <p class="hint">{timesOf(schedule)}</p>
        {nextAt && <p class="hint">Next: {momentIn(nextAt, zone)}</p>}
        {last?.state === 'not_sent' && <p class="hint">{last.message}</p>}
      </div>
      <span class={`delivery-state is-${state === 'scheduled' ? 'working' : state}`}>{STATES[state]}</span>
    </li>
  )
}
