import { count } from '../format'
import type { SettingsChange } from '../model'

const KINDS: Record<SettingsChange['kind'], string> = {
  profile: 'Profile',
  template: 'Template',
  destination: 'Destination',
  digest: 'Digest',
  restraint: 'Do not disturb',
  dictionary: 'Dictionary',
  time_zone: 'Time zone',
  retention: 'How long messages are kept',
  watch: 'Watched chats',
}
const ACTS: Record<SettingsChange['action'], [planned: string, done: string]> = {
  create: ['New', 'Added'],
  update: ['Changes', 'Changed'],
  skip: ['Left out', 'Left out'],
  unchanged: ['As before', 'As before'],
}

export function isChange({ action }: SettingsChange): boolean {
  return action === 'create' || action === 'update'
}

/** What a file changes, or would; what stays as it is is counted. */
export function ChangeList({ changes, isApplied }: { changes: readonly SettingsChange[]; isApplied: boolean }) {
  const told = changes.filter(({ action, message }) => action !== 'unchanged' || message)
  const same = changes.length - told.length
  return (
    <div data-testid="settings-changes" role="status">
      {!changes.some(isChange) && <p>Nothing in this file is new: all of it is so already.</p>}
      <ul class="rows">
        {told.map((change, index) => (
          <ChangeRow key={index} change={change} isApplied={isApplied} />
        ))}
      </ul>
      {same > 0 && told.length > 0 && <p class="hint">{count(same)} more are as before.</p>}
    </div>
  )
}

function ChangeRow({ change, isApplied }: { change: SettingsChange; isApplied: boolean }) {
  const { kind, name, action, fields, message } = change
  return (
    <li>
      <div class="row-main">
        <strong>{name === null ? KINDS[kind] : `${KINDS[kind]} “${name}”`}</strong>{' '}
        <span class="chip">{ACTS[action][isApplied ? 1 : 0]}</span>
        {fields.length > 0 && <p class="hint">{fields.map(nameOf).join(', ')}</p>}
        {message && <p>{message}</p>}
      </div>
    </li>
  )
}

/** `keywords.general.words` as people read it. */
function nameOf(field: string): string {
  return field.replaceAll('.', ' › ').replaceAll('_', ' ')
}
