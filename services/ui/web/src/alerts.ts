import { useEffect, useRef, useState } from 'preact/hooks'
import { withAlerts, withChange } from './alert-set'
import { call, messageOf } from './api'
import { fits, queryOf, type Filters } from './filters'
import { useLiveEvent, type Live } from './live'
import type { Alert, AlertChange, AlertPage } from './model'

interface List {
  alerts: Alert[]
  nextCursor: string | null
  state: 'loading' | 'ready' | 'failed'
  error: string
}

const EMPTY: List = { alerts: [], nextCursor: null, state: 'loading', error: '' }

/** The list of alerts under a filter: loaded by pages, kept up by events, and kept as it is when the sentinel goes away. */
export function useAlerts(live: Live, filters: Filters) {
  const [list, setList] = useState(EMPTY)
  const [newest, setNewest] = useState<Alert | undefined>()
  const latest = useRef(0)
  const load = (cursor: string | null) => {
    const asked = ++latest.current
    setList((before) => ({ ...before, state: 'loading' }))
    call<AlertPage>('GET', `alerts?${queryOf(filters, cursor)}`)
      .then((page) => asked === latest.current && setList((before) => listOf(page, cursor ? before.alerts : [])))
      .catch(
        (error: unknown) =>
          asked === latest.current && setList((before) => ({ ...before, state: 'failed', error: messageOf(error) })),
      )
  }
  const reload = () => load(null)
  useEffect(reload, [filters.shown, filters.q, filters.minScore, filters.profile])
  useLiveEvent(live, 'reset', reload)
  useLiveEvent(live, 'sentinel', ({ reachable }) => reachable && reload())
  useLiveEvent(live, 'alert_changed', ({ id, ...change }) =>
    setList((before) => ({ ...before, alerts: withChange(before.alerts, id, change) })),
  )
  useLiveEvent(live, 'alert', (alert) => {
    if (!fits(alert, filters)) return
    setNewest(alert)
    setList((before) => ({ ...before, alerts: withAlerts(before.alerts, [alert]) }))
  })
  const replace = (id: number, change: Partial<Alert>) =>
    setList((before) => ({ ...before, alerts: withChange(before.alerts, id, change) }))
  return { ...list, newest, reload, loadMore: () => load(list.nextCursor), change: changeWith(replace) }
}

function listOf(page: AlertPage, before: readonly Alert[]): List {
  return { alerts: withAlerts(before, page.alerts), nextCursor: page.next_cursor, state: 'ready', error: '' }
}

/** Shows a change at once and takes it back where the sentinel refuses it. Rejects with the failure. */
function changeWith(replace: (id: number, change: Partial<Alert>) => void) {
  return async (alert: Alert, change: AlertChange): Promise<void> => {
    const before = { read: alert.read, starred: alert.starred, dismissed: alert.dismissed }
    replace(alert.id, change)
    try {
      replace(alert.id, await call<Alert>('PATCH', `alerts/${alert.id}`, change))
    } catch (error) {
      replace(alert.id, before)
      throw error
    }
  }
}
