import { useEffect, useState } from 'preact/hooks'
import { ImportNotice } from './import-notice'
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
  /** The sentinel is; whatever asks for it waits until it is back. */
  isAway: boolean
}

export function SessionView({ isAway, ...props }: SessionViewProps) {
  // What was begun before it went away stays as it was typed, out of sight.
  const [wasThere, setThere] = useState(false)
  const isThere = !isAway && props.status !== undefined
  useEffect(() => {
    if (isThere) setThere(true)
  }, [isThere])
  return (
    <div class="stack">
      <h1>Session</h1>
      {isAway && (
        <p class="card nothing" data-testid="session-away">
          Signing in to Telegram, and what else is done to the session, waits until the sentinel is back.
        </p>
      )}
      {(wasThere || isThere) && (
        <div class="stack" hidden={isAway}>
          <TelegramSession {...props} />
        </div>
      )}
      <PasswordForm />
    </div>
  )
}

function TelegramSession({ live, uploading, status }: Omit<SessionViewProps, 'isAway'>) {
  const signingIn = useSigningIn(live, status)
  return (
    <>
      {signingIn.isDone && <Done message={signingIn.view?.message ?? ''} />}
      {status && <ImportNotice status={status} isUploading={uploading.cancel !== undefined} />}
      {status && !status.app_from_environment && !status.app_configured && <TelegramAppForm />}
      {status?.state !== 'signed_out' && <SessionCard live={live} status={status} />}
      <SignIn signingIn={signingIn} uploading={uploading} status={status} />
      {status && <ProxiesCard status={status} />}
      {status && <SessionActs status={status} />}
    </>
  )
}

function Done({ message }: { message: string }) {
  return (
    <Notice kind="good" testId="sign-in-done">
      {message} Next, <a href="#/chats">choose what is watched</a>.
    </Notice>
  )
}
