import { useEffect, useState } from 'preact/hooks'
import { AlertItem } from './alert-item'
import { useAlerts } from './alerts'
import { call } from './api'
import { useNow } from './clock'
import { FilterBar } from './filter-bar'
import { NO_FILTERS, type Filters } from './filters'
import { useLiveEvent, type Live } from './live'
import type { Alert, AlertChange, Profile } from './model'
import { Notice } from './notice'

export function AlertList({ live }: { live: Live }) {
  const [filters, setFilters] = useState<Filters>(NO_FILTERS)
  const profiles = useProfiles(live)
  const { alerts, nextCursor, state, error, newest, reload, loadMore, change } = useAlerts(live, filters)
  const now = useNow()
  const [dismissedHere, setDismissedHere] = useState<readonly number[]>([])
  // What was dismissed just now stays as one line, to be taken back.
  const isShown = (alert: Alert) =>
    !alert.dismissed || filters.shown === 'dismissed' || dismissedHere.includes(alert.id)
  const shown = alerts.filter(isShown)
  const apply = (alert: Alert, part: AlertChange) => {
    if (part.dismissed) setDismissedHere((before) => [...before, alert.id])
    return change(alert, part)
  }
  return (
    <section aria-labelledby="alerts-title">
      <h2 id="alerts-title" class="visually-hidden">
        Alerts
      </h2>
      <FilterBar filters={filters} profiles={profiles} onChange={setFilters} />
      <p class="visually-hidden" role="status" aria-live="polite">
        {newest && `New alert in ${newest.chat.title}: ${newest.text.slice(0, 120)}`}
      </p>
      {state === 'failed' && (
        <Notice kind="error">
          {error}{' '}
          <button class="button link" onClick={reload}>
            Try again
          </button>
        </Notice>
      )}
      <ol class="alerts" data-testid="alert-list" aria-busy={state === 'loading'}>
        {shown.map((alert) => (
          <AlertItem
            key={alert.id}
            alert={alert}
            now={now}
            isNew={alert.id === newest?.id}
            onChange={(part) => apply(alert, part)}
          />
        ))}
      </ol>
      {state === 'ready' && shown.length === 0 && <Nothing filters={filters} onClear={() => setFilters(NO_FILTERS)} />}
      {nextCursor && (
        <button class="button wide" disabled={state === 'loading'} onClick={loadMore}>
          Load more
        </button>
      )}
    </section>
  )
}

function Nothing({ filters, onClear }: { filters: Filters; onClear: () => void }) {
  const isFiltered = filters !== NO_FILTERS
  return (
    <div class="card nothing">
      <p>
        {isFiltered
          ? 'No alert fits these filters.'
          : 'Nothing has asked for your attention yet. New alerts appear here by themselves.'}
      </p>
      {isFiltered && (
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
  useLiveEvent(live, 'profiles', load)
  useLiveEvent(live, 'reset', load)
  useLiveEvent(live, 'sentinel', ({ reachable }) => reachable && load())
  return profiles
}
