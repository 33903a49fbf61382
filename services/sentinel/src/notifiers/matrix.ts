import { SECOND } from '@tgsentinel/kernel/time'
import type { DestinationTarget } from '../model'
import type { Outgoing, OutgoingReply } from '../outgoing/outgoing'
import type { StoredSecrets } from '../store/destinations'
import { later, type Notifier, type Outcome, type Told } from './notifier'
import { post, REFUSES_CONTENT } from './posting'
import { HTML, plainText, shortened, write } from './writing'

/** An event may have 65,536 bytes, its formatted text included. */
const MAX_TEXT = 6000

/** A room of a Matrix server. A message that is sent again under its id is one event there (spec.matrix.org, client-server API). */
export class MatrixNotifier implements Notifier {
  constructor(
    private readonly target: Extract<DestinationTarget, { kind: 'matrix' }>,
    private readonly secrets: StoredSecrets,
    private readonly outgoing: Outgoing,
  ) {}

  send({ messageId, body }: Told, signal: AbortSignal): Promise<Outcome> {
    const { server, room } = this.target
    const short = shortened(body, MAX_TEXT)
    const path = `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/send/m.room.message/${messageId}`
    const request = {
      method: 'PUT' as const,
      url: server.replace(/\/$/, '') + path,
      headers: { Authorization: `Bearer ${this.secrets.token ?? ''}` },
      body: {
        msgtype: 'm.text',
        body: plainText(short),
        format: 'org.matrix.custom.html',
        formatted_body: write(short, HTML),
        'm.mentions': {},
      },
    }
    return post(this.outgoing, request, signal, { ...REFUSES_CONTENT, 429: limited })
  }
}

/** Older servers tell the wait in the body alone. */
function limited({ retryAfterMs, text }: OutgoingReply): Outcome {
  const told = Number(/"retry_after_ms"\s*:\s*(\d{1,10})/.exec(text)?.[1] ?? NaN)
  return later('It asks to send less (429).', retryAfterMs ?? (Number.isFinite(told) ? told : SECOND))
}
