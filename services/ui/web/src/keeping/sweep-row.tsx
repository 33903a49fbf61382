import { call } from '../api'
import { Ago } from '../clock'
import { count } from '../format'
import type { Retention } from '../model'
import { Notice } from '../notice'
import { useSubmit } from '../submit'

/** What the next sweep takes, what the last one took, and sweeping now. */
export function SweepRow({ retention, onStarted }: { retention: Retention; onStarted: () => void }) {
  const { sweep, to_sweep: toSweep, next_sweep_at: nextAt } = retention
  const { isBusy, error, submit } = useSubmit(async () => {
    await call('POST', 'retention/sweep')
    onStarted()
  })
  const isRunning = isBusy || sweep.state === 'running'
  return (
    <div class="storage-row" data-testid="sweep-row">
      <div class="row-main">
        <strong>Sweep</strong>
        <p class="hint">
          {toSweep === 0 ? 'Nothing is to be swept.' : `At most ${count(toSweep)} messages go with the next one, `}
          {toSweep > 0 && <Ago at={nextAt} />}
        </p>
        {sweep.finished_at && (
          <p class="hint" data-testid="sweep-result">
            <Ago at={sweep.finished_at} />: {sweep.message}
          </p>
        )}
        {sweep.state === 'running' && <p class="hint">{count(sweep.messages)} deleted so far.</p>}
        {error && <Notice kind="error">{error}</Notice>}
      </div>
      <button class="button" disabled={isRunning} onClick={submit}>
        {isRunning ? 'Sweeping…' : 'Sweep now'}
      </button>
    </div>
  )
}
