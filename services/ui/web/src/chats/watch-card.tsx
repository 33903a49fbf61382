import type { Folder, Watch } from '../model'
import { Notice } from '../notice'
import { pickable } from './filter-row'
import type { Watching } from './watching'
import { isNothingWatched, withFolder } from './watch-rules'

interface WatchCardProps {
  watching: Watching
  folders: readonly Folder[]
  onChange: Watching['change']
}

export function WatchCard({ watching: { watch, error, isBusy }, folders, onChange }: WatchCardProps) {
  if (!watch) return error ? <Notice kind="error">{error}</Notice> : null
  return (
    <section class="card watch-card" aria-labelledby="watch-title" data-testid="watch-card" aria-busy={isBusy}>
      <h2 id="watch-title">What is watched</h2>
      <Modes watch={watch} onChange={onChange} />
      {watch.mode === 'picked' && <Folders watch={watch} folders={pickable(folders)} onChange={onChange} />}
      <p class="hint">{countsOf(watch)} What is not watched is neither kept nor scored.</p>
      {isNothingWatched(watch) && (
        <Notice kind="warning">Nothing is watched now. Pick a folder here, or switch chats on below.</Notice>
      )}
      {error && <Notice kind="error">{error}</Notice>}
    </section>
  )
}

interface PartProps {
  watch: Watch
  onChange: WatchCardProps['onChange']
}

const MODES: [Watch['mode'], string][] = [
  ['all', 'Every chat, but for those that are switched off'],
  ['picked', 'Only the folders and chats that are picked'],
]

function Modes({ watch, onChange }: PartProps) {
  return (
    <fieldset class="choices">
      <legend class="visually-hidden">Which chats</legend>
      {MODES.map(([mode, label]) => (
        <label key={mode}>
          <input
            type="radio"
            name="watch-mode"
            checked={watch.mode === mode}
            onChange={() => onChange((present) => ({ ...present, mode }))}
          />
          {label}
        </label>
      ))}
    </fieldset>
  )
}

function Folders({ watch, folders, onChange }: PartProps & { folders: readonly Folder[] }) {
  if (folders.length === 0) return <p class="hint">This account has no folders in Telegram.</p>
  return (
    <fieldset class="choices choices-row">
      <legend>Folders</legend>
      {folders.map(({ id, title, chats }) => (
        <label key={id}>
          <input
            type="checkbox"
            checked={watch.folders.includes(id)}
            onChange={({ currentTarget: { checked } }) => onChange((present) => withFolder(present, id, checked))}
          />
          <span>
            <bdi>{title}</bdi> <span class="hint">{chats}</span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}

function countsOf({ mode, chats, excluded }: Watch): string {
  const left = excluded.length === 0 ? '' : ` ${excluded.length} switched off.`
  return mode === 'all' ? left : `${chats.length} picked by themselves.${left}`
}
