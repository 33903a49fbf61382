import { useRef, useState } from 'preact/hooks'
import { apiUrl, call } from '../api'
import { ConfirmedAct } from '../confirmed-act'
import { Field } from '../field'
import { moment } from '../format'
import type { Live } from '../live'
import { useLoadedLive } from '../loaded-live'
import type { FeedFormat, FeedView, Profile } from '../model'
import { Failure, Notice } from '../notice'
import { useSubmit } from '../submit'

const FORMATS: [FeedFormat, string][] = [
  ['rss', 'RSS'],
  ['atom', 'Atom'],
  ['json', 'JSON Feed'],
]

/** The addresses at which a feed reader finds a profile's alerts: made, replaced and switched off. */
export function ProfileFeed({ profile, live }: { profile: Profile; live: Live }) {
  const path = `profiles/${profile.id}/feed`
  const { data, error, reload } = useLoadedLive<FeedView>(live, path, ['profiles'])
  if (error) return <Failure error={error} onRetry={reload} />
  if (!data) return null
  const renew = () => call('PUT', path).then(reload)
  return (
    <div class="profile-feed" data-testid="profile-feed">
      <p>
        A feed reader shows the newest 50 alerts of this profile. It needs no password: whoever knows an address reads
        it.
      </p>
      {data.secret && data.created_at ? (
        <>
          {FORMATS.map(([format, name]) => (
            <Address key={`${format} ${data.secret}`} name={name} address={apiUrl(`feeds/${data.secret}/${format}`)} />
          ))}
          <p class="hint">Made {moment(data.created_at)}.</p>
          <ul class="acts">
            <ConfirmedAct
              name="Replace the addresses"
              what="The present ones stop working at once. Your feed readers need the new ones."
              stays="Alerts stay."
              onConfirm={renew}
            />
            <ConfirmedAct
              name="Switch the feed off"
              what="The addresses stop working at once, and do not come back."
              stays="Alerts stay. You can make a feed with other addresses."
              onConfirm={() => call('DELETE', path).then(reload)}
            />
          </ul>
        </>
      ) : (
        <Make onMake={renew} />
      )}
    </div>
  )
}

function Make({ onMake }: { onMake: () => Promise<void> }) {
  const { isBusy, error, submit } = useSubmit(onMake)
  return (
    <>
      {error && <Notice kind="error">{error}</Notice>}
      <p class="actions">
        <button class="button" disabled={isBusy} onClick={submit}>
          Make a feed
        </button>
      </p>
    </>
  )
}

/** Over plain HTTP, but for this machine, browsers let no page write to the clipboard: then it is marked to be copied by hand. */
function Address({ name, address }: { name: string; address: string }) {
  const input = useRef<HTMLInputElement>(null)
  const [hint, setHint] = useState('')
  const copy = () => {
    input.current?.select()
    const writing = isSecureContext ? navigator.clipboard.writeText(address) : Promise.reject(new Error('not secure'))
    writing.then(
      () => setHint('Copied.'),
      () => setHint('Marked: copy it with your keyboard.'),
    )
  }
  const button = (
    <button type="button" class="button" onClick={copy} aria-label={`Copy the ${name} address`}>
      Copy
    </button>
  )
  return (
    <Field
      label={name}
      value={address}
      input={input}
      readOnly
      aside={button}
      hint={hint && <span role="status">{hint}</span>}
    />
  )
}
