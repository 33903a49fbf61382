import { LOCK } from '../src/push/subscription'
import { showPushed, openNotified } from './notification'
import { renewSubscription } from './renewal'
import { answerOf, forgetFormerShells, keepShell } from './shell'

/**
 * Runs beside the page, also while none is open: it keeps what the page is made of, shows what is pushed, and renews what the browser
 * subscribed to. It keeps no answer of the API.
 */
const scope = globalThis as unknown as ServiceWorkerGlobalScope

// What it does depends on no page: a new one takes over at once.
scope.addEventListener('install', (event) => event.waitUntil(keepShell().then(() => scope.skipWaiting())))
scope.addEventListener('activate', (event) => event.waitUntil(forgetFormerShells().then(() => scope.clients.claim())))

scope.addEventListener('fetch', (event) => {
  const answer = answerOf(event.request)
  if (answer) event.respondWith(answer)
})

scope.addEventListener('push', (event) => event.waitUntil(showPushed(scope.registration, event.data)))

scope.addEventListener('notificationclick', (event) =>
  event.waitUntil(openNotified(scope, event.notification, event.action)),
)

scope.addEventListener('pushsubscriptionchange', (event) =>
  event.waitUntil(
    navigator.locks.request(LOCK, () => renewSubscription(scope.registration, event as PushSubscriptionChangeEvent)),
  ),
)
