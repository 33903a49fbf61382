import { useRef, useState } from 'preact/hooks'
import { call } from '../api'
import { ConfirmedAct } from '../confirmed-act'
import { StyledView } from '../deliveries/styled-view'
import { Details } from '../details'
import { useEdition } from '../edition'
import { momentIn } from '../format'
import type { Live } from '../live'
import { useLoadedLive } from '../loaded-live'
import type { Digest, DigestPreview } from '../model'
import { Notice } from '../notice'
import { addressOf, goTo } from '../route'
import { StaleNotice } from '../stale-notice'
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
  // The event of its own end finds nothing any more.
  const isGoing = useRef(false)
  const path = `digests/${encodeURIComponent(id)}`
  const { data, error, reload, take } = useLoadedLive<Digest>(live, path, ['digest'], () => !isGoing.current)
  return (
    <Details
      id="digest-details"
      title={data?.profile_name}
      noun="digest"
      backTo="digests"
      error={error}
      onRetry={reload}
    >
      {data && <Opened digest={data} zone={zone} onChange={take} onSent={reload} />}
      {data && <Delete digest={data} onGoing={(going) => (isGoing.current = going)} />}
    </Details>
  )
}

interface OpenedProps {
  digest: Digest
  zone: string
  onChange: (changed: Digest) => void
  onSent: () => void
}

/** All but the form shows what is there now. */
function Opened({ digest, zone, onChange, onSent }: OpenedProps) {
  const edition = useEdition(digest)
  const take = (changed: Digest) => {
    edition.take(changed)
    onChange(changed)
  }
  return (
    <>
      <State digest={digest} zone={zone} />
      <TellingActs digest={digest} onSent={onSent} />
      <StaleNotice edition={edition} noun="digest" />
      <DigestEditor key={edition.key} start={formOf(edition.basis)} digest={edition.basis} onSaved={take} />
      <DigestRuns digest={digest} zone={zone} />
    </>
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
          {preview.is_sample && (
            <p class="hint">A sample: the last day. The first digest tells what comes from now on.</p>
          )}
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
