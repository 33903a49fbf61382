import { useState } from 'preact/hooks'
import { apiUrl, call } from '../api'
import { ConfirmedAct } from '../confirmed-act'
import { Details } from '../details'
import { useLoaded } from '../loaded'
import type { Template, TemplateList } from '../model'
import { Notice } from '../notice'
import { addressOf } from '../route'
import { useSubmit } from '../submit'
import { TemplateEditor } from './template-editor'

/** The forms in which alerts are told: a list, a file of them, and the way to each. */
export function Templates() {
  const { data, error, reload } = useLoaded<TemplateList>('templates')
  return (
    <Details id="templates" title="Templates" backTo="deliveries" error={error} onRetry={reload}>
      <p class="actions">
        <a class="button primary" href={addressOf('deliveries', 'template-new')}>
          New template
        </a>
        <a class="button" href={apiUrl('templates')} download="tgsentinel-templates.json">
          Download all
        </a>
      </p>
      <ul class="rows" data-testid="template-list">
        <li>
          <div class="row-main">
            <strong>The built-in one</strong>
            <p class="hint">Used where no other is chosen. A new template begins as it is.</p>
          </div>
        </li>
        {(data?.templates ?? []).map(({ id, name, title }) => (
          <li key={id}>
            <div class="row-main">
              <a href={addressOf('deliveries', `template-${id}`)}>{name}</a>
              <p class="hint">{title}</p>
            </div>
          </li>
        ))}
      </ul>
      <Import onImported={reload} />
    </Details>
  )
}

function Import({ onImported }: { onImported: () => void }) {
  const [file, setFile] = useState<File | undefined>()
  const [isDone, setDone] = useState(false)
  const { isBusy, error, submit } = useSubmit(async () => {
    const { templates } = contentOf(await (file as File).text())
    await call('POST', 'template-import', { templates })
    setDone(true)
    onImported()
  })
  return (
    <form onSubmit={submit} aria-label="Import templates">
      <div class="field">
        <label for="template-file">Templates from a file that was downloaded here</label>
        <input
          id="template-file"
          type="file"
          accept=".json,application/json"
          onChange={(event) => {
            setDone(false)
            setFile(event.currentTarget.files?.[0])
          }}
        />
      </div>
      {error && <Notice kind="error">{error}</Notice>}
      {isDone && <Notice kind="good">They are in the list.</Notice>}
      <button class="button" disabled={isBusy || !file}>
        {isBusy ? 'One moment…' : 'Import'}
      </button>
    </form>
  )
}

/** What the server refuses it says itself; what is no JSON has no templates. */
function contentOf(text: string): { templates: unknown } {
  try {
    const content = JSON.parse(text) as { data?: { templates?: unknown }; templates?: unknown }
    return { templates: content.data?.templates ?? content.templates ?? [] }
  } catch {
    return { templates: [] }
  }
}

export function TemplateDetails({ id }: { id: string }) {
  const { data, error, reload } = useLoaded<Template>(`templates/${encodeURIComponent(id)}`)
  return (
    <Details
      id="template-details"
      title={data?.name}
      noun="template"
      backTo="deliveries"
      error={error}
      onRetry={reload}
    >
      {data && <TemplateEditor key={data.id} start={draftOf(data)} template={data} onSaved={reload} />}
      {data && (
        <ul class="acts">
          <ConfirmedAct
            name="Delete this template"
            what={`Deletes “${data.name}”.`}
            stays="Destinations that use it use the built-in one from then on."
            onConfirm={async () => {
              await call('DELETE', `templates/${data.id}`, undefined, { revision: data.revision })
              location.hash = addressOf('deliveries', 'templates')
            }}
          />
        </ul>
      )}
    </Details>
  )
}

export function NewTemplate() {
  const { data, error, reload } = useLoaded<TemplateList>('templates')
  const open = ({ id }: Template) => {
    location.hash = addressOf('deliveries', `template-${id}`)
  }
  return (
    <Details id="template-details" title="New template" backTo="deliveries" error={error} onRetry={reload}>
      {data && <TemplateEditor start={{ name: '', ...data.built_in }} template={null} onSaved={open} />}
    </Details>
  )
}

function draftOf({ name, title, body }: Template) {
  return { name, title, body }
}
