import { SECOND } from '@tgsentinel/kernel/time'
import type { DestinationTarget } from '../model'
import type { Outgoing, OutgoingReply } from '../outgoing/outgoing'
import type { StoredSecrets } from '../store/destinations'
import { shortenedStyled } from '../styled-text'
import { later, type Notifier, type Outcome, type Told } from './notifier'
import { post, REFUSES_CONTENT } from './posting'
import { HTML, plainText, write } from './writing'

/** An event may have 65,536 bytes, its formatted text included. */
const MAX_TEXT = 6000
const MAX_BYTES = 60_000

/** A room of a Matrix server. A message that is sent again under its id is one event there (spec.matrix.org, client-server API). */
export class MatrixNotifier implements Notifier {
  constructor(
    private readonly target: Extract<DestinationTarget, { kind: 'matrix' }>,
    private readonly secrets: StoredSecrets,
    private readonly outgoing: Outgoing,
  ) {}

  send({ messageId, body }: Told, signal: AbortSignal): Promise<Outcome> {
    const { server, room } = this.target
    const path = `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/send/m.room.message/${messageId}`
    const request = {
      method: 'PUT' as const,
      url: server.replace(/\/$/, '') + path,
      headers: { Authorization: `Bearer ${this.secrets.token ?? ''}` },
      body: eventOf(body),
    }
    return post(this.outgoing, request, signal, { ...REFUSES_CONTENT, 429: limited })
  }
}

/** As much of the text as fits in an event with its form. */
function eventOf(body: Told['body']): object {
  for (let max = MAX_TEXT; ; max = Math.floor(max * 0.8)) {
    const short = shortenedStyled(body, max)
    const event = {
      ...{ msgtype: 'm.text', body: plainText(short) },
      ...{ format: 'org.matrix.custom.html', formatted_body: write(short, HTML) },
      'm.mentions': {},
    }
    if (max < 100 || Buffer.byteLength(JSON.stringify(event)) <= MAX_BYTES) return event
  }
}

/** Older servers tell the wait in the body alone. */
function limited({ retryAfterMs, text }: OutgoingReply): Outcome {
  const told = Number(/"retry_after_ms"\s*:\s*(\d{1,10})/.exec(text)?.[1] ?? NaN)
  return later('It asks to send less (429).', retryAfterMs ?? (Number.isFinite(told) ? told : SECOND))
}
