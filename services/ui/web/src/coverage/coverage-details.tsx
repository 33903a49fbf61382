import { Details } from '../details'
import type { Live } from '../live'
import { useLoaded } from '../loaded'
import type { CoverageOfChat } from '../model'
import { useNews } from '../news'
import { Notice } from '../notice'
import { BackfillForm } from './backfill-form'
import { Confirmed, rangeOf } from './coverage-row'
import { GapList } from './gap-list'
import { useAtMostEvery } from './settled'
import { UnreadableList } from './unreadable-list'

const RELOAD_MS = 1000

/** One chat's page of the ledger. */
export function CoverageDetails({ id, live }: { id: string; live: Live }) {
  const { data: known, error, reload } = useLoaded<CoverageOfChat>(`coverage/${encodeURIComponent(id)}`)
  const refresh = useAtMostEvery(RELOAD_MS, reload)
  useNews(live, ['coverage'], refresh)
  const title = known?.coverage.chat.title
  return (
    <Details id="coverage-details" title={title} noun="chat" backTo="coverage" error={error} onRetry={reload}>
      {known && <Known id={id} known={known} onChange={reload} />}
    </Details>
  )
}

function Known({ id, known, onChange }: { id: string; known: CoverageOfChat; onChange: () => void }) {
  const { coverage, gaps, unreadable, backfill } = known
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
      {unreadable.length > 0 && <UnreadableList messages={unreadable} />}
      <BackfillForm id={id} coverage={coverage} backfill={backfill} onChange={onChange} />
    </>
  )
}
