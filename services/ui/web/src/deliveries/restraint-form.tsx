import { useState } from 'preact/hooks'
import { Check } from '../check'
import { WEEKDAYS } from '../digests/digest-form'
import { Field } from '../field'
import type { Profile, Restraint as Rules } from '../model'
import { Notice } from '../notice'
import { useSubmit } from '../submit'
import { CapFields } from './cap-fields'
import { saveRules } from './restraint-rules'

type Quiet = Rules['quiet_hours'][number]

interface RestraintFormProps {
  rules: Rules
  profiles: readonly Profile[]
  onSaved: () => void
}

const ALL_DAYS = Object.keys(WEEKDAYS) as Quiet['days']
const NIGHT: Quiet = { days: ALL_DAYS, from: '22:00', to: '07:00' }
const TIME = '([01][0-9]|2[0-3]):[0-5][0-9]'

/** Quiet hours, what breaks through them, and how many alerts of a profile are told. */
export function RestraintForm({ rules, profiles, onSaved }: RestraintFormProps) {
  const [quiet, setQuiet] = useState(rules.quiet_hours)
  const [caps, setCaps] = useState(rules.caps)
  const [minScore, setMinScore] = useState(String(rules.urgent.min_score ?? ''))
  const [isUrgencyUrgent, setUrgency] = useState(rules.urgent.categories.includes('urgency'))
  const { isBusy, error, submit } = useSubmit(async () => {
    const others = rules.urgent.categories.filter((category) => category !== 'urgency')
    const categories = isUrgencyUrgent ? [...others, 'urgency'] : others
    const least = minScore.trim() === '' ? null : Number(minScore)
    await saveRules(rules, { quiet_hours: quiet, caps, urgent: { min_score: least, categories } })
    onSaved()
  })
  const replace = (index: number, part: Partial<Quiet>) =>
    setQuiet(quiet.map((span, at) => (at === index ? { ...span, ...part } : span)))
  return (
    <form class="profile-form" onSubmit={submit} aria-label="Restraint" data-testid="restraint-form">
      <fieldset class="part">
        <legend>Quiet hours</legend>
        <p class="hint">Alerts wait until they are over. Digests, which have times of their own, do not.</p>
        {quiet.map((span, index) => (
          <QuietFields
            key={index}
            span={span}
            onChange={(part) => replace(index, part)}
            onRemove={() => setQuiet(quiet.filter((_span, at) => at !== index))}
          />
        ))}
        <button type="button" class="button" onClick={() => setQuiet([...quiet, NIGHT])}>
          Add quiet hours
        </button>
      </fieldset>
      <UrgentFields
        minScore={minScore}
        isUrgencyUrgent={isUrgencyUrgent}
        onMinScore={setMinScore}
        onUrgency={setUrgency}
      />
      <CapFields caps={caps} profiles={profiles} onChange={setCaps} />
      {error && <Notice kind="error">{error}</Notice>}
      <div class="actions sticky-actions">
        <button class="button primary" disabled={isBusy}>
          {isBusy ? 'One moment…' : 'Save rules'}
        </button>
      </div>
    </form>
  )
}

interface UrgentFieldsProps {
  minScore: string
  isUrgencyUrgent: boolean
  onMinScore: (minScore: string) => void
  onUrgency: (isUrgent: boolean) => void
}

function UrgentFields({ minScore, isUrgencyUrgent, onMinScore, onUrgency }: UrgentFieldsProps) {
  return (
    <fieldset class="part">
      <legend>What is urgent breaks through</legend>
      <Check checked={isUrgencyUrgent} onChange={onUrgency}>
        Words of the category Urgency
      </Check>
      <label class="limit">
        <span>Or a score of at least</span>
        <input
          type="number"
          min={0}
          max={100_000}
          step="any"
          placeholder="none"
          value={minScore}
          onInput={(event) => onMinScore(event.currentTarget.value)}
        />
      </label>
    </fieldset>
  )
}

interface QuietFieldsProps {
  span: Quiet
  onChange: (part: Partial<Quiet>) => void
  onRemove: () => void
}

function QuietFields({ span, onChange, onRemove }: QuietFieldsProps) {
  const toggle = (day: Quiet['days'][number]) => {
    const isOn = span.days.includes(day)
    if (isOn && span.days.length === 1) return
    onChange({ days: isOn ? span.days.filter((one) => one !== day) : [...span.days, day] })
  }
  return (
    <div class="quiet-span" data-testid="quiet-span">
      <Field label="From" value={span.from} pattern={TIME} maxLength={5} onInput={(from) => onChange({ from })} />
      <Field label="To" value={span.to} pattern={TIME} maxLength={5} onInput={(to) => onChange({ to })} />
      <div class="actions">
        {ALL_DAYS.map((day) => (
          <Check key={day} checked={span.days.includes(day)} onChange={() => toggle(day)}>
            {WEEKDAYS[day].slice(0, 3)}
          </Check>
        ))}
      </div>
      <button type="button" class="button quiet" onClick={onRemove}>
        Remove these hours
      </button>
    </div>
  )
}
