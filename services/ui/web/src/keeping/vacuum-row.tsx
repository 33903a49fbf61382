import { call } from '../api'
import { Ago } from '../clock'
import type { Maintenance } from '../model'
import { Notice } from '../notice'
import { useSubmit } from '../submit'

/** Giving free space back to the disk, and how far that is. */
export function VacuumRow({ maintenance, onStarted }: VacuumRowProps) {
  const { state, percent, message, finished_at: finishedAt } = maintenance
  const { isBusy, error, submit } = useSubmit(async () => {
    onStarted(await call<Maintenance>('POST', 'maintenance/vacuum'))
  })
  const isRunning = isBusy || state === 'running'
  return (
    <div class="storage-row" data-testid="vacuum-row">
      <div class="row-main">
        <strong>Vacuum</strong>
        <p class="hint">Gives what deleted messages left in the file back to the disk.</p>
        {state === 'running' && (
          <>
            <progress aria-label="Vacuum" max={100} value={percent ?? undefined} />
            <p class="hint">{message}</p>
          </>
        )}
        {state === 'done' && finishedAt && (
          <p class="hint" data-testid="vacuum-result">
            <Ago at={finishedAt} />: {message}
          </p>
        )}
        {state === 'failed' && <Notice kind="error">{message}</Notice>}
        {error && <Notice kind="error">{error}</Notice>}
      </div>
      <button class="button" disabled={isRunning} onClick={submit}>
        {isRunning ? 'Under way…' : 'Vacuum now'}
      </button>
    </div>
  )
}

interface VacuumRowProps {
  maintenance: Maintenance
  onStarted: (maintenance: Maintenance) => void
}
