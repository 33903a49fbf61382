import type { Destination, DestinationDraft } from '../model'

/** Of whoever changes what this browser subscribed to. */
export const LOCK = 'tgsentinel-push'

type Subscribed = Pick<PushSubscription, 'endpoint' | 'toJSON'>

/** As the sentinel names a subscription in public: SHA-256 of its endpoint in base64url. */
export async function subscriptionId(endpoint: string): Promise<string> {
  return base64url(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(endpoint)))
}

export function secretsOf(subscription: Subscribed): NonNullable<DestinationDraft['secrets']> {
  const { p256dh = '', auth = '' } = subscription.toJSON().keys ?? {}
  return { subscription: { endpoint: subscription.endpoint, p256dh, auth } }
}

/** A destination as it is, with another subscription. */
export function draftWith(destination: Destination, subscription: Subscribed): DestinationDraft {
  return { ...draftOf(destination), secrets: secretsOf(subscription) }
}

/** A destination as it is; its secrets stay. */
export function draftOf(destination: Destination): DestinationDraft {
  const { name, enabled, target, hears, template_id, rate_per_minute } = destination
  return { name, enabled, target, hears, template_id, rate_per_minute }
}

/** Whether it was made with this key: a push service takes messages that are signed by no other. */
export function fitsKey({ options }: Pick<PushSubscription, 'options'>, publicKey: string): boolean {
  const key = options.applicationServerKey
  return key !== null && base64url(key) === publicKey
}

function base64url(bytes: ArrayBuffer): string {
  const text = String.fromCharCode(...new Uint8Array(bytes))
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}
