import type { ClientRequest, RequestOptions } from 'node:http'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP, type Socket } from 'node:net'
import { connect as startTls } from 'node:tls'

/**
 * A request whose connection somebody else makes. Over https the certificate is judged as ever: what lies between sees no more
 * than whom it is for.
 */
export function tunnelledRequest(
  url: URL,
  options: RequestOptions,
  connect: (host: string, port: number) => Promise<Socket>,
): ClientRequest {
  const isSecure = url.protocol === 'https:'
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const port = Number(url.port) || (isSecure ? 443 : 80)
  const dress = (socket: Socket) =>
    isSecure ? startTls({ socket, host, ...(isIP(host) ? {} : { servername: host }) }) : socket
  const createConnection: NonNullable<RequestOptions['createConnection']> = (_options, callback) => {
    connect(host, port).then(
      (socket) => callback(null, dress(socket)),
      (error: Error) => callback(error, undefined as never),
    )
    return undefined
  }
  const request = (isSecure ? httpsRequest : httpRequest)(url, { ...options, createConnection })
  // It comes paused, so that nothing is lost before somebody listens.
  return request.once('socket', (socket) => socket.resume())
}
