import { useState } from 'preact/hooks'
import { MorePages } from '../chats/more-pages'
import { usePages } from '../chats/pages'
import { count } from '../format'
import type { SearchHit, SearchPage } from '../model'
import { Notice } from '../notice'
import { FilterPanel } from './filter-panel'
import { Hit } from './hit'
import { isAsking, NO_SEARCH, searchQuery, type SearchFilters } from './search-filters'
import './search.css'

/** Everything that was captured, by words and by what is known of it. */
export function Search() {
  const [filters, setFilters] = useState<SearchFilters>(NO_SEARCH)
  const narrow = (part: Partial<SearchFilters>) => setFilters((before) => ({ ...before, ...part }))
  return (
    <div class="stack search-view">
      <h1>Search</h1>
      <FilterPanel filters={filters} onChange={narrow} onClear={() => setFilters(NO_SEARCH)} />
      {isAsking(filters) ? <Results filters={filters} onNarrow={narrow} /> : <Help />}
    </div>
  )
}

function Help() {
  return (
    <div class="card nothing" data-testid="search-help">
      <p>
        Every word has to be there. Use “quotes” for words in a row, begin* for how a word begins, -word to leave out.
      </p>
    </div>
  )
}

interface ResultsProps {
  filters: SearchFilters
  onNarrow: (part: Partial<SearchFilters>) => void
}

function Results({ filters, onNarrow }: ResultsProps) {
  const pages = usePages<SearchHit, SearchPage>({
    addressOf: (page) => {
      if (page && page.next_cursor === null) return undefined
      return `search?${searchQuery(filters, page?.next_cursor ?? null)}`
    },
    itemsOf: ({ hits }) => hits,
  })
  const { items, page, isLoading } = pages
  const hasMore = page?.next_cursor != null
  return (
    <section aria-label="What was found" class="found">
      <p class="visually-hidden" role="status">
        {page && !isLoading && items.length > 0 && `${count(items.length)} found${hasMore ? ', there are more' : ''}`}
      </p>
      {page?.note != null && (
        <Notice kind="info" testId="search-note">
          {page.note}
        </Notice>
      )}
      {page && page.waiting > 0 && (
        <Notice kind="info" testId="search-waiting">
          {count(page.waiting)} messages are not in the index yet; they can be found soon.
        </Notice>
      )}
      <ol class="hits" data-testid="search-hits" aria-busy={isLoading}>
        {items.map((hit) => (
          <Hit key={`${hit.chat.id}/${hit.message_id}`} hit={hit} onNarrow={onNarrow} />
        ))}
      </ol>
      <MorePages pages={pages} hasMore={hasMore} label="Show more" nothing="Nothing was found." />
    </section>
  )
}
