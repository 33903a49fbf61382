import { useState } from 'preact/hooks'
import { count, moment } from '../format'
import type { Participant, ParticipantPage } from '../model'
import { SearchField } from '../search-field'
import { MorePages } from './more-pages'
import { usePages } from './pages'

const ROLES: Record<Participant['role'], string> = {
  creator: 'owner',
  admin: 'admin',
  member: '',
  restricted: 'restricted',
  left: 'left',
  banned: 'banned',
}
const PAGE = 50

export function Participants({ id }: { id: string }) {
  const [q, setQ] = useState('')
  const pages = usePages<Participant, ParticipantPage>({
    addressOf: (page) => (page && page.next_cursor === null ? undefined : addressOfPage(id, q, page?.next_cursor)),
    itemsOf: ({ participants }) => participants,
  })
  return (
    <div class="unfolded">
      <SearchField label="Search in participants" q={q} maxLength={100} onChange={setQ} />
      {pages.page && (
        <p class="hint" role="status">
          {count(pages.page.total)} in all
        </p>
      )}
      <ul class="rows" data-testid="participants">
        {pages.items.map((person) => (
          <li key={person.id}>
            <div class="row-main">
              <bdi>{person.name}</bdi> {person.username && <span class="hint">@{person.username}</span>}
              {person.joined_at && <p class="hint">joined {moment(person.joined_at)}</p>}
            </div>
            {person.is_bot && <span class="chip">bot</span>}
            {ROLES[person.role] && <span class="chip">{ROLES[person.role]}</span>}
          </li>
        ))}
      </ul>
      <MorePages pages={pages} hasMore={pages.page?.next_cursor != null} label="Show more" nothing="Nobody." />
    </div>
  )
}

function addressOfPage(id: string, q: string, cursor: string | null | undefined): string {
  const query = new URLSearchParams({ limit: String(PAGE) })
  if (q.trim()) query.set('q', q.trim())
  if (cursor) query.set('cursor', cursor)
  return `telegram/chats/${encodeURIComponent(id)}/participants?${query}`
}
