import { KINDS } from '../chats/chat-kinds'
import { Ago } from '../clock'
import { count, span } from '../format'
import type { ChatCoverage } from '../model'
import { addressOf } from '../route'

export function CoverageRow({ row, isOpen }: { row: ChatCoverage; isOpen: boolean }) {
  const { chat, open_gaps: openGaps, closed_reason: closedReason } = row
  return (
    <li class={`chat ${isOpen ? 'is-open' : ''}`} data-testid="coverage-item" data-chat-id={chat.id}>
      <div class="chat-main">
        <a class="chat-title" href={addressOf('coverage', chat.id)} aria-current={isOpen ? 'true' : undefined}>
          <bdi>{chat.title}</bdi>
        </a>
        <p class="hint">
          {KINDS[chat.kind]} · {rangeOf(row)} · <Confirmed row={row} />
        </p>
      </div>
      {closedReason !== null && <span class="badge is-bad">closed</span>}
      {openGaps > 0 && <span class="badge is-bad">{openGaps === 1 ? '1 gap' : `${count(openGaps)} gaps`}</span>}
      {row.unreadable > 0 && <span class="badge is-bad">{count(row.unreadable)} unreadable</span>}
      {!row.is_watched && <span class="badge">not watched</span>}
    </li>
  )
}

export function Confirmed({ row: { confirmed_at: at, confirmed_by: by, bound_s: boundS } }: { row: ChatCoverage }) {
  if (at === null || by === null) return <>not confirmed yet</>
  return (
    <>
      confirmed by {NAMES[by]} <Ago at={at} />
      {boundS !== null && `, again within ${span(boundS)}`}
    </>
  )
}

const NAMES = { push: 'push', poll: 'poll', catch_up: 'catching up' }

export function rangeOf({ first_id: first, up_to_id: upTo }: ChatCoverage): string {
  if (first === null || upTo === null) return 'nothing posted since'
  return first === upTo ? `captured #${first}` : `captured #${first} to #${upTo}`
}
