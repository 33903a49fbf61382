import { useEffect, useRef, useState } from 'preact/hooks'
import { call, messageOf } from '../api'
import { Field } from '../field'
import { useLoaded } from '../loaded'
import type { Destination, Template, TemplatePreview, TemplateText } from '../model'
import { Notice } from '../notice'
import { TextArea } from '../profiles/text-area'
import { useSubmit } from '../submit'
import { Choice } from './choice'
import { StyledView } from './styled-view'
import { TestAct } from './test-act'

interface TemplateEditorProps {
  start: TemplateText & { name: string }
  /** Null: it is a new one. */
  template: Template | null
  onSaved: (template: Template) => void
}

const TYPING_PAUSE_MS = 300

/** A template, and what it makes of the newest alert while it is typed. */
export function TemplateEditor({ start, template, onSaved }: TemplateEditorProps) {
  const [form, setForm] = useState(start)
  const [isSaved, setSaved] = useState(false)
  const change = (part: Partial<typeof start>) => {
    setSaved(false)
    setForm((before) => ({ ...before, ...part }))
  }
  const { isBusy, error, submit } = useSubmit(async () => {
    onSaved(await save(template, form))
    setSaved(true)
  })
  return (
    <form class="profile-form" onSubmit={submit} aria-label="Template" data-testid="template-form">
      <Field label="Name" value={form.name} maxLength={100} onInput={(name) => change({ name })} />
      <Field
        label="Title"
        value={form.title}
        maxLength={500}
        required={false}
        hint="One line: the subject of a mail, the title of a push."
        onInput={(title) => change({ title })}
      />
      <TextArea
        label="Text"
        rows={7}
        maxLength={10_000}
        value={form.body}
        hint="Liquid: {{ text }}, {{ medium }}, {{ score }}, {{ why }}, {{ where }}, {{ link }}, {{ profile.name }}, {{ profiles | map: 'name' | join: ', ' }}, {{ chat.title }}, {{ sender.name }}, {% if score > 3 %}…{% endif %}, {{ text | shorten: 200 }}. <b>, <i>, <code> and <a href> stand out."
        onInput={(body) => change({ body })}
      />
      {error && <Notice kind="error">{error}</Notice>}
      {isSaved && <Notice kind="good">Saved.</Notice>}
      <div class="actions sticky-actions">
        <button class="button primary" disabled={isBusy}>
          {isBusy ? 'One moment…' : template ? 'Save template' : 'Add template'}
        </button>
      </div>
      <Preview text={{ title: form.title, body: form.body }} />
      <TestSend text={{ title: form.title, body: form.body }} />
    </form>
  )
}

function Preview({ text }: { text: TemplateText }) {
  const { preview, error } = usePreview(text)
  return (
    <section class="preview" aria-labelledby="template-preview-title" data-testid="template-preview">
      <h3 id="template-preview-title">Preview</h3>
      {error && <Notice kind="error">{error}</Notice>}
      {preview && (
        <>
          <p class="hint">
            {preview.is_sample ? 'With an invented alert: there is none yet.' : 'With the newest alert.'}
          </p>
          {preview.title && (
            <p dir="auto">
              <strong>{preview.title}</strong>
            </p>
          )}
          <p class="told" dir="auto">
            <StyledView text={preview.text} marks={preview.marks} />
          </p>
        </>
      )}
    </section>
  )
}

/** Asked for when nobody has typed for a moment; of several questions the last one counts. */
function usePreview({ title, body }: TemplateText) {
  const [preview, setPreview] = useState<TemplatePreview | null>(null)
  const [error, setError] = useState('')
  const asked = useRef(0)
  useEffect(() => {
    const turn = ++asked.current
    const ifLatest = (step: () => void) => turn === asked.current && step()
    const ask = () => {
      if (body.trim() === '') return setPreview(null)
      call<TemplatePreview>('POST', 'template-preview', { template: { title, body } }).then(
        (next) => ifLatest(() => (setPreview(next), setError(''))),
        (cause: unknown) => ifLatest(() => setError(messageOf(cause))),
      )
    }
    const timer = setTimeout(ask, TYPING_PAUSE_MS)
    return () => clearTimeout(timer)
  }, [title, body])
  return { preview, error }
}

function TestSend({ text }: { text: TemplateText }) {
  const destinations = useLoaded<{ destinations: Destination[] }>('destinations').data?.destinations ?? []
  const [chosen, setChosen] = useState('')
  const destination = destinations.find(({ id }) => String(id) === chosen) ?? destinations[0]
  if (!destination) return null
  return (
    <div class="test-send">
      <Choice
        label="Try it at"
        value={String(destination.id)}
        choices={Object.fromEntries(destinations.map(({ id, name }) => [String(id), name]))}
        onChange={setChosen}
      />
      <TestAct destination={destination} template={text} />
    </div>
  )
}

function save(template: Template | null, form: TemplateText & { name: string }): Promise<Template> {
  if (!template) return call<Template>('POST', 'templates', form)
  return call<Template>('PUT', `templates/${template.id}`, form, { revision: template.revision })
}
