import { counted, momentIn } from '../format'
import { useLoaded } from '../loaded'
import type { Digest, DigestRun } from '../model'
import { Failure } from '../notice'

const STATES: Record<DigestRun['state'], string> = {
  on_its_way: 'On its way',
  sent: 'Sent',
  not_sent: 'Not sent',
  empty: 'Nothing new',
}

/** What a digest told, and what became of it. */
export function DigestRuns({ digest, zone }: { digest: Digest; zone: string }) {
  const { data, error, reload } = useLoaded<{ runs: DigestRun[] }>(`digests/${digest.id}/runs`, digest)
  const runs = data?.runs ?? []
  return (
    <section aria-label="Runs" data-testid="digest-runs">
      <h3>Runs</h3>
      <Failure error={error} onRetry={reload} />
      {data && runs.length === 0 && <p class="hint">It has not run yet.</p>}
      <ul class="rows">
        {runs.map((run) => (
          <li key={run.id}>
            <div class="row-main">
              <strong>{momentIn(run.slot_at ?? run.made_at, zone)}</strong>
              <p class="hint">
                {counted(run.alerts, 'alert')} since {momentIn(run.from, zone)}
                {run.cause === 'hand' && ', sent by hand'}
              </p>
              {run.state === 'not_sent' && <p class="hint">{run.message}</p>}
            </div>
            <span class={`delivery-state is-${run.state === 'not_sent' ? 'dead' : run.state}`}>
              {STATES[run.state]}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
