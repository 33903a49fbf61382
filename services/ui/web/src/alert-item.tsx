import { Component, type RefObject } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { messageOf, serverNow } from './api'
import { Unfolding } from './chats/unfolding'
import { Ago } from './clock'
import { moment, score } from './format'
import { Marked } from './marked'
import { MessageChanges, RaisedBy } from './message-changes'
import type { Alert, AlertEdit, AlertProfile, Medium } from './model'
import { Notice } from './notice'
import { Reasons, spansOf } from './reasons'
import { Tellings, toldAgain } from './tellings'

const HOUR_MS = 3_600_000

interface AlertItemProps {
  alert: Alert
  isNew: boolean
  onChange: (alert: Alert, change: AlertEdit) => Promise<void>
}

/** Rendered again only when it changed itself: a long list takes an alert that arrives at the price of one row. */
export class AlertItem extends Component<AlertItemProps> {
  override shouldComponentUpdate(next: AlertItemProps): boolean {
    const { alert, isNew, onChange } = this.props
    return next.alert !== alert || next.isNew !== isNew || next.onChange !== onChange
  }

  override render() {
    return <Item {...this.props} />
  }
}

function Item({ alert, isNew, onChange }: AlertItemProps) {
  const [error, setError] = useState('')
  const { button, keepFocus } = useKeptFocus(alert.dismissed)
  const change = (part: AlertEdit) => {
    setError('')
    if (part.dismissed !== undefined) keepFocus()
    onChange(alert, part).catch((cause: unknown) => setError(messageOf(cause)))
  }
  if (alert.dismissed)
    return <DismissedItem alert={alert} error={error} button={button} onRestore={() => change({ dismissed: false })} />
  return (
    <li
      class={`card alert ${alert.read ? 'is-read' : ''} ${isNew ? 'is-new' : ''}`}
      data-testid="alert-item"
      data-alert-id={alert.id}
    >
      <Head alert={alert} />
      {alert.medium && <MediumChip alert={alert} medium={alert.medium} />}
      {alert.text.trim() !== '' && (
        <p class="alert-text" dir="auto">
          <Marked text={alert.text} spans={spansOf(alert.profiles.flatMap(({ reasons }) => reasons))} />
        </p>
      )}
      <MessageChanges changes={alert.changes} />
      {alert.profiles.map((profile) => (
        <Found key={profile.id} profile={profile} isOneOfMany={alert.profiles.length > 1} onChange={change} />
      ))}
      {alert.copies > 0 && <Unfolding title={toldAgain(alert)}>{() => <Tellings alert={alert} />}</Unfolding>}
      {alert.snoozed_until !== null && <Snoozed until={alert.snoozed_until} onChange={change} />}
      <Actions alert={alert} dismissButton={button} onChange={change} />
      {error && <Notice kind="error">{error}</Notice>}
    </li>
  )
}

interface FoundProps {
  profile: AlertProfile
  isOneOfMany: boolean
  onChange: (change: AlertEdit) => void
}

/** What a profile found; where there are several each has its own score, and is told by itself what is wanted. */
function Found({ profile, isOneOfMany, onChange }: FoundProps) {
  return (
    <div class="alert-profile" data-testid="alert-profile">
      <Reasons reasons={profile.reasons}>
        <li class="chip chip-profile" title="Profile">
          <bdi>{profile.name}</bdi>
          {isOneOfMany && <b> {score(profile.score)}</b>}
        </li>
        {profile.relevance !== null && (
          <li class="chip" title="How likely it is wanted, by what the profile learned">
            {Math.round(profile.relevance * 100)} % likely
          </li>
        )}
      </Reasons>
      <RaisedBy by={profile.raised_by} />
      {profile.is_exploration && (
        <p class="hint">Not quite relevant enough: shown so that the profile learns from what you say of it.</p>
      )}
      {isOneOfMany && (
        <div class="actions">
          <VerdictButtons profile={profile} onChange={onChange} />
        </div>
      )}
    </div>
  )
}

/** What a message has beside its text; of a service message who did what. */
function MediumChip({ alert: { sender }, medium }: { alert: Alert; medium: Medium }) {
  const isService = medium.kind.startsWith('service:')
  return (
    <p class="alert-medium">
      <span class="chip" data-testid="alert-medium">
        {isService && sender && <bdi>{sender.name} </bdi>}
        {medium.label}
      </span>
    </p>
  )
}

function beginningOf({ text, medium }: Alert): string {
  return [...(text.trim() || medium?.label || '')].slice(0, 80).join('')
}

/** Dismiss and Undo take each other's place; the focus of whoever pressed one goes to the other. */
function useKeptFocus(isDismissed: boolean) {
  const button = useRef<HTMLButtonElement>(null)
  const isKept = useRef(false)
  useEffect(() => {
    const isLost = document.activeElement === null || document.activeElement === document.body
    if (isKept.current && isLost) button.current?.focus()
  }, [isDismissed])
  return { button, keepFocus: () => (isKept.current = true) }
}

function Head({ alert }: { alert: Alert }) {
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
        <Ago at={alert.posted_at} />{' '}
        <span class="score" title="Score">
          <span class="visually-hidden">Score </span>
          {score(alert.score)}
        </span>
      </div>
    </header>
  )
}

/** It is told again then; or now is as well as then. */
function Snoozed({ until, onChange }: { until: string; onChange: (change: AlertEdit) => void }) {
  return (
    <p class="hint" data-testid="alert-snoozed">
      Snoozed: told again <time dateTime={until}>{moment(until)}</time>.{' '}
      <button class="button link" onClick={() => onChange({ snoozed_until: null })}>
        Do not tell it again
      </button>
    </p>
  )
}

function inAnHour(): string {
  return new Date(serverNow() + HOUR_MS).toISOString()
}

interface ActionsProps {
  alert: Alert
  dismissButton: RefObject<HTMLButtonElement | null>
  onChange: (change: AlertEdit) => void
}

function Actions({ alert, dismissButton, onChange }: ActionsProps) {
  const only = alert.profiles.length === 1 ? alert.profiles[0] : undefined
  return (
    <div class="actions">
      <button class="button quiet" onClick={() => onChange({ read: !alert.read })}>
        {alert.read ? 'Mark unread' : 'Mark read'}
      </button>
      <button class="button quiet" aria-pressed={alert.starred} onClick={() => onChange({ starred: !alert.starred })}>
        <span aria-hidden="true">{alert.starred ? '★' : '☆'}</span> {alert.starred ? 'Starred' : 'Star'}
      </button>
      {only && <VerdictButtons profile={only} onChange={onChange} />}
      {alert.snoozed_until === null && (
        <button class="button quiet" onClick={() => onChange({ snoozed_until: inAnHour() })}>
          Snooze 1 h
        </button>
      )}
      <button ref={dismissButton} class="button quiet" onClick={() => onChange({ dismissed: true })}>
        Dismiss
      </button>
      {alert.link && (
        <a class="button quiet" href={alert.link} rel="noreferrer" target="_blank">
          Open in Telegram
        </a>
      )}
    </div>
  )
}

interface VerdictButtonsProps {
  profile: AlertProfile
  onChange: (change: AlertEdit) => void
}

function VerdictButtons(props: VerdictButtonsProps) {
  return (
    <>
      <VerdictButton {...props} relevant={true} />
      <VerdictButton {...props} relevant={false} />
    </>
  )
}

/** What the owner says of the message to a profile; pressed again it is taken back. */
function VerdictButton({
  profile: { id: profile, label },
  relevant,
  onChange,
}: VerdictButtonsProps & { relevant: boolean }) {
  const isSaid = label === relevant
  return (
    <button
      class="button quiet"
      aria-pressed={isSaid}
      onClick={() => onChange({ verdict: { profile, relevant: isSaid ? null : relevant } })}
    >
      <span aria-hidden="true">{relevant ? '👍' : '👎'}</span> {relevant ? 'For me' : 'Not for me'}
    </button>
  )
}

interface DismissedItemProps {
  alert: Alert
  error: string
  button: RefObject<HTMLButtonElement | null>
  onRestore: () => void
}

function DismissedItem({ alert, error, button, onRestore }: DismissedItemProps) {
  return (
    <li class="card alert is-dismissed" data-testid="alert-item" data-alert-id={alert.id}>
      <p>
        Dismissed: <bdi>{alert.chat.title}</bdi>, <q dir="auto">{beginningOf(alert)}</q>{' '}
        <button ref={button} class="button link" onClick={onRestore}>
          Undo
        </button>
      </p>
      {error && <Notice kind="error">{error}</Notice>}
    </li>
  )
}
