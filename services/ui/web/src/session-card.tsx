import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { call, messageOf } from './api'
import { Ago } from './clock'
import { count, moment, size } from './format'
import type { Live } from './live'
import type { Session, Status } from './model'
import { useNews } from './news'
import { Notice } from './notice'
import { Fact, FloodWait, Frozen, StateHead } from './status-card'

const ORIGINS: Record<NonNullable<Session['origin']>, string> = {
  import: 'imported',
  phone: 'signed in by phone',
  qr: 'signed in by QR code',
  found: 'found in place',
}

const LOOK_MS = 5000

/** The session in force: whose, where, since when. */
export function SessionCard({ live, status }: { live: Live; status: Status | undefined }) {
  const { session, error, queue = status?.queue } = useSession(live, status)
  if (!status) return <section class="card status-card is-loading" aria-label="Session" aria-busy="true" />
  return (
    <section class="card" aria-label="The session in force" data-testid="session-card">
      <StateHead status={status} />
      {error && <Notice kind="error">{error}</Notice>}
      {session && <Facts session={session} />}
      {queue && <Queue queue={queue} />}
      <FloodWait status={status} />
      <Frozen status={status} />
    </section>
  )
}

function Facts({ session }: { session: Session }) {
  const { user_info: user, dc_id: dc, origin } = session
  const since = (at: string | null) => at && <Since at={at} />
  return (
    <dl class="facts facts-wide">
      <Fact name="Account">{user ? <Account user={user} /> : 'not known yet'}</Fact>
      <Fact name="Data centre">{dc === null ? 'none' : `DC ${dc}${session.is_test ? ', a test server' : ''}`}</Fact>
      <Fact name="Server">{session.server ?? 'none'}</Fact>
      <Fact name="Signed in here">{since(session.signed_in_at) ?? 'not yet'}</Fact>
      <Fact name="Connected">{since(session.connected_since) ?? 'not now'}</Fact>
      <Fact name="How it came">{origin ? ORIGINS[origin] : 'not known'}</Fact>
      <Fact name="Session file">
        {session.size === null ? 'none' : `${size(session.size)}, ${count(session.known_peers)} known peers`}
      </Fact>
      <Fact name="Generation">{session.generation}</Fact>
    </dl>
  )
}

function Account({ user }: { user: NonNullable<Session['user_info']> }) {
  return (
    <>
      <bdi>{user.first_name}</bdi>
      {user.username && ` (@${user.username})`}, id {user.user_id}
    </>
  )
}

function Since({ at }: { at: string }) {
  return (
    <>
      {moment(at)} (<Ago at={at} />)
    </>
  )
}

function Queue({ queue }: { queue: Status['queue'] }) {
  const waiting = queue.waiting === 0 ? 'none' : `${count(queue.waiting)} of at most ${count(queue.capacity)}`
  const rest: ComponentChildren = queue.running && (
    <>
      ; <code>{queue.running}</code> under way
    </>
  )
  return (
    <dl class="facts facts-wide">
      <Fact name="Calls that wait">
        {waiting}
        {rest}
      </Fact>
    </dl>
  )
}

/**
 * Asked for anew whenever the status tells of another state, connection or generation; and while somebody looks, every few
 * seconds: calls come and go too often for the stream of events to tell.
 */
function useSession(live: Live, status: Status | undefined) {
  const [session, setSession] = useState<Session | undefined>()
  const [queue, setQueue] = useState<Status['queue'] | undefined>()
  const [error, setError] = useState('')
  const load = () => {
    call<Status>('GET', 'status').then(
      (next) => setQueue(next.queue),
      () => undefined,
    )
    call<Session>('GET', 'session').then(
      (next) => {
        setSession(next)
        setError('')
      },
      (cause: unknown) => setError(messageOf(cause)),
    )
  }
  useEffect(load, [status?.state, status?.connected, status?.session_generation])
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === 'visible' && load(), LOOK_MS)
    return () => clearInterval(timer)
  }, [])
  // Which tells of more known peers.
  useNews(live, ['chats'], load)
  return { session, error, queue }
}
