import { Failure } from '../notice'
import type { Pages } from './pages'

interface MorePagesProps {
  pages: Omit<Pages<unknown, unknown>, 'change'>
  hasMore: boolean
  label: string
  nothing: string
}

/** What stands below a list that is read by pages. */
export function MorePages({ pages: { items, page, isLoading, error, reload, more }, ...rest }: MorePagesProps) {
  const { hasMore, label, nothing } = rest
  return (
    <>
      <Failure error={error} onRetry={items.length > 0 ? more : reload} />
      {isLoading && items.length === 0 && <p class="hint">One moment…</p>}
      {page !== undefined && !isLoading && items.length === 0 && <p class="hint">{nothing}</p>}
      {hasMore && (
        <button class="button wide" disabled={isLoading} onClick={more}>
          {label}
        </button>
      )}
    </>
  )
}
