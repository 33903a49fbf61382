import { useEffect, useState } from 'preact/hooks'
import { call, messageOf } from './api'
import { browserName } from './browser-name'
import { Ago } from './clock'
import { moment } from './format'
import { Backups } from './keeping/backups'
import { Storage } from './keeping/storage'
import type { Live } from './live'
import type { AuditEntry, Status, UiSession } from './model'
import { Notice } from './notice'
import { SettingsCard } from './settings/settings-card'

const ACTIONS: Record<AuditEntry['action'], string> = {
  password_set: 'Password set',
  password_changed: 'Password changed',
  password_change_failed: 'Password change failed',
  signed_in: 'Signed in',
  sign_in_failed: 'Sign-in failed',
  sign_in_throttled: 'Sign-in held off',
  signed_out: 'Signed out',
  browser_revoked: 'Browser signed out',
  session_uploaded: 'Telegram session uploaded',
  session_upload_failed: 'Telegram session upload failed',
  telegram_app_set: 'Telegram application set',
  operation_forwarded: 'Asked of the sentinel',
  alert_answered: 'Alert answered by a button',
  alert_answer_refused: 'Button of an alert refused',
}

interface SecurityProps {
  live: Live
  status: Status | undefined
  onSignedOut: () => void
}

export function Security({ live, status, onSignedOut }: SecurityProps) {
  const [sessions, setSessions] = useState<UiSession[]>([])
  const [entries, setEntries] = useState<AuditEntry[]>([])
  const [error, setError] = useState('')
  const fail = (cause: unknown) => setError(messageOf(cause))
  const load = () => {
    call<{ sessions: UiSession[] }>('GET', 'auth/sessions').then((data) => setSessions(data.sessions), fail)
    call<{ entries: AuditEntry[] }>('GET', 'audit').then((data) => setEntries(data.entries), fail)
  }
  useEffect(load, [])
  const revoke = (session: UiSession) => {
    setError('')
    call('DELETE', `auth/sessions/${session.id}`).then(session.current ? onSignedOut : load, fail)
  }
  return (
    <div class="stack">
      <h1>Security</h1>
      {error && <Notice kind="error">{error}</Notice>}
      <Browsers sessions={sessions} onRevoke={revoke} />
      <SettingsCard startFile={status?.settings_file ?? null} />
      <Storage live={live} />
      <Backups live={live} />
      <Audit entries={entries} />
    </div>
  )
}

function Browsers({ sessions, onRevoke }: { sessions: UiSession[]; onRevoke: (session: UiSession) => void }) {
  return (
    <section class="card" aria-labelledby="browsers-title">
      <h2 id="browsers-title">Signed-in browsers</h2>
      <ul class="rows">
        {sessions.map((session) => (
          <li key={session.id}>
            <div class="row-main">
              <strong>{browserName(session.user_agent)}</strong>{' '}
              {session.current && <span class="chip">this browser</span>}
              <p class="hint">
                {session.address} · seen <Ago at={session.last_seen_at} /> · since {moment(session.created_at)}
              </p>
            </div>
            <button class="button" onClick={() => onRevoke(session)}>
              Sign out
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Audit({ entries }: { entries: AuditEntry[] }) {
  return (
    <section class="card" aria-labelledby="audit-title">
      <h2 id="audit-title">Audit log</h2>
      <ul class="rows">
        {entries.map((entry) => (
          <li key={entry.id}>
            <div class="row-main">
              <strong>{ACTIONS[entry.action]}</strong>
              <p class="hint">
                {moment(entry.at)}
                {entry.address && ` · ${entry.address}`}
                {entry.detail && ` · ${entry.action === 'signed_in' ? browserName(entry.detail) : entry.detail}`}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}
