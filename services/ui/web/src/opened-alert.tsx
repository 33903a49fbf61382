import { useEffect, useRef } from 'preact/hooks'
import { AlertItem } from './alert-item'
import { useLiveEvent, type Live } from './live'
import { useLoaded } from './loaded'
import type { Alert, AlertEdit } from './model'
import { Failure } from './notice'
import { addressOf } from './route'

interface OpenedAlertProps {
  id: string
  live: Live
  onChange: (alert: Alert, change: AlertEdit) => Promise<void>
}

/** The alert that the address names, as a notification does: above the list, wherever it stands in it. */
export function OpenedAlert({ id, live, onChange }: OpenedAlertProps) {
  const { data: alert, error, reload } = useLoaded<Alert>(`alerts/${id}`)
  const title = useRef<HTMLHeadingElement>(null)
  // The list may have been left far below.
  useEffect(() => title.current?.focus(), [])
  useLiveEvent(live, 'alert_changed', (changed) => changed.id === Number(id) && reload())
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
