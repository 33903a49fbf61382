import type { DestinationTarget } from '../model'
import type { Outgoing } from '../outgoing/outgoing'
import type { StoredSecrets } from '../store/destinations'
import type { Notifier, Outcome, Told } from './notifier'
import { post, REFUSES_CONTENT } from './posting'
import { plainText } from './writing'

const DEFAULT_PRIORITY = 5

/** An application of a Gotify server; texts are plain there. */
export class GotifyNotifier implements Notifier {
  constructor(
    private readonly target: Extract<DestinationTarget, { kind: 'gotify' }>,
    private readonly secrets: StoredSecrets,
    private readonly outgoing: Outgoing,
  ) {}

  send({ title, body, link }: Told, signal: AbortSignal): Promise<Outcome> {
    const { server, priority = DEFAULT_PRIORITY } = this.target
    const extras = link ? { extras: { 'client::notification': { click: { url: link } } } } : {}
    const request = {
      method: 'POST' as const,
      url: `${server.replace(/\/$/, '')}/message`,
      headers: { 'X-Gotify-Key': this.secrets.token ?? '' },
      body: { title, message: plainText(body), priority, ...extras },
    }
    return post(this.outgoing, request, signal, REFUSES_CONTENT)
  }
}
