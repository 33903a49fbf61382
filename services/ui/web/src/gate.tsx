import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { ApiFailure, call, codeOf } from './api'
import { Field } from './field'
import type { AuthState } from './model'
import { Notice } from './notice'
import { useSubmit } from './submit'

export const MIN_PASSWORD = 8

interface GateProps {
  onSignedIn: () => void
  /** Another tab was here first: what is asked for has to be asked anew. */
  onStale: () => void
}

/** First run: the owner sets the password. */
export function SetupForm({ onSignedIn, onStale }: GateProps) {
  const [password, setPassword] = useState('')
  const [again, setAgain] = useState('')
  const { isBusy, error, submit } = useSubmit(async () => {
    if (password !== again) throw new ApiFailure(0, 'MISMATCH', 'The two passwords differ. Type the same one twice.')
    await passGate('auth/setup', password, { onSignedIn, onStale })
  })
  return (
    <GateCard
      title="Welcome"
      lead="Set a password for this page. It protects everything your Telegram account can read."
    >
      <form onSubmit={submit} data-testid="setup-form">
        <Field
          label="Password"
          type="password"
          value={password}
          onInput={setPassword}
          autoComplete="new-password"
          minLength={MIN_PASSWORD}
          maxLength={1024}
          autoFocus
          hint={`At least ${MIN_PASSWORD} characters.`}
        />
        <Field
          label="Repeat password"
          type="password"
          value={again}
          onInput={setAgain}
          autoComplete="new-password"
          minLength={MIN_PASSWORD}
          maxLength={1024}
        />
        {error && <Notice kind="error">{error}</Notice>}
        <button class="button primary wide" disabled={isBusy}>
          {isBusy ? 'One moment…' : 'Set password'}
        </button>
      </form>
    </GateCard>
  )
}

export function LoginForm({ onSignedIn, onStale }: GateProps) {
  const [password, setPassword] = useState('')
  const { isBusy, error, submit } = useSubmit(async () => {
    await passGate('auth/login', password, { onSignedIn, onStale })
  })
  return (
    <GateCard title="Sign in" lead="Enter the password of this page.">
      <form onSubmit={submit} data-testid="login-form">
        <Field
          label="Password"
          type="password"
          value={password}
          onInput={setPassword}
          autoComplete="current-password"
          maxLength={1024}
          autoFocus
        />
        {error && <Notice kind="error">{error}</Notice>}
        <button class="button primary wide" disabled={isBusy}>
          {isBusy ? 'One moment…' : 'Sign in'}
        </button>
      </form>
    </GateCard>
  )
}

async function passGate(path: string, password: string, { onSignedIn, onStale }: GateProps): Promise<void> {
  try {
    await call<AuthState>('POST', path, { password })
    onSignedIn()
  } catch (error) {
    if (['ALREADY_SET_UP', 'SETUP_NEEDED'].includes(codeOf(error))) onStale()
    throw error
  }
}

/** What stands alone on the page. */
export function GateCard({ title, lead, children }: { title: string; lead: string; children: ComponentChildren }) {
  return (
    <main class="gate" id="main">
      <div class="card gate-card">
        <Brand />
        <h1>{title}</h1>
        <p class="lead">{lead}</p>
        {children}
      </div>
    </main>
  )
}

export function Brand() {
  return (
    <span class="brand">
      <img src="./icon.svg" alt="" width="28" height="28" /> TG Sentinel
    </span>
  )
}
