import { AlertList } from './alert-list'
import { Counters } from './counters'
import type { Live } from './live'
import type { Status } from './model'
import { needsOwner } from './status'
import { StatusCard } from './status-card'

export function Dashboard({ live, status }: { live: Live; status: Status | undefined }) {
  return (
    <div class="dashboard">
      <h1 class="visually-hidden">Alerts</h1>
      <div class="aside">
        <StatusCard status={status} />
        {status && needsOwner(status) && (
          <a class="button primary wide" href="#/session">
            Set up the session
          </a>
        )}
        <Counters live={live} />
      </div>
      <AlertList live={live} />
    </div>
  )
}
