import { useState } from 'preact/hooks'
import { apiUrl, call } from '../api'
import { Details } from '../details'
import type { ImportedProfile } from '../model'
import { Notice } from '../notice'
import { addressOf } from '../route'
import { useSubmit } from '../submit'
import { TextArea } from './text-area'

const MOST_CHARACTERS = 1_000_000

/** Profiles from a file or pasted text: ours, or those of the original TG Sentinel; and ours as a file. */
export function ImportForm() {
  const [content, setContent] = useState('')
  const [imported, setImported] = useState<ImportedProfile[] | null>(null)
  const { isBusy, error, submit } = useSubmit(async () => {
    setImported(null)
    const { profiles } = await call<{ profiles: ImportedProfile[] }>('POST', 'profile-import', { content })
    setImported(profiles)
    setContent('')
  })
  const read = (file: File | undefined) => {
    if (file) void file.text().then(setContent)
  }
  return (
    <Details id="profile-import" title="Import and export" backTo="profiles" error="" onRetry={() => undefined}>
      <p>
        <a class="button" href={apiUrl('profiles')} download="tgsentinel-profiles.json">
          Download all profiles
        </a>
      </p>
      <form onSubmit={submit} aria-label="Import profiles">
        <div class="field">
          <label for="import-file">A JSON or YAML file</label>
          <input
            id="import-file"
            type="file"
            accept=".json,.yaml,.yml,application/json"
            onChange={(event) => read(event.currentTarget.files?.[0])}
          />
        </div>
        <TextArea
          label="Or its text"
          rows={8}
          maxLength={MOST_CHARACTERS}
          value={content}
          hint="What was downloaded here, or profiles of the original TG Sentinel. They arrive switched off."
          onInput={setContent}
        />
        {error && <Notice kind="error">{error}</Notice>}
        <button class="button primary" disabled={isBusy || content.trim() === ''}>
          {isBusy ? 'One moment…' : 'Import'}
        </button>
      </form>
      {imported && <Report imported={imported} />}
    </Details>
  )
}

function Report({ imported }: { imported: readonly ImportedProfile[] }) {
  return (
    <ul class="rows" data-testid="import-report" role="status">
      {imported.map(({ name, id, understood, not_understood: problems }, index) => (
        <li key={index}>
          <div class="row-main">
            <strong>{id === null ? name : <a href={addressOf('profiles', String(id))}>{name}</a>}</strong>
            {id === null && <p>Nothing of it could be used.</p>}
            {understood.length > 0 && <p class="hint">Understood: {understood.join(', ')}.</p>}
            {problems.map(({ path, problem }) => (
              <p key={path} class="hint">
                <code>{path}</code>: {problem}
              </p>
            ))}
          </div>
        </li>
      ))}
    </ul>
  )
}
