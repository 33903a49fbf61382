import { count, span } from '../format'
import type { CoveragePage } from '../model'
import { Fact } from '../status-card'
import { GapList } from './gap-list'

/** All chats in one sentence, and the figures that prove it. */
export function CoverageSummary({ page: { summary, outside_channels: outside, gaps } }: { page: CoveragePage }) {
  return (
    <section class="card" aria-label="Coverage in all" data-testid="coverage-summary">
      <p class={`verdict ${isWhole(summary) ? 'is-whole' : 'is-not'}`} role="status">
        {verdictOf(summary)}
      </p>
      <dl class="facts">
        <Fact name="Hearing Telegram">{summary.is_hearing ? 'yes' : 'no'}</Fact>
        <Fact name="Watched chats">{count(summary.chats)}</Fact>
        {summary.bound_s > 0 && <Fact name="Channels are asked again within">{span(summary.bound_s)}</Fact>}
        {summary.bound_s > 0 && <Fact name="Longest without">{span(summary.worst_staleness_s)}</Fact>}
        {outside.staleness_s !== null && (
          <Fact name="Private chats and groups confirmed">{span(outside.staleness_s)} ago</Fact>
        )}
        {summary.unreadable > 0 && <Fact name="Unreadable messages">{count(summary.unreadable)}</Fact>}
        {summary.closed_chats > 0 && <Fact name="Closed to you">{count(summary.closed_chats)}</Fact>}
      </dl>
      {gaps.length > 0 && <GapList title="Gaps in private chats and groups" gaps={gaps} />}
    </section>
  )
}

type Summary = CoveragePage['summary']

function isWhole(summary: Summary): boolean {
  const { open_gaps, unfillable_gaps, unreadable, stale_chats } = summary
  return summary.is_hearing && open_gaps + unfillable_gaps + unreadable + stale_chats === 0
}

function verdictOf({ is_hearing, open_gaps, unfillable_gaps, unreadable, stale_chats }: Summary): string {
  if (open_gaps > 0) return `${gaps(open_gaps)} being filled from the history.`
  if (unfillable_gaps > 0) return `${gaps(unfillable_gaps)} visible below: they cannot be filled.`
  if (unreadable > 0)
    return `${unreadable === 1 ? 'One message' : `${count(unreadable)} messages`} could not be read by this version. Each is named below.`
  if (!is_hearing) return 'Telegram is not heard at the moment. What was missed is fetched once it is.'
  if (stale_chats > 0)
    return `${count(stale_chats)} ${stale_chats === 1 ? 'channel was' : 'channels were'} not confirmed in time.`
  return 'Nothing is known to be missing.'
}

function gaps(number: number): string {
  return number === 1 ? 'One gap is' : `${count(number)} gaps are`
}
