import type { Live } from './live'
import type { Status } from './model'
import { Notice } from './notice'
import { PasswordForm } from './password-form'
import { ProxiesCard } from './proxies/proxies-card'
import { SessionActs } from './session-acts'
import { SessionCard } from './session-card'
import { SignIn } from './sign-in/sign-in'
import { useSigningIn } from './sign-in/signing-in'
import { TelegramAppForm } from './telegram-app'
import type { Uploading } from './upload'

interface SessionViewProps {
  live: Live
  uploading: Uploading
  status: Status | undefined
}

export function SessionView({ live, uploading, status }: SessionViewProps) {
  const signingIn = useSigningIn(live, status)
  return (
    <div class="stack">
      <h1>Session</h1>
      {signingIn.isDone && <Done message={signingIn.view?.message ?? ''} />}
      {status && <LastImport status={status} />}
      {status && !status.app_from_environment && !status.app_configured && <TelegramAppForm />}
      {status?.state !== 'signed_out' && <SessionCard live={live} status={status} />}
      <SignIn signingIn={signingIn} uploading={uploading} status={status} />
      {status && <ProxiesCard status={status} />}
      {status && <SessionActs status={status} />}
      <PasswordForm />
    </div>
  )
}

function LastImport({ status: { state, import: latest } }: { status: Status }) {
  if (state === 'signed_in' || latest?.state !== 'failed') return null
  return <Notice kind="error">The last import failed: {latest.message}</Notice>
}

function Done({ message }: { message: string }) {
  return (
    <Notice kind="good" testId="sign-in-done">
      {message} Next, <a href="#/chats">choose what is watched</a>.
    </Notice>
  )
}
