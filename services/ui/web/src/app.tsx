import { useEffect, useState } from 'preact/hooks'
import { call, messageOf, onSignedOut } from './api'
import { Brand, LoginForm, SetupForm } from './gate'
import type { AuthState } from './model'
import { Notice } from './notice'
import { Shell } from './shell'

type Gate = 'loading' | 'setup' | 'login' | 'open' | { error: string }

export function App() {
  const [gate, setGate] = useState<Gate>('loading')
  const ask = () => {
    call<AuthState>('GET', 'auth')
      .then((auth) => setGate(auth.signed_in ? 'open' : auth.setup_needed ? 'setup' : 'login'))
      .catch((error: unknown) => setGate({ error: messageOf(error) }))
  }
  useEffect(() => {
    ask()
    return onSignedOut(() => setGate('login'))
  }, [])
  const open = () => setGate('open')
  if (gate === 'open') return <Shell onSignedOut={() => setGate('login')} />
  if (gate === 'setup') return <SetupForm onSignedIn={open} onStale={ask} />
  if (gate === 'login') return <LoginForm onSignedIn={open} onStale={ask} />
  return (
    <main class="gate" id="main">
      {gate === 'loading' ? (
        <p class="card gate-card gate-wait" role="status">
          <Brand /> One moment…
        </p>
      ) : (
        <div class="card gate-card">
          <Brand />
          <Notice kind="error">{gate.error}</Notice>
          <button class="button primary" onClick={ask}>
            Try again
          </button>
        </div>
      )}
    </main>
  )
}
