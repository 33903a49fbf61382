import { request as httpRequest, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP, type Socket } from 'node:net'
import { SECOND } from '@tgsentinel/kernel/time'
import { wellFormed } from '@tgsentinel/kernel/well-formed'
import type { Dialing } from '../proxies/dialing'
import { tunnelledRequest } from '../proxies/tunnelled-request'
import type { AddressGuard } from './address-guard'
import { placeName } from './allow-list'
import { OutgoingError, timedOut, toOutgoingError } from './outgoing-error'

const TIMEOUT_MS = 15 * SECOND
/** Of an answer so much is read, and no more of it is waited for. */
const MAX_REPLY_BYTES = 64 * 1024

export interface OutgoingRequest {
  method: 'GET' | 'POST' | 'PUT'
  url: string
  headers?: Record<string, string>
  /** Sent as JSON; a text and bytes are sent as they are. A GET has none. */
  body: unknown
}

export interface OutgoingReply {
  status: number
  /** `Retry-After`, or null. */
  retryAfterMs: number | null
  /** The beginning of its body; not for logs. */
  text: string
}

/**
 * The one door for requests to places that the owner names. Every address is judged by the guard where the connection is made, and
 * where deliveries go through a proxy before it is given that very address; redirects are not followed; an answer is bounded in time and size; a certificate that is not valid is a failure.
 */
export class Outgoing {
  constructor(
    readonly guard: AddressGuard,
    private readonly dialing: Dialing,
    private readonly timeoutMs = TIMEOUT_MS,
  ) {}

  /** @throws OutgoingError */
  async send(request: OutgoingRequest, signal: AbortSignal): Promise<OutgoingReply> {
    const url = addressOf(request.url)
    const place = placeName(hostOf(url), portOf(url))
    try {
      // A literal address is connected to without a look-up.
      if (isIP(hostOf(url))) this.guard.require(hostOf(url), hostOf(url), portOf(url))
      return await this.exchange(url, request, signal, timedOut(place))
    } catch (error) {
      throw toOutgoingError(error, place)
    }
  }

  private exchange(url: URL, request: OutgoingRequest, signal: AbortSignal, late: Error): Promise<OutgoingReply> {
    return new Promise((resolve, reject) => {
      const outgoing = this.open(url, request, signal)
      const timer = setTimeout(() => outgoing.destroy(late), this.timeoutMs)
      const abort = () => outgoing.destroy(late)
      signal.addEventListener('abort', abort, { once: true })
      if (signal.aborted) abort()
      const settle = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', abort)
      }
      const fail = (error: Error) => {
        settle()
        reject(error)
      }
      outgoing.once('error', fail)
      outgoing.once('response', (response) => {
        // Its status is known: what goes wrong from here on, a 204 with a body say, ends the reading and nothing else.
        outgoing.off('error', fail).on('error', () => undefined)
        void replyOf(response)
          .then(resolve, reject)
          .finally(() => {
            settle()
            outgoing.destroy()
          })
      })
    })
  }

  /** A socket through the proxies to a place that may be reached. @throws OutgoingError, DialError; errors of the look-up */
  async tunnel(host: string, port: number, signal: AbortSignal): Promise<Socket> {
    const [first] = await this.guard.addressesOf(host, port)
    if (!first) throw new OutgoingError('unreachable', `The name ${host} leads nowhere. Check it.`)
    return this.dialing.tunnel('deliveries', first.address, port, signal)
  }

  /** Whether all of it goes through proxies. */
  get isTunnelled(): boolean {
    return this.dialing.carries('deliveries')
  }

  private open(url: URL, { method, headers, body }: OutgoingRequest, signal: AbortSignal): ClientRequest {
    const bytes = bytesOf(body)
    const own = { 'Content-Type': 'application/json', 'User-Agent': 'tg-sentinel', 'Content-Length': bytes.length }
    const options = { method, headers: { ...own, ...headers } }
    const outgoing = this.isTunnelled
      ? tunnelledRequest(url, options, (host, port) => this.tunnel(host, port, signal))
      : this.openDirectly(url, options)
    outgoing.end(bytes)
    return outgoing
  }

  private openDirectly(url: URL, options: RequestOptions): ClientRequest {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest
    return send(url, { ...options, lookup: this.guard.lookupFor(portOf(url)), agent: false })
  }
}

/** As JSON that every receiver takes: half of a character, which strict ones refuse, is a sign of replacement. */
export function jsonOf(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'string' ? wellFormed(inner) : inner))
}

/** @throws OutgoingError for what is no address of the web */
function addressOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') return url
  throw new OutgoingError('refused', 'The address is not one of http or https without a name and password in it.')
}

function bytesOf(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body
  return Buffer.from(typeof body === 'string' ? body : jsonOf(body))
}

/** As `URL` writes it: decimal, octal and hexadecimal forms of an address are the usual one by then. */
function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1')
}

function portOf({ port, protocol }: URL): number {
  return Number(port) || (protocol === 'https:' ? 443 : 80)
}

/** What came before the answer broke off counts: its status is known. */
async function replyOf(response: IncomingMessage): Promise<OutgoingReply> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      size += chunk.length
      if (size >= MAX_REPLY_BYTES) break
    }
  } catch {
    // A status was given; of what follows it nothing is needed.
  }
  return {
    status: response.statusCode ?? 0,
    retryAfterMs: waitOf(response.headers['retry-after']),
    text: Buffer.concat(chunks).subarray(0, MAX_REPLY_BYTES).toString('utf8'),
  }
}

/** Seconds, or a date (RFC 9110 section 10.2.3). */
function waitOf(header: string | undefined): number | null {
  if (header === undefined) return null
  const ms = /^\d{1,9}$/.test(header.trim()) ? Number(header) * SECOND : Date.parse(header) - Date.now()
  return Number.isFinite(ms) ? Math.max(0, ms) : null
}
