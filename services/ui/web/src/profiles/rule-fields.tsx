import { Check } from '../check'
import type { ProfileForm, Span } from '../model'
import { DETECTORS } from '../reasons'
import { CATEGORIES, linesOf, type Category, type Detector } from './profile-form'
import { TextArea } from './text-area'
import { WeightField } from './weight-field'

export interface PartProps {
  form: ProfileForm
  onChange: (part: Partial<ProfileForm>) => void
}

const NAMES: Record<Category, string> = {
  urgency: 'Urgency',
  security: 'Security',
  risk: 'Risk',
  action: 'Action',
  decision: 'Decision',
  importance: 'Importance',
  release: 'Release',
  opportunity: 'Opportunity',
  general: 'General',
}

export function KeywordFields({ form, onChange }: PartProps) {
  const change = (category: Category, part: Partial<ProfileForm['keywords'][Category]>) =>
    onChange({ keywords: { ...form.keywords, [category]: { ...form.keywords[category], ...part } } })
  return (
    <fieldset class="part">
      <legend>Words</legend>
      <p class="hint">
        One word or phrase a line. Each that is found adds the weight of its category, once a message. A phrase goes
        over line breaks, quotes and hyphens, but not over the end of a sentence. Signs count where they are typed:
        “#btc”, “c++” and “node.js” are found as written, “btc” also in “#btc”. An emoji is a word.
      </p>
      <Check checked={form.wordForms} onChange={(isChecked) => onChange({ wordForms: isChecked })}>
        Find other forms of these words, too: “leak” finds “leaked” and “leaks”
      </Check>
      {CATEGORIES.map((category) => {
        const { words, weight } = form.keywords[category]
        const number = linesOf(words).length
        return (
          <details key={category} class="category" open={number > 0}>
            <summary>
              {NAMES[category]} {number > 0 && <span class="chip">{number}</span>}
            </summary>
            <TextArea
              label={`${NAMES[category]} words`}
              rows={4}
              value={words}
              onInput={(typed) => change(category, { words: typed })}
            />
            <WeightField of={NAMES[category]} value={weight} onInput={(typed) => change(category, { weight: typed })} />
          </details>
        )
      })}
    </fieldset>
  )
}

/** `wrong`: which of them the sentinel does not understand, and where. */
export function QueryFields({ form, onChange, wrong }: PartProps & { wrong: { query: string; span: Span } | null }) {
  const put = (at: number, part: Partial<ProfileForm['queries'][number]>) =>
    onChange({ queries: form.queries.map((each, index) => (index === at ? { ...each, ...part } : each)) })
  return (
    <fieldset class="part">
      <legend>Queries</legend>
      <p class="hint">
        For what words alone do not say: <code>"data leak" AND NOT test</code>, <code>vulnerab*</code>,{' '}
        <code>release NEAR/5 breaking</code>, <code>from:@name has:link</code>, <code>re:/CVE-\d+-\d+/i</code>.
      </p>
      <ul class="queries">
        {form.queries.map(({ query, weight }, index) => (
          <li key={index}>
            <label class="query">
              <span class="visually-hidden">Query {index + 1}</span>
              <input
                type="text"
                dir="auto"
                maxLength={2000}
                spellcheck={false}
                aria-invalid={wrong?.query === query.trim() ? true : undefined}
                value={query}
                onInput={(event) => put(index, { query: event.currentTarget.value })}
              />
            </label>
            <WeightField of={`Query ${index + 1}`} value={weight} onInput={(typed) => put(index, { weight: typed })} />
            <button
              type="button"
              class="button quiet"
              aria-label={`Remove query ${index + 1}`}
              onClick={() => onChange({ queries: form.queries.filter((_, at) => at !== index) })}
            >
              Remove
            </button>
            {wrong?.query === query.trim() && <Wrong query={wrong.query} span={wrong.span} />}
          </li>
        ))}
      </ul>
      <button
        type="button"
        class="button"
        onClick={() => onChange({ queries: [...form.queries, { query: '', weight: '1' }] })}
      >
        Add a query
      </button>
    </fieldset>
  )
}

function Wrong({ query, span: { offset, length } }: { query: string; span: Span }) {
  return (
    <p class="query-wrong" data-testid="query-wrong">
      {query.slice(0, offset)}
      <mark>{query.slice(offset, offset + length) || '␣'}</mark>
      {query.slice(offset + length)}
    </p>
  )
}

export function DetectorFields({ form, onChange }: PartProps) {
  return (
    <fieldset class="part">
      <legend>What the message is</legend>
      <p class="hint">A weight for what shall count; nothing typed is not looked for.</p>
      <ul class="detectors">
        {(Object.keys(DETECTORS) as Detector[]).map((detector) => (
          <li key={detector}>
            <span>{DETECTORS[detector]}</span>
            <WeightField
              of={DETECTORS[detector] ?? detector}
              placeholder="–"
              value={form.detectors[detector] ?? ''}
              onInput={(typed) => onChange({ detectors: { ...form.detectors, [detector]: typed } })}
            />
          </li>
        ))}
      </ul>
    </fieldset>
  )
}
