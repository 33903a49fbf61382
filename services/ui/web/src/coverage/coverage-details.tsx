import { useEffect, useRef, useState } from 'preact/hooks'
import { call, messageOf } from '../api'
import { useLiveEvent, type Live } from '../live'
import type { CoverageOfChat } from '../model'
import { Notice } from '../notice'
import { addressOf } from '../route'
import { BackfillForm } from './backfill-form'
import { Confirmed, rangeOf } from './coverage-row'
import { GapList } from './gap-list'
import { useAtMostEvery } from './settled'

const RELOAD_MS = 1000

/** One chat's page of the ledger. */
export function CoverageDetails({ id, live }: { id: string; live: Live }) {
  const { known, error, reload } = useCoverage(id, live)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <aside class="chat-details card" aria-labelledby="coverage-title" data-testid="coverage-details">
      <a class="button quiet back" href={addressOf('coverage')}>
        ← Back to the list
      </a>
      <h2 id="coverage-title" ref={heading} tabIndex={-1} dir="auto">
        {known?.coverage.chat.title ?? (error ? 'This chat' : 'One moment…')}
      </h2>
      {error && (
        <Notice kind="error">
          {error}{' '}
          <button class="button link" onClick={reload}>
            Try again
          </button>
        </Notice>
      )}
      {known && <Known id={id} known={known} onChange={reload} />}
    </aside>
  )
}

function Known({ id, known, onChange }: { id: string; known: CoverageOfChat; onChange: () => void }) {
  const { coverage, gaps, backfill } = known
  return (
    <>
      <p data-testid="coverage-range">
        {rangeOf(coverage)}; <Confirmed row={coverage} />.
      </p>
      {coverage.closed_reason !== null && (
        <Notice kind="warning">
          This chat is closed to you ({coverage.closed_reason}). It is looked at again when Telegram says that something
          changed.
        </Notice>
      )}
      {gaps.length > 0 ? <GapList title="Gaps" gaps={gaps} /> : <p class="hint">No gaps.</p>}
      <BackfillForm id={id} coverage={coverage} backfill={backfill} onChange={onChange} />
    </>
  )
}

/** Of several questions the last one counts. */
function useCoverage(id: string, live: Live) {
  const [known, setKnown] = useState<CoverageOfChat | undefined>()
  const [error, setError] = useState('')
  const asked = useRef(0)
  const reload = () => {
    const turn = ++asked.current
    const ifLatest = (step: () => void) => turn === asked.current && step()
    setError('')
    call<CoverageOfChat>('GET', `coverage/${encodeURIComponent(id)}`).then(
      (next) => ifLatest(() => setKnown(next)),
      (cause: unknown) => ifLatest(() => setError(messageOf(cause))),
    )
  }
  useEffect(reload, [id])
  const refresh = useAtMostEvery(RELOAD_MS, reload)
  useLiveEvent(live, 'coverage', refresh)
  useLiveEvent(live, 'reset', refresh)
  return { known, error, reload }
}
