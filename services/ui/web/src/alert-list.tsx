import { useCallback, useEffect, useState } from 'preact/hooks'
import { AlertItem } from './alert-item'
import { useAlerts } from './alerts'
import { call } from './api'
import { FilterBar } from './filter-bar'
import { isFiltered, NO_FILTERS, type Filters } from './filters'
import type { Live } from './live'
import { OpenedAlert } from './opened-alert'
import type { Alert, AlertEdit, Profile } from './model'
import { useNews } from './news'
import { Failure } from './notice'
import { useDetail, useRoute } from './route'

export function AlertList({ live }: { live: Live }) {
  const [filters, setFilters] = useState<Filters>(NO_FILTERS)
  const profiles = useProfiles(live)
  const { alerts, nextCursor, isLoading, error, newest, reload, loadMore, change } = useAlerts(live, filters)
  const { dismissedHere, apply } = useDismissal(change)
  const openedId = useOpened()
  const shown = alerts.filter(
    ({ dismissed, id }) => !dismissed || filters.shown === 'dismissed' || dismissedHere.has(id),
  )
  return (
    <section aria-labelledby="alerts-title">
      <h2 id="alerts-title" class="visually-hidden">
        Alerts
      </h2>
      {openedId && <OpenedAlert key={openedId} id={openedId} live={live} onChange={apply} />}
      <FilterBar
        filters={filters}
        profiles={profiles}
        onChange={(part) => setFilters((before) => ({ ...before, ...part }))}
      />
      <p class="visually-hidden" role="status" aria-live="polite">
        {newest && `New alert in ${newest.chat.title}: ${newest.text.slice(0, 120)}`}
      </p>
      {error && <Failure error={error} onRetry={reload} />}
      <ol class="alerts" data-testid="alert-list" aria-busy={isLoading}>
        {shown.map((alert) => (
          <AlertItem key={alert.id} alert={alert} isNew={alert.id === newest?.id} onChange={apply} />
        ))}
      </ol>
      {!isLoading && !error && shown.length === 0 && (
        <Nothing filters={filters} onClear={() => setFilters(NO_FILTERS)} />
      )}
      {nextCursor && (
        <button class="button wide" disabled={isLoading} onClick={loadMore}>
          Show older
        </button>
      )}
    </section>
  )
}

/** The list stays where it is while another view is looked at; addresses of other views have details of their own. */
function useOpened(): string {
  const [route, detail] = [useRoute(), useDetail()]
  return route === 'alerts' && /^[1-9]\d{0,14}$/.test(detail) ? detail : ''
}

/** What was dismissed just now stays as one line, to be taken back. */
function useDismissal(change: (alert: Alert, part: AlertEdit) => Promise<void>) {
  const [dismissedHere, setDismissedHere] = useState<ReadonlySet<number>>(new Set())
  const apply = useCallback((alert: Alert, part: AlertEdit) => {
    if (part.dismissed) setDismissedHere((before) => new Set(before).add(alert.id))
    return change(alert, part)
  }, [])
  return { dismissedHere, apply }
}

function Nothing({ filters, onClear }: { filters: Filters; onClear: () => void }) {
  const hasFilters = isFiltered(filters)
  return (
    <div class="card nothing">
      <p>
        {hasFilters
          ? 'No alert fits these filters.'
          : 'Nothing has asked for your attention yet. New alerts appear here by themselves.'}
      </p>
      {hasFilters && (
        <button class="button" onClick={onClear}>
          Clear filters
        </button>
      )}
    </div>
  )
}

function useProfiles(live: Live): readonly Profile[] {
  const [profiles, setProfiles] = useState<readonly Profile[]>([])
  // Without the list one filter is missing; the alerts themselves tell what is wrong.
  const load = () =>
    void call<{ profiles: Profile[] }>('GET', 'profiles').then(
      (data) => setProfiles(data.profiles),
      () => undefined,
    )
  useEffect(load, [])
  useNews(live, ['profiles'], load)
  return profiles
}
