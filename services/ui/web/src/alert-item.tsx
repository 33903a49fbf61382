import { useState } from 'preact/hooks'
import { messageOf } from './api'
import { Ago } from './clock'
import { score } from './format'
import { highlight } from './highlight'
import type { Alert, AlertChange, Reason } from './model'
import { Notice } from './notice'

interface AlertItemProps {
  alert: Alert
  now: number
  isNew: boolean
  onChange: (change: AlertChange) => Promise<void>
}

export function AlertItem({ alert, now, isNew, onChange }: AlertItemProps) {
  const [error, setError] = useState('')
  const change = (part: AlertChange) => {
    setError('')
    onChange(part).catch((cause: unknown) => setError(messageOf(cause)))
  }
  if (alert.dismissed)
    return <DismissedItem alert={alert} error={error} onRestore={() => change({ dismissed: false })} />
  return (
    <li
      class={`card alert ${alert.read ? 'is-read' : ''} ${isNew ? 'is-new' : ''}`}
      data-testid="alert-item"
      data-alert-id={alert.id}
    >
      <Head alert={alert} now={now} />
      <p class="alert-text" dir="auto">
        {highlight(alert.text, spansOf(alert)).map(({ text, isMatch }, index) =>
          isMatch ? <mark key={index}>{text}</mark> : text,
        )}
      </p>
      <Reasons alert={alert} />
      <Actions alert={alert} onChange={change} />
      {error && <Notice kind="error">{error}</Notice>}
    </li>
  )
}

function spansOf(alert: Alert) {
  return alert.reasons.flatMap((reason) => reason.matches ?? [])
}

function Head({ alert, now }: { alert: Alert; now: number }) {
  return (
    <header class="alert-head">
      <div class="alert-who">
        <h3 class="alert-chat">
          {!alert.read && (
            <span class="unread-dot">
              <span class="visually-hidden">Unread: </span>
            </span>
          )}
          <bdi>{alert.chat.title}</bdi>
        </h3>
        {alert.sender && alert.sender.name !== alert.chat.title && (
          <span class="alert-sender" dir="auto">
            {alert.sender.name}
          </span>
        )}
      </div>
      <div class="alert-when">
        <Ago at={alert.posted_at} now={now} />{' '}
        <span class="score" title="Score">
          <span class="visually-hidden">Score </span>
          {score(alert.score)}
        </span>
      </div>
    </header>
  )
}

function Reasons({ alert }: { alert: Alert }) {
  return (
    <ul class="chips" data-testid="alert-reasons" aria-label="Why">
      {alert.reasons.map((reason, index) => (
        <li key={index} class={`chip chip-${reason.kind}`}>
          <bdi>{labelOf(reason)}</bdi> <b>+{score(reason.weight)}</b>
        </li>
      ))}
      <li class="chip chip-profile" title="Profile">
        <bdi>{alert.profile_name}</bdi>
      </li>
    </ul>
  )
}

const DETECTORS: Record<string, string> = {
  mention: 'mentions you',
  reply_to_me: 'answers you',
  question: 'a question',
  link: 'has a link',
  code: 'has code',
  one_time_code: 'one-time code',
  media: 'has media',
  forwarded: 'forwarded',
  pinned: 'pinned',
}

function labelOf({ kind, label, category }: Reason): string {
  if (kind === 'detector') return DETECTORS[label] ?? label
  if (kind === 'vip') return `from ${label}`
  return category ? `${label} · ${category}` : label
}

function Actions({ alert, onChange }: { alert: Alert; onChange: (change: AlertChange) => void }) {
  return (
    <div class="actions">
      <button class="button quiet" onClick={() => onChange({ read: !alert.read })}>
        {alert.read ? 'Mark unread' : 'Mark read'}
      </button>
      <button class="button quiet" aria-pressed={alert.starred} onClick={() => onChange({ starred: !alert.starred })}>
        <span aria-hidden="true">{alert.starred ? '★' : '☆'}</span> {alert.starred ? 'Starred' : 'Star'}
      </button>
      <button class="button quiet" onClick={() => onChange({ dismissed: true })}>
        Dismiss
      </button>
    </div>
  )
}

function DismissedItem({ alert, error, onRestore }: { alert: Alert; error: string; onRestore: () => void }) {
  return (
    <li class="card alert is-dismissed" data-testid="alert-item" data-alert-id={alert.id}>
      <p>
        Dismissed: <bdi>{alert.chat.title}</bdi>, <q dir="auto">{alert.text.slice(0, 80)}</q>{' '}
        <button class="button link" onClick={onRestore}>
          Undo
        </button>
      </p>
      {error && <Notice kind="error">{error}</Notice>}
    </li>
  )
}
