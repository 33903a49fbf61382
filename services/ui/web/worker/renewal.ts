import type { Destination, DestinationDraft } from '../src/model'
import { draftWith, subscriptionId } from '../src/push/subscription'

/**
 * The browser has given up a subscription: the destination gets the new one, and is otherwise as it was, also where that is switched off. Where
 * nobody is signed in any more it is left to the page, which mends it as soon as somebody looks at it.
 */
export async function renewSubscription(
  registration: ServiceWorkerRegistration,
  { oldSubscription, newSubscription }: Pick<PushSubscriptionChangeEvent, 'oldSubscription' | 'newSubscription'>,
): Promise<void> {
  if (!oldSubscription) return
  const key = oldSubscription.options.applicationServerKey
  const options = { userVisibleOnly: true, applicationServerKey: key }
  const subscription = newSubscription ?? (await registration.pushManager.subscribe(options))
  const id = await subscriptionId(oldSubscription.endpoint)
  const ask = askingAt(registration.scope)
  const { destinations } = await ask<{ destinations: Destination[] }>('GET', 'destinations')
  const own = destinations.find((one) => one.subscription_id === id)
  if (own) await ask('PUT', `destinations/${own.id}`, { draft: draftWith(own, subscription), revision: own.revision })
}

interface Change {
  draft: DestinationDraft
  revision: number
}

function askingAt(scope: string) {
  return async <T>(method: string, path: string, change?: Change): Promise<T> => {
    const response = await fetch(`${scope}api/${path}`, { method, ...(change && initOf(change)) })
    if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}`)
    return ((await response.json()) as { data: T }).data
  }
}

function initOf({ draft, revision }: Change): RequestInit {
  return { body: JSON.stringify(draft), headers: { 'Content-Type': 'application/json', 'If-Match': `"${revision}"` } }
}
