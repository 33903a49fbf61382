import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { SECOND } from '@tgsentinel/kernel/time'
import { parseEvents, type SseEvent } from './sse'
import { badReply, refusedToken, toSentinelFailure } from './sentinel-failure'

export interface Outgoing {
  method: string
  /** As the sentinel documents it, with its query: `/api/alerts?limit=5`. Sent as it is. */
  path: string
  headers?: Record<string, string>
  body?: Buffer
  /** Ends the exchange. */
  signal: AbortSignal
  /** The signal is the only bound: nothing need be heard before the reply. */
  maySilence?: boolean
}

export interface EventsOptions {
  requestId?: string
  /** It took us. */
  onOpen?: () => void
  /** Something came, be it no event. */
  onHeard?: () => void
}

/** The sentinel says that it is still there every fifteen seconds. */
const SILENCE_MS = 45 * SECOND

/** Plain HTTP to the sentinel, with our token. Failures are typed (`toSentinelFailure`). */
export class SentinelConnection {
  constructor(
    private readonly baseUrl: string,
    private readonly token: string | undefined,
  ) {}

  /** Resolves with the head of the reply; the signal ends the whole exchange. */
  async send(outgoing: Outgoing): Promise<IncomingMessage> {
    try {
      return await this.exchange(outgoing)
    } catch (error) {
      throw toSentinelFailure(outgoing.signal.aborted ? outgoing.signal.reason : error)
    }
  }

  /** The sentinel's events after `lastEventId` until it ends the stream. */
  async *events(
    lastEventId: string | undefined,
    signal: AbortSignal,
    { requestId, onOpen, onHeard }: EventsOptions = {},
  ): AsyncGenerator<SseEvent> {
    const headers: Record<string, string> = { Accept: 'text/event-stream' }
    if (requestId !== undefined) headers['X-Request-Id'] = requestId
    if (lastEventId !== undefined) headers['Last-Event-ID'] = lastEventId
    const reply = await this.send({ method: 'GET', path: '/api/events', headers, signal })
    try {
      if (reply.statusCode === 401) throw refusedToken()
      if (reply.statusCode !== 200 || !isEventStream(reply)) throw badReply()
      onOpen?.()
      yield* parseEvents(telling(reply.setEncoding('utf8') as AsyncIterable<string>, onHeard))
    } finally {
      reply.destroy()
    }
  }

  private exchange({ method, path, headers, body, signal, maySilence = false }: Outgoing): Promise<IncomingMessage> {
    const url = new URL(this.baseUrl)
    const authorization: Record<string, string> = this.token ? { Authorization: `Bearer ${this.token}` } : {}
    const length: Record<string, string> = body ? { 'Content-Length': String(body.length) } : {}
    const options = {
      method,
      // Not part of the URL, which would be normalised: what the contract matched is what goes out.
      path: url.pathname.replace(/\/$/, '') + path.slice('/api'.length),
      headers: { ...headers, ...authorization, ...length },
      // A kept connection may be closed by the other side just when it is used again.
      agent: false as const,
      ...(maySilence ? {} : { timeout: SILENCE_MS }),
      signal,
    }
    return new Promise((resolve, reject) => {
      const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options, resolve)
      request.on('error', reject)
      request.on('timeout', () => request.destroy(new DOMException('no byte for too long', 'TimeoutError')))
      request.end(body)
    })
  }
}

/** The same chunks; each is told of. */
async function* telling(chunks: AsyncIterable<string>, onHeard: (() => void) | undefined): AsyncGenerator<string> {
  for await (const chunk of chunks) {
    onHeard?.()
    yield chunk
  }
}

function isEventStream(reply: IncomingMessage): boolean {
  return (reply.headers['content-type'] ?? '').startsWith('text/event-stream')
}
