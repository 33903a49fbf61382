import { isoMoment } from '@tgsentinel/kernel/time'
import { cutTo } from '../cutting'
import type { Alert, Delivery } from '../model'
import { holdMessage } from '../restraint/restraint'
import { UNTIL_RESUMED_MS } from '../restraint/hold'
import { profileNames } from '../alert-profiles'
import type { StoredDelivery } from '../store/deliveries'

const MAX_TITLE = 200

/** A delivery as it is shown. */
export function deliveryView(delivery: StoredDelivery, destinationName: string, alert: Alert | undefined): Delivery {
  const { id, destinationId, kind, messageId, alertId, state, attempts, problem } = delivery
  return {
    ...{ id, kind, state, attempts, problem },
    destination_id: destinationId,
    destination_name: destinationName,
    message_id: messageId,
    alert_id: alertId,
    title: titleOf(delivery, alert),
    due_at: isoMoment(delivery.dueAtMs),
    held: heldView(delivery),
    created_at: isoMoment(delivery.createdAtMs),
    changed_at: isoMoment(delivery.changedAtMs),
  }
}

function heldView({ held: reason, dueAtMs: untilMs }: StoredDelivery): Delivery['held'] {
  if (reason === null) return null
  const until = untilMs >= UNTIL_RESUMED_MS ? null : isoMoment(untilMs)
  return { reason, until, message: holdMessage({ reason, untilMs }) }
}

function titleOf({ content }: StoredDelivery, alert: Alert | undefined): string {
  if (content) return content.title
  return alert ? cutTo(`${profileNames(alert)}: ${alert.text}`, MAX_TITLE) : 'An alert that is no longer there'
}
