import { request } from 'node:http'
import { connect } from 'node:net'
import { checkReply } from './contract-record'
import type { ServiceName } from './openapi'

/** A document of somebody's may be read for 30 s, in a thread, before it is given up. */
const ANSWER_MS = 40_000

export interface RawReply {
  status: number
  headers: Record<string, string>
  body: unknown
}

/** Sends bytes as they are and gives what came back, until `isWhole` or, without it, until the other end closed. */
export function exchangeBytes(
  port: number,
  bytes: Buffer | string,
  isWhole: (text: string) => boolean = () => false,
  timeoutMs = 10_000,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' })
    const chunks: Buffer[] = []
    const timer = setTimeout(() => socket.destroy(new Error('The service left the connection open')), timeoutMs)
    socket.on('data', (chunk) => {
      chunks.push(chunk)
      if (isWhole(Buffer.concat(chunks).toString('latin1'))) socket.destroy()
    })
    // A refusal may come before everything was sent; what counts is what came back.
    socket.on('error', (error) => (chunks.length > 0 ? undefined : reject(error)))
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(Buffer.concat(chunks).toString('latin1'))
    })
    socket.write(bytes)
  })
}

/** One raw HTTP/1.1 request; the reply is checked like any other. */
export async function rawRequest(
  port: number,
  head: { method: string; target: string; headers?: Record<string, string>; service?: ServiceName },
  body: Buffer | string = '',
): Promise<RawReply> {
  const { method, target, service = 'sentinel' } = head
  const length = body.length > 0 ? { 'Content-Length': String(Buffer.byteLength(body)) } : {}
  const headers = { Host: `127.0.0.1:${port}`, Connection: 'close', ...length, ...head.headers }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const start = Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1')
  const text = await exchangeBytes(port, Buffer.concat([start, Buffer.from(body)]), isWholeReply, ANSWER_MS)
  return parseReply(text, method, target, service)
}

function isWholeReply(text: string): boolean {
  const [head = '', body] = text.split('\r\n\r\n')
  const length = /^content-length: (\d+)$/im.exec(head)
  return body !== undefined && length !== null && body.length >= Number(length[1])
}

export function parseReply(text: string, method: string, target: string, service: ServiceName): RawReply {
  const [head = '', ...rest] = text.split('\r\n\r\n')
  const [statusLine = '', ...lines] = head.split('\r\n')
  const status = Number(statusLine.split(' ')[1])
  const pairs = lines.map((line) => line.split(/: (.*)/s, 2) as [string, string])
  const headers = Object.fromEntries(pairs.map(([name, value]) => [name.toLowerCase(), value]))
  const body = Buffer.from(rest.join('\r\n\r\n'), 'latin1').toString()
  const pathname = target.split('?')[0] ?? ''
  checkReply({ service, method, pathname, status, contentType: headers['content-type'] ?? '', text: body })
  return { status, headers, body: body === '' ? undefined : (JSON.parse(body) as unknown) }
}

/** The status alone, with any headers, `Host` too; what follows the head is not read. */
export function statusOf(port: number, method: string, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (response) => {
      resolve(response.statusCode ?? 0)
      response.destroy()
    })
    outgoing.on('error', reject)
    outgoing.end()
  })
}
