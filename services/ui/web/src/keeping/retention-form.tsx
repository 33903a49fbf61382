import { useEffect, useRef, useState } from 'preact/hooks'
import { call } from '../api'
import { KINDS } from '../chats/chat-kinds'
import { count, size } from '../format'
import type { KeptKind, Retention } from '../model'
import { Notice } from '../notice'
import { useSubmit } from '../submit'
import { draftOf, isSame, rulesOf, type Kind, type RulesDraft } from './keeping-rules'

interface RetentionFormProps {
  retention: Retention
  onSaved: (retention: Retention) => void
}

/** How long each kind of chat is kept. What is typed stays until it is saved, whatever is heard meanwhile. */
export function RetentionForm({ retention, onSaved }: RetentionFormProps) {
  const kept = draftOf(retention)
  const before = useRef(kept)
  const [draft, setDraft] = useState(kept)
  const [isSaved, setSaved] = useState(false)
  useEffect(() => {
    const former = before.current
    before.current = kept
    // What was typed since this was rendered counts, too.
    setDraft((typed) => (isSame(typed, former) ? kept : typed))
  }, [JSON.stringify(kept)])
  const { isBusy, error, submit } = useSubmit(async () => {
    onSaved(await call<Retention>('PUT', 'retention', rulesOf(draft)))
    setSaved(true)
  })
  const change = (next: RulesDraft) => {
    setSaved(false)
    setDraft(next)
  }
  return (
    <form onSubmit={submit} aria-label="How long messages are kept" data-testid="retention-form">
      <ul class="kept-kinds">
        {retention.kinds.map((kept) => (
          <KindRow
            key={kept.kind}
            kept={kept}
            typed={draft.kinds[kept.kind]}
            onType={(part) => change({ ...draft, kinds: withKind(draft, kept.kind, part) })}
          />
        ))}
      </ul>
      <Limit
        label="Greatest size of the database, in MB"
        value={draft.sizeMb}
        min={10}
        onType={(sizeMb) => change({ ...draft, sizeMb })}
      />
      <p class="hint">
        Nothing typed is no limit. What is beyond goes with the next sweep, the oldest first. A message that raised an
        alert stays, and so do alerts.
      </p>
      {error && <Notice kind="error">{error}</Notice>}
      {isSaved && <Notice kind="good">Saved. The next sweep goes by it.</Notice>}
      <button class="button primary" disabled={isBusy || isSame(draft, kept)}>
        {isBusy ? 'One moment…' : 'Save rules'}
      </button>
    </form>
  )
}

interface KindRowProps {
  kept: KeptKind
  typed: RulesDraft['kinds'][Kind]
  onType: (part: Partial<RulesDraft['kinds'][Kind]>) => void
}

function KindRow({ kept: { kind, messages, bytes, messages_per_day: perDay }, typed, onType }: KindRowProps) {
  const name = KINDS[kind]
  return (
    <li class="kept-kind">
      <div class="row-main">
        <strong>{name}</strong>
        <p class="hint">
          {count(messages)} messages, {size(bytes)}
          {perDay > 0 && `, ${count(Math.round(perDay))} a day`}
        </p>
      </div>
      <Limit label="Days" of={name} value={typed.days} min={1} max={36_500} onType={(days) => onType({ days })} />
      <Limit
        label="Per chat"
        of={name}
        value={typed.messages}
        min={1}
        max={100_000_000}
        onType={(most) => onType({ messages: most })}
      />
    </li>
  )
}

interface LimitProps {
  label: string
  /** What it is of, for those who do not see the row. */
  of?: string
  value: string
  min: number
  max?: number
  onType: (value: string) => void
}

function Limit({ label, of, value, min, max = 100_000_000, onType }: LimitProps) {
  return (
    <label class="limit">
      <span>
        {of && <span class="visually-hidden">{of}: </span>}
        {label}
      </span>
      <input
        type="number"
        inputMode="numeric"
        min={min}
        max={max}
        step={1}
        placeholder="no limit"
        value={value}
        onInput={(event) => onType(event.currentTarget.value)}
      />
    </label>
  )
}

function withKind({ kinds }: RulesDraft, kind: Kind, part: Partial<RulesDraft['kinds'][Kind]>): RulesDraft['kinds'] {
  return { ...kinds, [kind]: { ...kinds[kind], ...part } }
}
