import { useRef, useState } from 'preact/hooks'
import { apiUrl, call } from '../api'
import type { SettingsChange, SettingsFileState } from '../model'
import { Notice } from '../notice'
import { useSubmit } from '../submit'
import { ChangeList, isChange } from './change-list'

/** Everything that was configured, as one file: downloaded; or uploaded, looked at, and then applied. */
export function SettingsCard({ startFile }: { startFile: SettingsFileState | null }) {
  const { trying, applying, changes, isApplied, take, forget } = useUpload()
  return (
    <section class="card" aria-labelledby="settings-title" data-testid="settings-card">
      <h2 id="settings-title">Settings file</h2>
      <p class="hint">
        Profiles, destinations, digests and all else that you configured, as one file. No password or token is in it.
      </p>
      {startFile && <AtStart file={startFile} />}
      <a class="button" href={apiUrl('settings/export?format=yaml')} download="tgsentinel.yml">
        Download settings
      </a>
      <div class="field">
        <label for="settings-upload">Upload settings</label>
        <input
          id="settings-upload"
          type="file"
          accept=".json,.yaml,.yml,application/json"
          disabled={trying.isBusy || applying.isBusy}
          onChange={(event) => {
            take(event.currentTarget.files?.[0])
            // The same file chosen again is a new choice.
            event.currentTarget.value = ''
          }}
        />
      </div>
      {trying.isBusy && <p role="status">Looking at the file…</p>}
      {[trying.error, applying.error].map((error) => error && <Notice kind="error">{error}</Notice>)}
      {changes && isApplied && <Notice kind="good">Applied. All of it is in force.</Notice>}
      {changes && <ChangeList changes={changes} isApplied={isApplied} />}
      {changes && !isApplied && (
        <div class="row-of-buttons">
          {changes.some(isChange) && (
            <button class="button primary" disabled={applying.isBusy} onClick={applying.submit}>
              {applying.isBusy ? 'One moment…' : 'Apply'}
            </button>
          )}
          <button class="button" disabled={applying.isBusy} onClick={forget}>
            Leave it
          </button>
        </div>
      )}
    </section>
  )
}

function AtStart({ file: { path, state, message } }: { file: SettingsFileState }) {
  if (state !== 'refused') return <p class="hint">{`${path} was read at the start. ${message}`}</p>
  return (
    <Notice kind="error" testId="start-file">
      {path} was not used: {message}
    </Notice>
  )
}

/** A file is tried first, which changes nothing; then it is applied, or left. */
function useUpload() {
  const chosen = useRef<File | undefined>(undefined)
  const [content, setContent] = useState('')
  const [changes, setChanges] = useState<SettingsChange[] | null>(null)
  const [isApplied, setApplied] = useState(false)
  const send = async (text: string, isDryRun: boolean) => {
    const path = `settings/import?dry_run=${isDryRun}`
    setChanges((await call<{ changes: SettingsChange[] }>('POST', path, { content: text })).changes)
    setContent(text)
    setApplied(!isDryRun)
  }
  const trying = useSubmit(async () => {
    if (chosen.current) await send(await chosen.current.text(), true)
  })
  const applying = useSubmit(() => send(content, false))
  const forget = () => {
    setChanges(null)
    setContent('')
  }
  const take = (file: File | undefined) => {
    if (!file) return
    forget()
    chosen.current = file
    trying.submit()
  }
  return { trying, applying, changes, isApplied, take, forget }
}
