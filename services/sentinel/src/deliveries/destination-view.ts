import { createHash } from 'node:crypto'
import { isoMoment } from '@tgsentinel/kernel/time'
import type { DeliveryState, Destination, PushSubscription } from '../model'
import type { StoredDestination, StoredSecrets } from '../store/destinations'

export type Counts = Partial<Record<DeliveryState, number>>

/** A destination's ETag is its revision's. No secret leaves here, but that some are kept. */
export function destinationView(destination: StoredDestination, counts: Counts, nowMs: number): Destination {
  const { id, revision, name, isEnabled, target, secrets, hears, problem, failedAtMs } = destination
  const { waiting = 0, sending = 0, dead = 0 } = counts
  const isPaused = isEnabled && waiting > 0 && destination.pausedUntilMs > nowMs
  return {
    ...{ id, revision, name, target, hears, dead },
    enabled: isEnabled,
    secrets_set: secretNames(secrets),
    ...(secrets.subscription && { subscription_id: subscriptionId(secrets.subscription) }),
    template_id: destination.templateId,
    rate_per_minute: destination.ratePerMinute,
    ...stateOf(destination, waiting + sending > 0),
    last_failure: problem === null || failedAtMs === null ? null : { message: problem, at: isoMoment(failedAtMs) },
    last_sent_at: destination.sentAtMs === null ? null : isoMoment(destination.sentAtMs),
    paused_until: isPaused ? isoMoment(destination.pausedUntilMs) : null,
    waiting: waiting + sending,
    created_at: isoMoment(destination.createdAtMs),
    updated_at: isoMoment(destination.updatedAtMs),
  }
}

function stateOf(destination: StoredDestination, isWaiting: boolean): Pick<Destination, 'state' | 'message'> {
  const { isEnabled, disabledReason, failures, problem, sentAtMs } = destination
  if (!isEnabled && disabledReason !== null)
    return { state: 'gone', message: `Switched off. ${disabledReason} Mend it, then switch it on again.` }
  if (!isEnabled) return { state: 'disabled', message: 'Switched off. What waits is sent when it is switched on.' }
  if (failures > 0)
    return {
      state: 'failing',
      message: `${problem ?? 'The last attempt failed.'}${isWaiting ? ' It is tried again by itself.' : ''}`,
    }
  if (sentAtMs === null) return { state: 'new', message: 'Nothing was sent there yet. Send a test.' }
  return { state: 'working', message: 'The last message arrived.' }
}

/** By which a browser knows the subscription as its own, and from which nobody finds the endpoint. */
export function subscriptionId({ endpoint }: Pick<PushSubscription, 'endpoint'>): string {
  return createHash('sha256').update(endpoint).digest('base64url')
}

function secretNames({ token, password, url, urls, signing_secret, subscription }: StoredSecrets): string[] {
  return Object.entries({ token, password, url, urls, signing_secret, subscription })
    .filter(([, value]) => value)
    .map(([name]) => name)
}
