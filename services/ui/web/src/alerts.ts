import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import {
  arrived,
  changed,
  isOverfull,
  keptCount,
  loadBegun,
  loaded,
  loadFailed,
  NO_ALERTS,
  type AlertSet,
} from './alert-set'
import { call, messageOf } from './api'
import { fits, PAGE, queryOf, type Filters } from './filters'
import { useLiveEvent, type Live } from './live'
import type { Alert, AlertEdit, AlertPage, Verdict } from './model'
import { useMissed } from './news'

type Change = (step: (before: AlertSet) => AlertSet) => void

/** The list of alerts under a filter: loaded by pages, kept up by events, and kept as it is when the sentinel goes away. */
export function useAlerts(live: Live, filters: Filters) {
  const [set, setSet] = useState(NO_ALERTS)
  const [newest, setNewest] = useState<Alert | undefined>()
  const { load, error } = useLoad(filters, setSet)
  const reload = () => load(null)
  useEffect(reload, [filters.shown, filters.q, filters.minScore, filters.profile])
  useMissed(live, reload)
  useLiveEvent(live, 'alert_changed', (delta) => setSet((before) => changed(before, delta)))
  useLiveEvent(live, 'message_changed', ({ alert_id: id, change }) =>
    setSet((before) => changed(before, { id, change })),
  )
  useLiveEvent(live, 'alert', (alert) => {
    if (!fits(alert, filters)) return
    setNewest(alert)
    setSet((before) => arrived(before, alert))
  })
  const isFull = isOverfull(set)
  useEffect(() => (isFull ? load(null, keptCount(set)) : undefined), [isFull])
  const change = useMemo(() => changeWith((id, part) => setSet((before) => changed(before, { id, ...part }))), [])
  return { ...set, error, newest, reload, loadMore: () => load(set.nextCursor), change }
}

/** Of several loads the last one counts. */
function useLoad(filters: Filters, change: Change) {
  const [error, setError] = useState('')
  const latest = useRef(0)
  const load = (cursor: string | null, limit = PAGE) => {
    const asked = ++latest.current
    const ifLatest = (step: () => void) => asked === latest.current && step()
    change(loadBegun)
    setError('')
    call<AlertPage>('GET', `alerts?${queryOf(filters, cursor, limit)}`).then(
      (page) => ifLatest(() => change((before) => loaded(before, page, cursor === null))),
      (cause: unknown) =>
        ifLatest(() => {
          change(loadFailed)
          setError(messageOf(cause))
        }),
    )
  }
  return { load, error }
}

/** Shows a change at once and takes it back where the sentinel refuses it. Rejects with the failure. */
function changeWith(replace: (id: number, change: Partial<Alert>) => void) {
  return async (alert: Alert, change: AlertEdit): Promise<void> => {
    const { read, starred, dismissed, label, profiles, snoozed_until } = alert
    const before = { read, starred, dismissed, label, profiles, snoozed_until }
    const { verdict, ...rest } = change
    replace(alert.id, verdict ? judged(alert, verdict) : rest)
    try {
      if (verdict) await tell(alert, verdict)
      else replace(alert.id, await call<Alert>('PATCH', `alerts/${alert.id}`, rest))
    } catch (error) {
      replace(alert.id, before)
      throw error
    }
  }
}

/** The same as the sentinel makes of it. */
function judged(alert: Alert, { profile, relevant }: Verdict): Partial<Alert> {
  const profiles = alert.profiles.map((one) => (one.id === profile ? { ...one, label: relevant } : one))
  return { profiles, label: profiles[0]?.label ?? null }
}

async function tell(alert: Alert, { profile, relevant }: Verdict): Promise<void> {
  const path = `profiles/${profile}/labels/${alert.chat.id}/${alert.message_id}`
  if (relevant === null) await call('DELETE', path)
  else await call('PUT', path, { relevant })
}
