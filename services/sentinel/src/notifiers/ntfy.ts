import { cutToBytes } from '../cutting'
import type { DestinationTarget } from '../model'
import type { Outgoing } from '../outgoing/outgoing'
import type { StoredSecrets } from '../store/destinations'
import type { Notifier, Outcome, Told } from './notifier'
import { post, REFUSES_CONTENT } from './posting'
import { plainText } from './writing'

/** Longer ones become files (docs.ntfy.sh/publish). */
const MAX_BYTES = 4000

/** A topic of an ntfy server. The text goes as it is: nothing in it is markup there. */
export class NtfyNotifier implements Notifier {
  constructor(
    private readonly target: Extract<DestinationTarget, { kind: 'ntfy' }>,
    private readonly secrets: StoredSecrets,
    private readonly outgoing: Outgoing,
  ) {}

  send({ title, body, link }: Told, signal: AbortSignal): Promise<Outcome> {
    const { server = 'https://ntfy.sh', topic, priority } = this.target
    const { token } = this.secrets
    const message = cutToBytes(plainText(body), MAX_BYTES)
    const more = { ...(priority && { priority }), ...(link && { click: link }) }
    const headers = token ? { Authorization: `Bearer ${token}` } : undefined
    const request = { method: 'POST' as const, url: server, body: { topic, title, message, ...more } }
    return post(this.outgoing, { ...request, ...(headers && { headers }) }, signal, REFUSES_CONTENT)
  }
}
