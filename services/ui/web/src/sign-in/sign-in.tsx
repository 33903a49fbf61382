import { useEffect, useState } from 'preact/hooks'
import type { Status } from '../model'
import { Notice } from '../notice'
import { SessionUpload } from '../session-upload'
import type { Uploading } from '../upload'
import './sign-in.css'
import { PhoneWay } from './phone-way'
import { QrWay } from './qr-way'
import { SessionString } from './session-string'
import { isUnderWay, type SigningIn } from './signing-in'
import { Tabs } from './tabs'

type Way = 'qr' | 'phone' | 'file'

interface SignInProps {
  signingIn: SigningIn
  uploading: Uploading
  status: Status | undefined
}

/** The three ways to an account. */
export function SignIn({ signingIn, uploading, status }: SignInProps) {
  const [way, setWay] = useWay(signingIn, uploading)
  const hasSession = status !== undefined && status.state !== 'signed_out'
  const needsApp = status?.app_configured === false
  return (
    <section class="card" aria-labelledby="sign-in-title" data-testid="sign-in">
      <h2 id="sign-in-title">{hasSession ? 'Sign in with another account' : 'Sign in to Telegram'}</h2>
      {hasSession && <p>The session in force stays until Telegram has accepted the new one.</p>}
      <Tabs<Way>
        label="Ways to sign in"
        active={way}
        onChoose={setWay}
        tabs={[
          { name: 'qr', label: 'QR code', panel: needsApp ? <AppFirst /> : <QrWay signingIn={signingIn} /> },
          { name: 'phone', label: 'Phone', panel: needsApp ? <AppFirst /> : <PhoneWay signingIn={signingIn} /> },
          {
            name: 'file',
            label: 'File or string',
            panel: (
              <>
                <SessionUpload uploading={uploading} />
                <SessionString status={status} />
              </>
            ),
          },
        ]}
      />
    </section>
  )
}

/** The one that was chosen last; a sign-in or an upload that begins, here or elsewhere, chooses its own. */
function useWay({ view }: SigningIn, { upload }: Uploading) {
  const [way, setWay] = useState<Way>('qr')
  const method = view && isUnderWay(view) ? view.method : null
  useEffect(() => {
    if (method) setWay(method)
  }, [method])
  useEffect(() => {
    if (upload) setWay('file')
  }, [upload?.id])
  return [way, setWay] as const
}

function AppFirst() {
  return (
    <Notice kind="info">
      First enter the Telegram application above: Telegram signs nobody in without one. A file can be uploaded before
      that.
    </Notice>
  )
}
