import { createECDH, ECDH } from 'node:crypto'
import { DAY, MINUTE, SECOND } from '@tgsentinel/kernel/time'
import type { DeliveryKind, DestinationTarget } from '../model'
import type { Outgoing } from '../outgoing/outgoing'
import type { StoredSecrets } from '../store/destinations'
import { later, type Notifier, type Outcome, type Told } from './notifier'
import { post, REFUSES_CONTENT, type Meanings } from './posting'
import { encoded, pushMessageOf } from './push-message'

/** Both in base64url: a point of P-256, uncompressed, and its scalar (RFC 8292). */
export interface PushKeys {
  publicKey: string
  privateKey: string
}

/** A push service takes bodies of 4096 bytes at the least (RFC 8291 section 4); 86 are the header, 16 the tag, 1 ends the text. */
const MAX_PLAIN_BYTES = 4096 - 86 - 16 - 1
/** How long a push service keeps it for a browser that is away: as long as we would try ourselves. */
const TTL_MS: Record<DeliveryKind, number> = {
  alert: 3 * DAY,
  change: 3 * DAY,
  digest: 3 * DAY,
  notice: 3 * DAY,
  test: 5 * MINUTE,
}
/**
 * RFC 8292 wants somebody to write to, and an owner who has no public address has none to give. Apple refuses names that cannot be real, such as
 * localhost and .invalid (web-push-libs/web-push issue 947), the others look at the form alone.
 */
const SUBJECT = 'mailto:tg-sentinel@example.com'
const TOPIC_LENGTH = 32

/** The notifications of one browser, by the push service that it subscribed to (RFC 8030), which reads nothing of them (RFC 8291). */
export class WebPushNotifier implements Notifier {
  constructor(
    private readonly target: Extract<DestinationTarget, { kind: 'web_push' }>,
    private readonly secrets: StoredSecrets,
    private readonly keys: PushKeys,
    private readonly outgoing: Outgoing,
  ) {}

  async send(told: Told, signal: AbortSignal): Promise<Outcome> {
    const { subscription } = this.secrets
    if (!subscription) return later('The subscription of the browser is missing. Subscribe in it anew.')
    const { endpoint, p256dh, auth } = subscription
    const text = encoded(pushMessageOf(told, this.target.discreet ?? false), MAX_PLAIN_BYTES)
    // Most sentinels push to no browser: the library takes ten megabytes.
    const { default: webPush } = await import('web-push')
    const { headers, body } = webPush.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, text, {
      vapidDetails: { subject: SUBJECT, ...this.keys },
      TTL: TTL_MS[told.kind] / SECOND,
      urgency: told.isUrgent || told.kind === 'test' ? 'high' : 'normal',
      ...(keepsTopics(endpoint) && { topic: topicOf(told) }),
    })
    const request = { method: 'POST' as const, url: endpoint, headers: asTexts(headers), body }
    return post(this.outgoing, request, signal, MEANINGS)
  }
}

export function newPushKeys(): PushKeys {
  const pair = createECDH('prime256v1')
  const publicKey = pair.generateKeys('base64url')
  // Node leaves zeros at the beginning out.
  const scalar = pair.getPrivateKey('hex').padStart(64, '0')
  return { publicKey, privateKey: Buffer.from(scalar, 'hex').toString('base64url') }
}

/** Whether a browser's key is a point of the curve: nothing can be encrypted for another. */
export function isPushKey(p256dh: string): boolean {
  try {
    ECDH.convertKey(p256dh, 'prime256v1', 'base64url')
    return true
  } catch {
    return false
  }
}

/** RFC 8030 section 7.3 says 404, some say 410. A key that is not the one of the subscription is 400 (Apple), 401 (Mozilla) or 403 (Google). */
const MEANINGS: Meanings = {
  ...REFUSES_CONTENT,
  400: ({ status }) => unfit(status),
  401: ({ status }) => unfit(status),
  403: ({ status }) => unfit(status),
  404: ({ status }) => unsubscribed(status),
  410: ({ status }) => unsubscribed(status),
}

function unsubscribed(status: number): Outcome {
  const problem = `The browser is no longer subscribed (${status}). Open Deliveries in it, and press “Tell me in this browser”.`
  return { type: 'gone', problem }
}

function unfit(status: number): Outcome {
  return later(
    `The push service refuses our key (${status}). Check this machine’s clock, then open Deliveries in that browser: a subscription to another key is renewed there. If it stays so, tell it no more there, and then again.`,
  )
}

/** A topic makes a push service replace what it still keeps of it: of a message that is sent again there is one. */
function topicOf({ messageId }: Told): string {
  return messageId.replace(/^msg_/, '').slice(-TOPIC_LENGTH)
}

/**
 * Google's keeps four topics of a browser that is away, and drops the others (firebase.google.com, collapsible messages): alerts would be
 * lost. What comes twice there is made one by the notification's tag.
 */
export function keepsTopics(endpoint: string): boolean {
  return !/(^|\.)google(apis)?\.com$/.test(new URL(endpoint).hostname)
}

function asTexts(headers: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
}
