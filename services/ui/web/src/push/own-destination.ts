import { call } from '../api'
import { browserName } from '../browser-name'
import type { Destination } from '../model'
import { askPermission, presentSubscription, subscribeAnew } from './push-manager'
import { draftOf, draftWith, fitsKey, LOCK, secretsOf, subscriptionId } from './subscription'

type Destinations = readonly Destination[]

const REMEMBERED = 'tgsentinel-push'
/** Who signs out does not wait for a sentinel that is away. */
const LEAVING_MS = 3000

/**
 * The destination that stands for this browser; undefined where it is told nothing. What the two know of each other is brought together where
 * they differ: the browser lost its subscription, was given another, or has one to another key. @throws ApiFailure
 */
export function ownDestination(): Promise<Destination | undefined> {
  return alone(async () => {
    const [subscription, destinations] = [await presentSubscription(), await allDestinations()]
    const own = (subscription && (await destinationOf(subscription, destinations))) ?? rememberedOf(destinations)
    // It was deleted elsewhere.
    if (!own) return void (await subscription?.unsubscribe())
    remember(own)
    if (!own.enabled) return own
    if (!subscription && Notification.permission !== 'granted') return undefined
    return broughtTogether(own, subscription)
  })
}

async function broughtTogether(own: Destination, subscription: PushSubscription | null): Promise<Destination> {
  const publicKey = await pushKey()
  if (!subscription || !fitsKey(subscription, publicKey)) return save(own, await subscribeAnew(publicKey))
  const isKnown = own.subscription_id === (await subscriptionId(subscription.endpoint))
  return isKnown ? own : save(own, subscription)
}

/** Asks for the permission, subscribes, and makes the destination, or takes up the one that this browser had. @throws ApiFailure */
export async function tellHere(): Promise<void> {
  await askPermission()
  await alone(async () => {
    const [publicKey, before, destinations] = [await pushKey(), await presentSubscription(), await allDestinations()]
    const former = (before && (await destinationOf(before, destinations))) ?? rememberedOf(destinations)
    const subscription = await subscribeAnew(publicKey)
    try {
      remember(
        former ? await save({ ...former, enabled: true }, subscription) : await create(subscription, destinations),
      )
    } catch (error) {
      await subscription.unsubscribe()
      throw error
    }
  })
}

/** @throws ApiFailure */
export function tellNoMore({ id, revision }: Destination): Promise<void> {
  return alone(async () => {
    await call('DELETE', `destinations/${id}`, undefined, { revision })
    await (await presentSubscription())?.unsubscribe()
  })
}

/** Whoever uses this browser next is told nothing: no subscription, nothing shown; the destination is switched off, and its settings stay. */
export async function leaveHere(): Promise<void> {
  await Promise.race([alone(leave), new Promise((resolve) => setTimeout(resolve, LEAVING_MS))])
}

async function leave(): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration()
  for (const notification of (await registration?.getNotifications()) ?? []) notification.close()
  const subscription = await registration?.pushManager?.getSubscription()
  if (!subscription) return
  await subscription.unsubscribe()
  await switchOff(subscription)
}

async function switchOff(subscription: PushSubscription): Promise<void> {
  const own = await destinationOf(subscription, await allDestinations())
  if (own) await call('PUT', `destinations/${own.id}`, { ...draftOf(own), enabled: false })
}

/** Several tabs may look at the same time; what one has half done is nothing for another to mend. */
function alone<T>(work: () => Promise<T>): Promise<T> {
  return navigator.locks.request(LOCK, work) as Promise<T>
}

async function allDestinations(): Promise<Destinations> {
  return (await call<{ destinations: Destination[] }>('GET', 'destinations')).destinations
}

let knownKey: string | undefined

/** Asked for once: it stays the same. */
async function pushKey(): Promise<string> {
  return (knownKey ??= (await call<{ public_key: string }>('GET', 'push-key')).public_key)
}

async function destinationOf({ endpoint }: PushSubscription, all: Destinations): Promise<Destination | undefined> {
  const id = await subscriptionId(endpoint)
  return all.find((one) => one.subscription_id === id)
}

function save(destination: Destination, subscription: PushSubscription): Promise<Destination> {
  const { id, revision } = destination
  return call<Destination>('PUT', `destinations/${id}`, draftWith(destination, subscription), { revision })
}

function create(subscription: PushSubscription, destinations: Destinations): Promise<Destination> {
  const names = new Set(destinations.map(({ name }) => name))
  const own = browserName(navigator.userAgent)
  let name = own
  for (let number = 2; names.has(name); number++) name = `${own} ${number}`
  return call<Destination>('POST', 'destinations', {
    ...{ name, target: { kind: 'web_push' }, secrets: secretsOf(subscription) },
  })
}

/** The browser may have lost what it subscribed to. A number alone, which says nothing of anybody. */
function remember({ id }: Destination): void {
  try {
    localStorage.setItem(REMEMBERED, String(id))
  } catch {
    // Without it another destination is made.
  }
}

function rememberedOf(destinations: Destinations): Destination | undefined {
  try {
    const id = Number(localStorage.getItem(REMEMBERED))
    return destinations.find((one) => one.id === id && one.target.kind === 'web_push')
  } catch {
    return undefined
  }
}
