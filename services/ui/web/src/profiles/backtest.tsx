import { useEffect, useRef, useState } from 'preact/hooks'
import { call, messageOf } from '../api'
import { count, counted } from '../format'
import { useLiveEvent, type Live } from '../live'
import type { Backtest as Run, BacktestDraft, Profile, ProfileDraft } from '../model'
import { useMissed } from '../news'
import { Notice } from '../notice'
import { useSubmit } from '../submit'
import { BacktestDays } from './backtest-days'
import { Examples } from './examples'

interface BacktestProps {
  /** What is typed, or undefined where it cannot be sent. */
  draft: () => ProfileDraft
  profile: Profile | null
  live: Live
  onRefused: (error: unknown, draft: ProfileDraft) => void
}

const PERIODS = [
  [1, 'day'],
  [7, '7 days'],
  [30, '30 days'],
  [365, 'year'],
] as const

/** What the rules as they are typed would have raised, beside what the saved ones would. */
export function Backtest({ draft, profile, live, onRefused }: BacktestProps) {
  const [days, setDays] = useState(30)
  const { run, error: lost, start, stop } = useBacktest(live)
  const { isBusy, error, submit } = useSubmit(async () => {
    const typed = draft()
    const compared = profile ? { compare_to: profile.id } : {}
    await start({ profile: typed, days, ...compared }).catch((cause: unknown) => {
      onRefused(cause, typed)
      throw cause
    })
  })
  const isRunning = run?.state === 'running'
  return (
    <section class="preview" aria-labelledby="backtest-title" data-testid="backtest">
      <h3 id="backtest-title">Time machine</h3>
      <div class="actions">
        <label>
          What it would have raised in the last{' '}
          <select value={days} onChange={(event) => setDays(Number(event.currentTarget.value))}>
            {PERIODS.map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <button type="button" class="button" disabled={isBusy} onClick={submit}>
          Try on history
        </button>
        {isRunning && (
          <button type="button" class="button quiet" onClick={stop}>
            Stop
          </button>
        )}
      </div>
      {(error || lost) && <Notice kind="error">{error || lost}</Notice>}
      {run && <Outcome run={run} isCompared={profile !== null} />}
    </section>
  )
}

function useBacktest(live: Live) {
  const [run, setRun] = useState<Run | null>(null)
  const [error, setError] = useState('')
  const id = useRef(0)
  const take = (next: Run) => next.id === id.current && setRun(next)
  const look = () =>
    void call<Run>('GET', `backtests/${id.current}`).then(take, (cause: unknown) => setError(messageOf(cause)))
  useLiveEvent(live, 'backtest', (event) => {
    if (event.id !== id.current) return
    if (event.state === 'running') setRun((before) => before && { ...before, ...event })
    else look()
  })
  useMissed(live, () => id.current > 0 && look())
  const stop = () => void call<Run>('DELETE', `backtests/${id.current}`).then(take, () => undefined)
  const start = async (draft: BacktestDraft) => {
    setError('')
    const begun = await call<Run>('POST', 'backtests', draft)
    id.current = begun.id
    setRun(begun)
    // It may be over before anybody listens.
    look()
  }
  // Nobody is left to read it.
  useEffect(() => () => void (id.current > 0 && stop()), [])
  return { run, error, start, stop }
}

const ENDINGS: Record<Run['state'], string> = {
  running: 'So far',
  done: 'In all',
  cancelled: 'Until it was stopped',
  failed: 'Until something went wrong (the log says what)',
}

function Outcome({ run, isCompared }: { run: Run; isCompared: boolean }) {
  const { state, scanned, to_scan: all, alerts, alerts_now: now, added, removed, stored_days: days } = run
  return (
    <>
      {state === 'running' && <progress max={Math.max(1, all)} value={scanned} aria-label="History gone through" />}
      <p role="status" data-testid="backtest-outcome">
        {ENDINGS[state]}: {count(alerts)} alerts{rateOf(alerts, days)}
        {isCompared && `; as it is saved, ${count(now)}. ${count(added)} would come, ${count(removed)} would go`}.
      </p>
      <BacktestDays run={run} isCompared={isCompared} />
      {run.added_examples.length > 0 && (
        <details class="category">
          <summary>{isCompared ? 'Would come' : 'Alerts'}</summary>
          <Examples examples={run.added_examples} />
        </details>
      )}
      {run.removed_examples.length > 0 && (
        <details class="category">
          <summary>Would go</summary>
          <Examples examples={run.removed_examples} />
        </details>
      )}
    </>
  )
}

/** What is stored says how many come a day; a few hours do not. */
function rateOf(alerts: number, days: number): string {
  if (days >= 1) return `, about ${perDay(alerts, days)} a day`
  return days === 0
    ? ''
    : ` in ${counted(Math.max(1, Math.round(days * 24)), 'hour')}: too little is stored to say how many a day`
}

function perDay(alerts: number, days: number): string {
  const rate = alerts / days
  return rate >= 10 || rate === 0 ? count(Math.round(rate)) : rate.toFixed(1)
}
