import { useRef, useState } from 'preact/hooks'
import { call } from '../api'
import { ConfirmedAct } from '../confirmed-act'
import { StyledView } from '../deliveries/styled-view'
import { Details } from '../details'
import { momentIn } from '../format'
import { useLiveEvent, type Live } from '../live'
import { useLoaded } from '../loaded'
import type { Digest, DigestPreview } from '../model'
import { Notice } from '../notice'
import { addressOf, goTo } from '../route'
import { useSubmit } from '../submit'
import { DigestEditor } from './digest-editor'
import { EMPTY_FORM, formOf } from './digest-form'
import { DigestRuns } from './digest-runs'

interface DigestDetailsProps {
  id: string
  zone: string
  live: Live
}

/** One digest: when it is next, what it would say, its settings, and what it told. */
export function DigestDetails({ id, zone, live }: DigestDetailsProps) {
  const { data: digest, error, reload } = useLoaded<Digest>(`digests/${encodeURIComponent(id)}`)
  // The event of its own end finds nothing any more.
  const isGoing = useRef(false)
  useLiveEvent(live, 'digest', () => isGoing.current || reload())
  return (
    <Details id="digest-details" title={digest?.profile_name} backTo="digests" error={error} onRetry={reload}>
      {digest && <State digest={digest} zone={zone} />}
      {digest && <TellingActs digest={digest} onSent={reload} />}
      {digest && <DigestEditor key={digest.id} start={formOf(digest)} digest={digest} onSaved={reload} />}
      {digest && <DigestRuns digest={digest} zone={zone} />}
      {digest && <Delete digest={digest} onGoing={(going) => (isGoing.current = going)} />}
    </Details>
  )
}

export function NewDigest() {
  const open = ({ id }: Digest) => {
    location.hash = addressOf('digests', String(id))
  }
  return (
    <Details id="digest-details" title="New digest" backTo="digests" error="" onRetry={() => undefined}>
      <DigestEditor start={EMPTY_FORM} digest={null} onSaved={open} />
    </Details>
  )
}

function State({ digest, zone }: { digest: Digest; zone: string }) {
  const { state, message, next_run_at: nextAt } = digest
  return (
    <div data-testid="digest-state">
      <Notice kind={state === 'no_destination' ? 'warning' : 'info'}>{message}</Notice>
      {nextAt && (
        <p class="hint">
          Next: {momentIn(nextAt, zone)} ({zone})
        </p>
      )}
    </div>
  )
}

/** What it would say now, and saying it now. */
function TellingActs({ digest, onSent }: { digest: Digest; onSent: () => void }) {
  const [preview, setPreview] = useState<DigestPreview | null>(null)
  const [isSent, setSent] = useState(false)
  const previewing = useSubmit(async () => setPreview(await call<DigestPreview>('GET', `digests/${digest.id}/preview`)))
  const sending = useSubmit(async () => {
    setSent(false)
    await call('POST', `digests/${digest.id}/send`)
    setSent(true)
    onSent()
  })
  const isBusy = previewing.isBusy || sending.isBusy
  const error = previewing.error || sending.error
  const isOnItsWay = digest.state === 'on_its_way'
  return (
    <>
      <div class="actions">
        <button class="button" disabled={isBusy} onClick={previewing.submit}>
          {previewing.isBusy ? 'One moment…' : 'Preview'}
        </button>
        <button
          class="button"
          disabled={isBusy || isOnItsWay || digest.destination_id === null}
          onClick={sending.submit}
        >
          {sending.isBusy ? 'One moment…' : 'Send now'}
        </button>
      </div>
      {error && <Notice kind="error">{error}</Notice>}
      {isSent && <Notice kind="good">It is on its way; below is what becomes of it.</Notice>}
      {preview && (
        <div class="told digest-preview" data-testid="digest-preview">
          <StyledView text={preview.text} marks={preview.marks} />
        </div>
      )}
    </>
  )
}

function Delete({ digest, onGoing }: { digest: Digest; onGoing: (isGoing: boolean) => void }) {
  return (
    <ul class="acts">
      <ConfirmedAct
        name="Delete this digest"
        what="Deletes it and what is known of its runs."
        stays="Its profile, its alerts and its destination stay; what is on its way is still sent."
        onConfirm={async () => {
          onGoing(true)
          await call('DELETE', `digests/${digest.id}`, undefined, { revision: digest.revision }).catch(
            (error: unknown) => {
              onGoing(false)
              throw error
            },
          )
          goTo('digests')
        }}
      />
    </ul>
  )
}
