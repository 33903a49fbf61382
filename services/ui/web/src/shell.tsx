import { useEffect, useRef } from 'preact/hooks'
import { call } from './api'
import { Dashboard } from './dashboard'
import { Brand } from './gate'
import { useLive } from './live'
import { Notice } from './notice'
import { goTo, ROUTES, useRoute, type Route } from './route'
import { Security } from './security'
import { SessionView } from './session-view'
import { needsOwner, useStatus } from './status'
import { ThemeSwitch } from './theme-switch'

/** Everything behind the sign-in: one stream of events, one status, three views. */
export function Shell({ onSignedOut }: { onSignedOut: () => void }) {
  const live = useLive()
  const route = useRoute()
  const { status, isAway } = useStatus(live)
  const wasGuided = useRef(false)
  useEffect(() => {
    if (!status || wasGuided.current) return
    wasGuided.current = true
    if (needsOwner(status)) goTo('session')
  }, [status])
  return (
    <>
      <a class="skip" href="#main" onClick={skipToMain}>
        Skip to content
      </a>
      <Header route={route} onSignedOut={onSignedOut} />
      <main id="main" tabIndex={-1}>
        {isAway && (
          <Notice kind="warning" testId="sentinel-away">
            The sentinel is away. What you see is what was last heard; this page goes on by itself once it is back.
          </Notice>
        )}
        <div hidden={route !== 'alerts'}>
          <Dashboard live={live} status={status} />
        </div>
        {route === 'session' && <SessionView live={live} status={status} />}
        {route === 'security' && <Security onSignedOut={onSignedOut} />}
      </main>
    </>
  )
}

/** The address names the view, so the link moves the focus itself. */
function skipToMain(event: Event): void {
  event.preventDefault()
  document.getElementById('main')?.focus()
}

function Header({ route, onSignedOut }: { route: Route; onSignedOut: () => void }) {
  const signOut = () =>
    void call('POST', 'auth/logout')
      .catch(() => undefined)
      .finally(onSignedOut)
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
        <button class="button quiet" onClick={signOut}>
          Sign out
        </button>
      </div>
    </header>
  )
}
