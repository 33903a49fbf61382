import { useEffect, useRef } from 'preact/hooks'
import { AlertItem } from './alert-item'
import type { Live } from './live'
import { useLoadedLive } from './loaded-live'
import type { Alert, AlertEdit } from './model'
import { Failure } from './notice'
import { addressOf, useArrival } from './route'

interface OpenedAlertProps {
  id: string
  live: Live
  onChange: (alert: Alert, change: AlertEdit) => Promise<void>
}

/** The alert that the address names, as a notification does: above the list, wherever it stands in it. */
export function OpenedAlert({ id, live, onChange }: OpenedAlertProps) {
  const { data: alert, error, reload } = useOpenedAlert(id, live)
  const title = useRef<HTMLHeadingElement>(null)
  // The list may have been left far below.
  const showTitle = () => title.current?.focus()
  useEffect(showTitle, [])
  useArrival(addressOf('alerts', id), () => {
    reload()
    showTitle()
  })
  return (
    <section class="opened-alert" aria-labelledby="opened-alert-title" data-testid="opened-alert">
      <header class="opened-alert-head">
        <h2 id="opened-alert-title" ref={title} tabIndex={-1}>
          The alert you opened
        </h2>
        <a href={addressOf('alerts')}>Close</a>
      </header>
      <Failure error={error} onRetry={reload} />
      {alert && (
        <ol class="alerts">
          <AlertItem alert={alert} isNew={false} onChange={onChange} />
        </ol>
      )}
    </section>
  )
}

function useOpenedAlert(id: string, live: Live) {
  return useLoadedLive<Alert, 'alert_changed' | 'message_changed'>(
    live,
    `alerts/${id}`,
    ['alert_changed', 'message_changed'],
    (event) => ('alert_id' in event ? event.alert_id : event.id) === Number(id),
  )
}
