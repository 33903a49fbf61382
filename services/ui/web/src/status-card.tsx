import type { ComponentChildren } from 'preact'
import { Ago } from './clock'
import { count, moment } from './format'
import type { Status } from './model'
import { Notice } from './notice'

const STATES: Record<Status['state'], { label: string; tone: 'good' | 'wait' | 'bad' }> = {
  signed_out: { label: 'No session', tone: 'wait' },
  needs_app: { label: 'Needs a Telegram application', tone: 'wait' },
  connecting: { label: 'Connecting', tone: 'wait' },
  signed_in: { label: 'Signed in', tone: 'good' },
  frozen: { label: 'Account frozen by Telegram', tone: 'bad' },
  session_conflict: { label: 'Session used elsewhere', tone: 'bad' },
  session_revoked: { label: 'Session revoked', tone: 'bad' },
  banned: { label: 'Account closed by Telegram', tone: 'bad' },
  session_invalid: { label: 'Session cannot be used', tone: 'bad' },
}

export function StatusCard({ status }: { status: Status | undefined }) {
  if (!status) return <section class="card status-card is-loading" aria-label="Status" aria-busy="true" />
  const redis = { off: 'not used', up: 'connected', down: 'not reachable' }[status.redis]
  return (
    <section class="card status-card" aria-label="Status">
      <StateHead status={status} />
      <dl class="facts">
        <Fact name="Account">{status.user_info ? nameOf(status.user_info) : 'none'}</Fact>
        <Fact name="Connection">{status.connected ? 'connected' : 'not connected'}</Fact>
        <Fact name="Last heard">{status.last_sync ? <Ago at={status.last_sync} /> : 'never'}</Fact>
        <Fact name="Waiting to be scored">{count(status.backlog)}</Fact>
        <Fact name="Redis">{redis}</Fact>
      </dl>
      <FloodWait status={status} />
      <Frozen status={status} />
      {status.settings_file?.state === 'refused' && (
        <Notice kind="error" testId="settings-file-refused">
          {status.settings_file.path} was not used: {status.settings_file.message}
        </Notice>
      )}
      {status.storage === 'failing' && (
        <Notice kind="error">
          The database does not take what arrives. Check the disk; it is kept in memory and tried again.
        </Notice>
      )}
    </section>
  )
}

export function StateHead({ status }: { status: Status }) {
  const { label, tone } = STATES[status.state]
  return (
    <div class="status-head">
      <span class={`dot dot-${tone}`} aria-hidden="true" />
      <strong data-testid="status-state" data-state={status.state}>
        {label}
      </strong>
      <span class="status-message">{status.state_message}</span>
    </div>
  )
}

export function FloodWait({ status: { flood_wait: wait } }: { status: Status }) {
  return (
    wait && (
      <Notice kind="warning">
        Telegram asked for a pause of {wait.method}. It ends <Ago at={wait.until} />
      </Notice>
    )
  )
}

export function Frozen({ status: { frozen } }: { status: Status }) {
  if (!frozen) return null
  const { since, until, appeal_url: url } = frozen
  return (
    <Notice kind="error" testId="frozen">
      Telegram froze this account{since && ` on ${moment(since)}`}.
      {until && ` An appeal may be made until ${moment(until)}.`}{' '}
      {url ? (
        <a href={url} target="_blank" rel="noreferrer noopener">
          Appeal at Telegram
        </a>
      ) : (
        'Appeal in a Telegram app.'
      )}
    </Notice>
  )
}

export function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

export function nameOf({ username, first_name }: { username: string | null; first_name: string }): string {
  return username ? `${first_name} (@${username})` : first_name
}
