import { beyond, DialError, strange, wrongPassword } from './dial-error'
import type { GreetingStream } from './greeting-stream'
import { placeText, type Login, type WebProxy } from './proxy'

const MAX_HEAD_BYTES = 16 * 1024

/**
 * Asks an HTTP proxy for a tunnel (RFC 9110 section 9.3.6); a name is looked up by the proxy.
 * @throws DialError, or what ended the connection
 */
export async function askHttp(
  stream: GreetingStream,
  proxy: WebProxy,
  target: { host: string; port: number; name: string },
): Promise<void> {
  const place = placeText(target.host, target.port)
  const login = proxy.login ? `Proxy-Authorization: Basic ${base64Of(proxy.login)}\r\n` : ''
  stream.write(`CONNECT ${place} HTTP/1.1\r\nHost: ${place}\r\n${login}\r\n`)
  // Proxies end the connection where they do not get further, and so does what is none.
  const head = await stream.readTo('\r\n\r\n', MAX_HEAD_BYTES).catch((error: unknown) => {
    if (error instanceof DialError) throw error
    throw beyond(proxy, target.name, 'it ends the connection; or it is no proxy of this kind')
  })
  const status = Number(/^HTTP\/1\.[01] (\d{3})\b/.exec(head ?? '')?.[1] ?? 0)
  if (status >= 200 && status < 300) return
  if (status === 407) throw wrongPassword(proxy, proxy.login !== null)
  // It is one, and cannot go on (RFC 9110 section 15).
  if (status === 403 || status === 429 || status >= 500) throw beyond(proxy, target.name, `it answers ${status}`)
  throw strange(proxy, status === 0 ? 'it does not speak HTTP' : `it answers ${status} to CONNECT`)
}

function base64Of({ username, password }: Login): string {
  return Buffer.from(`${username}:${password}`).toString('base64')
}
