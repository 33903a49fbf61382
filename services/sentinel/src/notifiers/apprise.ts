import type { DestinationTarget } from '../model'
import type { Outgoing } from '../outgoing/outgoing'
import type { StoredSecrets } from '../store/destinations'
import { later, type Notifier, type Outcome, type Told } from './notifier'
import { post, REFUSES_CONTENT } from './posting'
import { plainText } from './writing'

/** An Apprise API server (github.com/caronc/apprise-api), which passes on what it is told. */
export class AppriseNotifier implements Notifier {
  constructor(
    private readonly target: Extract<DestinationTarget, { kind: 'apprise' }>,
    private readonly secrets: StoredSecrets,
    private readonly outgoing: Outgoing,
  ) {}

  send({ title, body }: Told, signal: AbortSignal): Promise<Outcome> {
    const { server, key, tag } = this.target
    const { urls } = this.secrets
    const request = {
      method: 'POST' as const,
      url: `${server.replace(/\/$/, '')}/notify${key ? `/${key}` : ''}`,
      body: {
        ...{ title, body: plainText(body), type: 'info', format: 'text' },
        ...(tag && { tag }),
        ...(urls && !key && { urls }),
      },
    }
    return post(this.outgoing, request, signal, {
      ...REFUSES_CONTENT,
      204: () => later('It knows nobody to tell under this key (204).'),
      424: () => later('It could not pass this on to everybody (424). Its own log says why.'),
    })
  }
}
