import { useState } from 'preact/hooks'
import { call } from '../api'
import { Ago } from '../clock'
import { count } from '../format'
import type { Backfill, ChatCoverage } from '../model'
import { Notice } from '../notice'
import { useSubmit } from '../submit'

interface BackfillFormProps {
  id: string
  coverage: ChatCoverage
  backfill: Backfill | null
  onChange: () => void
}

/** Has the history before what is captured read, and shows how that goes. */
export function BackfillForm({ id, coverage, backfill, onChange }: BackfillFormProps) {
  const [wanted, setWanted] = useState('1000')
  const address = `coverage/${encodeURIComponent(id)}/backfill`
  const begin = useSubmit(async () => {
    await call('POST', address, wanted === 'all' ? {} : { messages: Number(wanted) })
    onChange()
  })
  const cancel = useSubmit(async () => {
    await call('DELETE', address)
    onChange()
  })
  const isOpen = backfill !== null && (backfill.state === 'waiting' || backfill.state === 'running')
  return (
    <section aria-label="History">
      <h3>History</h3>
      {backfill && <Progress backfill={backfill} />}
      {(begin.error || cancel.error) && <Notice kind="error">{begin.error || cancel.error}</Notice>}
      {isOpen && backfill.cause !== 'gap' && (
        <button class="button" disabled={cancel.isBusy} onClick={cancel.submit}>
          Stop reading
        </button>
      )}
      {!isOpen && coverage.first_id === 1 && <p class="hint">The whole history is captured.</p>}
      {!isOpen && coverage.first_id !== 1 && coverage.closed_reason === null && (
        <form class="backfill" onSubmit={begin.submit}>
          <label>
            Read older messages:{' '}
            <select value={wanted} onChange={(event) => setWanted(event.currentTarget.value)}>
              <option value="1000">the last 1,000</option>
              <option value="10000">the last 10,000</option>
              <option value="all">all of them</option>
            </select>
          </label>
          <button class="button" disabled={begin.isBusy}>
            Read
          </button>
        </form>
      )}
    </section>
  )
}

const STATES: Record<Backfill['state'], string> = {
  waiting: 'Waits for its turn.',
  running: 'Reading…',
  done: 'Read.',
  failed: 'Broke off.',
  cancelled: 'Stopped.',
}

function Progress({
  backfill: { state, read, added, wanted, problem, changed_at: changedAt },
}: {
  backfill: Backfill
}) {
  return (
    <p role="status" data-testid="backfill">
      {STATES[state]} {count(read)} {wanted === null ? '' : `of ${count(wanted)} `}
      {read === 1 ? 'message' : 'messages'} read, {count(added)} of them new. {problem} <Ago at={changedAt} />
    </p>
  )
}
