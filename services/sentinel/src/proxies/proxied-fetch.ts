import type { IncomingMessage } from 'node:http'
import type { ProxyPurpose } from '../model'
import type { Dialing } from './dialing'
import { tunnelledRequest } from './tunnelled-request'

/** Of the Bot API's answers none comes near it. */
const MAX_REPLY_BYTES = 16 * 1024 * 1024

/** The platform's own fetch, and where proxies are for this purpose one through them: for texts, without redirects. */
export function proxiedFetch(dialing: Dialing, purpose: ProxyPurpose): typeof fetch {
  return (input, init) => {
    if (!dialing.carries(purpose)) return fetch(input, init)
    return exchange(dialing, purpose, new URL(input instanceof Request ? input.url : input), init ?? {})
  }
}

async function exchange(dialing: Dialing, purpose: ProxyPurpose, url: URL, init: RequestInit): Promise<Response> {
  const { method = 'GET', body } = init
  const signal = init.signal ?? new AbortController().signal
  const headers = Object.fromEntries(new Headers(init.headers))
  const connect = (host: string, port: number) => dialing.tunnel(purpose, host, port, signal)
  return new Promise<Response>((resolve, reject) => {
    const request = tunnelledRequest(url, { method, headers, signal }, connect)
    request.once('error', reject)
    request.once('response', (response) => textOf(response).then(resolve, reject))
    request.end(body)
  })
}

async function textOf(response: IncomingMessage): Promise<Response> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_REPLY_BYTES) throw new Error('the answer is too large')
    chunks.push(chunk)
  }
  const status = response.statusCode ?? 502
  return new Response(Buffer.concat(chunks), { status: status < 200 ? 502 : status })
}
