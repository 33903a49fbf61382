import { connect, isIPv6, type Socket } from 'node:net'
import { SECOND } from '@tgsentinel/kernel/time'
import { silent, toDialError } from './dial-error'
import { GreetingStream } from './greeting-stream'
import { askHttp } from './http-connect'
import { PLAIN, type Coding } from './line'
import { greetMtProxy } from './mt-proxy'
import type { Proxy } from './proxy'
import { askSocks5 } from './socks5'

/** To connect to a proxy and be let in, or to an address where there is another one. */
export const STEP_TIMEOUT_MS = 5 * SECOND

export interface Target {
  host: string
  port: number
  /** How people are told of it. */
  name: string
}

/** Through a proxy to a place; an MTProxy is told the number of the data centre alone. @throws DialError; the signal's reason */
export async function pass(
  proxy: Proxy,
  target: Target,
  dcId: number,
  signal: AbortSignal,
): Promise<{ socket: Socket; coding: Coding }> {
  let socket: Socket | undefined
  const timer = setTimeout(() => socket?.destroy(silent(proxy)), STEP_TIMEOUT_MS)
  const abort = () => socket?.destroy(signal.reason as Error)
  signal.addEventListener('abort', abort, { once: true })
  try {
    socket = await openSocket(proxy.host, proxy.port, signal, STEP_TIMEOUT_MS)
    const stream = new GreetingStream(socket)
    const coding = await greet(stream, proxy, target, dcId)
    return { socket: stream.release(), coding }
  } catch (error) {
    socket?.destroy()
    signal.throwIfAborted()
    throw toDialError(error, proxy)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
  }
}

async function greet(stream: GreetingStream, proxy: Proxy, target: Target, dcId: number): Promise<Coding> {
  if (proxy.kind === 'mtproxy') return greetMtProxy(stream, proxy, dcId, Date.now())
  if (proxy.kind === 'socks5') await askSocks5(stream, proxy, target)
  else await askHttp(stream, proxy, target)
  return PLAIN
}

/** Connects by itself. @throws errors of the socket, ETIMEDOUT among them; the signal's reason */
export function openSocket(host: string, port: number, signal: AbortSignal, timeoutMs?: number): Promise<Socket> {
  return new Promise<Socket>((resolve, reject) => {
    signal.throwIfAborted()
    const socket = connect({ port, host, noDelay: true, timeout: 0, ...(isIPv6(host) ? { family: 6 } : {}) })
    const late = Object.assign(new Error('no connection in time'), { code: 'ETIMEDOUT' })
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => socket.destroy(late), timeoutMs)
    const abort = () => socket.destroy(signal.reason as Error)
    signal.addEventListener('abort', abort, { once: true })
    const settle = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
    }
    socket.once('connect', () => {
      settle()
      socket.off('error', reject)
      // 'error' is always followed by 'close', which tells; an error without a listener would end the process.
      socket.on('error', () => undefined)
      resolve(socket)
    })
    socket.once('error', reject)
    socket.once('error', settle)
    socket.once('close', () => reject(new Error('the connection was closed while it was being made')))
  })
}
