import { isoMoment, SECOND } from '@tgsentinel/kernel/time'
import { jsonOf, type Outgoing } from '../outgoing/outgoing'
import type { StoredSecrets } from '../store/destinations'
import type { Notifier, Outcome, Told } from './notifier'
import { post } from './posting'
import { signatureOf } from './webhook-signature'

/** Standard Webhooks: whatever is no success is tried again, but for 410. */
export class WebhookNotifier implements Notifier {
  constructor(
    private readonly url: string,
    private readonly secrets: StoredSecrets,
    private readonly outgoing: Outgoing,
    private readonly now: () => number,
  ) {}

  send({ messageId, kind, atMs, data }: Told, signal: AbortSignal): Promise<Outcome> {
    const nowMs = this.now()
    const timestampS = Math.floor(nowMs / SECOND)
    const body = jsonOf({ type: kind, timestamp: isoMoment(atMs), data })
    const headers = {
      'webhook-id': messageId,
      'webhook-timestamp': String(timestampS),
      'webhook-signature': signatureOf(this.signingSecrets(nowMs), messageId, timestampS, body),
    }
    return post(this.outgoing, { method: 'POST', url: this.url, headers, body }, signal)
  }

  /** After a rotation the former one signs, too, until receivers have had time to take the new one. */
  private signingSecrets(nowMs: number): string[] {
    const { signing_secret: present, former_secret: former, former_until: until = 0 } = this.secrets
    return [present, nowMs < until ? former : undefined].filter((secret) => secret !== undefined)
  }
}
