import { isIPv4, isIPv6 } from 'node:net'
import ipaddr from 'ipaddr.js'
import { beyond, DialError, strange, wrongPassword } from './dial-error'
import type { GreetingStream } from './greeting-stream'
import type { Login, WebProxy } from './proxy'

const VERSION = 5
const NO_LOGIN = 0
const WITH_LOGIN = 2
const CONNECT = 1
const ADDRESS_BYTES: Record<number, number> = { 1: 4, 4: 16 }
const NAME = 3
/** RFC 1928 section 6 */
const REFUSALS: Record<number, string> = {
  1: 'it failed',
  2: 'its rules do not allow it',
  3: 'its network is unreachable',
  4: 'the host is unreachable from there',
  5: 'the connection was refused',
  6: 'it took too long',
  7: 'it makes no connections',
  8: 'it does not know this kind of address',
}

/**
 * Asks a SOCKS5 proxy (RFC 1928, RFC 1929) for a connection; a name is looked up by the proxy.
 * @throws DialError, or what ended the connection
 */
export async function askSocks5(
  stream: GreetingStream,
  proxy: WebProxy,
  target: { host: string; port: number; name: string },
): Promise<void> {
  await introduce(stream, proxy)
  const { host, port, name } = target
  stream.write(
    Buffer.concat([Buffer.from([VERSION, CONNECT, 0]), addressOf(host), Buffer.from([port >> 8, port & 255])]),
  )
  // Some close the connection instead of saying why; it has let us in by then, so that it is not at fault itself.
  const [version, reply = 1, , kind = 0] = await stream.read(4).catch((error: unknown) => {
    throw beyond(proxy, name, error instanceof DialError ? 'it does not answer in time' : 'it ends the connection')
  })
  if (version !== VERSION) throw strange(proxy, 'it does not speak SOCKS5')
  if (reply !== 0) throw beyond(proxy, name, REFUSALS[reply] ?? `code ${reply}`)
  const bytes = kind === NAME ? (await stream.read(1))[0] : ADDRESS_BYTES[kind]
  if (bytes === undefined) throw strange(proxy, 'it does not speak SOCKS5')
  await stream.read(bytes + 2)
}

async function introduce(stream: GreetingStream, proxy: WebProxy): Promise<void> {
  const methods = proxy.login ? [NO_LOGIN, WITH_LOGIN] : [NO_LOGIN]
  stream.write(Buffer.from([VERSION, methods.length, ...methods]))
  const [version, method] = await stream.read(2)
  if (version !== VERSION) throw strange(proxy, 'it does not speak SOCKS5')
  if (method === NO_LOGIN) return
  if (method !== WITH_LOGIN || !proxy.login) throw wrongPassword(proxy, proxy.login !== null)
  stream.write(loginBytes(proxy.login))
  // Some close the connection instead of saying no.
  const [, status] = await stream.read(2).catch((error: unknown) => {
    if (error instanceof DialError) throw error
    return [1, 1]
  })
  if (status !== 0) throw wrongPassword(proxy, true)
}

function loginBytes({ username, password }: Login): Buffer {
  const [name, word] = [Buffer.from(username), Buffer.from(password)]
  return Buffer.concat([Buffer.from([1, name.length]), name, Buffer.from([word.length]), word])
}

function addressOf(host: string): Buffer {
  if (isIPv4(host)) return Buffer.from([1, ...ipaddr.parse(host).toByteArray()])
  if (isIPv6(host)) return Buffer.from([4, ...ipaddr.parse(host).toByteArray()])
  return Buffer.concat([Buffer.from([NAME, Buffer.byteLength(host)]), Buffer.from(host)])
}
