import { useEffect, useRef } from 'preact/hooks'
import { call } from './api'
import { AwayNotice } from './away-notice'
import { Chats } from './chats/chats'
import { Coverage } from './coverage/coverage'
import { Dashboard } from './dashboard'
import { Deliveries } from './deliveries/deliveries'
import { Digests } from './digests/digests'
import { Brand } from './gate'
import { useLive } from './live'
import { Notice } from './notice'
import { Profiles } from './profiles/profiles'
import { leaveHere } from './push/own-destination'
import { addressOf, goOn, ROUTES, useRoute, type Route } from './route'
import { Search } from './search/search'
import { Security } from './security'
import { SessionView } from './session-view'
import { isKept, needsOwner, useStatus } from './status'
import { useSubmit } from './submit'
import { ThemeSwitch } from './theme-switch'
import { useUpload } from './upload'

const SHOW_RESULT_MS = 1500

/** Everything behind the sign-in: one stream of events, one status, the views. */
export function Shell({ onSignedOut }: { onSignedOut: () => void }) {
  const live = useLive()
  const route = useRoute()
  const { status, away, reason } = useStatus(live)
  const uploading = useUpload(live, status)
  useOnward(typeof uploading.upload?.result === 'object')
  const wasGuided = useRef(false)
  useEffect(() => {
    if (!status || isKept(status) || wasGuided.current) return
    wasGuided.current = true
    if (needsOwner(status)) goOn('alerts', 'session')
  }, [status])
  return (
    <>
      <a class="skip" href="#main" onClick={skipToMain}>
        Skip to content
      </a>
      <Header route={route} onSignedOut={onSignedOut} />
      <main id="main" tabIndex={-1}>
        <AwayNotice away={away} since={status?.stale_since} reason={reason} />
        {away === 'nobody' && <WatchProblem problem={status?.watch.problem ?? null} />}
        <div hidden={route !== 'alerts'}>
          <Dashboard live={live} status={status} />
        </div>
        {route === 'profiles' && <Profiles live={live} />}
        {route === 'deliveries' && <Deliveries live={live} />}
        {route === 'digests' && <Digests live={live} />}
        {route === 'search' && <Search />}
        {route === 'chats' && <Chats live={live} status={status} />}
        {route === 'coverage' && <Coverage live={live} />}
        {route === 'session' && (
          <SessionView live={live} uploading={uploading} status={status} isAway={away === 'sentinel'} />
        )}
        {route === 'security' && <Security live={live} status={status} onSignedOut={onSignedOut} />}
      </main>
    </>
  )
}

/** A pick that captures nothing, or less than was picked. */
function WatchProblem({ problem }: { problem: string | null }) {
  if (problem === null) return null
  return (
    <Notice kind="warning" testId="watch-problem">
      {problem} <a href={addressOf('chats')}>Go there</a>
    </Notice>
  )
}

/** Shows for a moment what came of an upload, then the alerts. */
function useOnward(isDone: boolean): void {
  useEffect(() => {
    if (!isDone) return
    const timer = setTimeout(() => goOn('session', 'alerts'), SHOW_RESULT_MS)
    return () => clearTimeout(timer)
  }, [isDone])
}

/** The address names the view, so the link moves the focus itself. */
function skipToMain(event: Event): void {
  event.preventDefault()
  document.getElementById('main')?.focus()
}

function Header({ route, onSignedOut }: { route: Route; onSignedOut: () => void }) {
  // Whoever is signed out already is told so by the 401 itself.
  const { isBusy, error, submit } = useSubmit(async () => {
    // What of it fails keeps nobody signed in.
    await leaveHere().catch(() => undefined)
    await call('POST', 'auth/logout')
    onSignedOut()
  })
  return (
    <header class="top">
      <Brand />
      <nav aria-label="Views">
        {ROUTES.map(([name, label]) => (
          <a key={name} href={`#/${name}`} aria-current={name === route ? 'page' : undefined}>
            {label}
          </a>
        ))}
      </nav>
      <div class="top-end">
        <ThemeSwitch />
        <button class="button quiet" disabled={isBusy} onClick={submit}>
          Sign out
        </button>
      </div>
      {error && <Notice kind="error">You are still signed in. {error}</Notice>}
    </header>
  )
}
