import { useEffect, useState } from 'preact/hooks'
import { call, messageOf } from '../api'
import { count, moment, size } from '../format'
import { useLiveEvent, type Live } from '../live'
import type { Maintenance, Retention } from '../model'
import { useMissed } from '../news'
import { Failure } from '../notice'
import { Fact } from '../status-card'
import { RetentionForm } from './retention-form'
import './storage.css'
import { SweepRow } from './sweep-row'
import { VacuumRow } from './vacuum-row'

/** What is kept, for how long, what that takes of the disk, and making it less. */
export function Storage({ live }: { live: Live }) {
  const { retention, maintenance, error, setRetention, setMaintenance, reload } = useStorage(live)
  return (
    <section class="card storage" aria-labelledby="storage-title" data-testid="storage-card" aria-busy={!retention}>
      <h2 id="storage-title">Storage</h2>
      <Failure error={error} onRetry={reload} />
      {retention && <Holdings retention={retention} maintenance={maintenance} />}
      {retention && <RetentionForm retention={retention} onSaved={setRetention} />}
      {retention && <SweepRow retention={retention} onStarted={reload} />}
      {maintenance && <VacuumRow maintenance={maintenance} onStarted={setMaintenance} />}
    </section>
  )
}

function Holdings({ retention, maintenance }: { retention: Retention; maintenance: Maintenance | undefined }) {
  const { size_bytes: bytes, bytes_per_day: growth, measured_days: days, full_at: fullAt, uncounted, kinds } = retention
  const messages = kinds.reduce((sum, kind) => sum + kind.messages, 0)
  return (
    <>
      <dl class="facts">
        <Fact name="Messages kept">{count(messages)}</Fact>
        <Fact name="Database">
          {size(bytes)}
          {maintenance && maintenance.free_bytes > 0 && `, and ${size(maintenance.free_bytes)} free in its file`}
        </Fact>
        <Fact name="Growth">{growthText(growth, days)}</Fact>
        {fullAt && (
          <Fact name="Greatest size reached">{Date.parse(fullAt) <= Date.now() ? 'now' : moment(fullAt)}</Fact>
        )}
      </dl>
      {uncounted > 0 && <p class="hint">{count(uncounted)} messages are not counted yet.</p>}
    </>
  )
}

/** `days`: from how many it was measured. */
function growthText(growth: number, days: number): string {
  if (days < 1) return 'too little is stored to say: less than a day'
  return growth > 0 ? `about ${size(growth)} a day` : 'none to speak of'
}

function useStorage(live: Live) {
  const [retention, setRetention] = useState<Retention | undefined>()
  const [maintenance, setMaintenance] = useState<Maintenance | undefined>()
  const [error, setError] = useState('')
  const fail = (cause: unknown) => setError(messageOf(cause))
  const load = () => void call<Retention>('GET', 'retention').then(setRetention, fail)
  const reload = () => {
    setError('')
    load()
    call<Maintenance>('GET', 'maintenance').then(setMaintenance, fail)
  }
  useEffect(reload, [])
  useLiveEvent(live, 'retention', load)
  useLiveEvent(live, 'maintenance', (view) => {
    setMaintenance(view)
    if (view.state !== 'running') load()
  })
  useMissed(live, reload)
  return { retention, maintenance, error, setRetention, setMaintenance, reload }
}
