import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { until } from './until'

export interface Received {
  method: string
  path: string
  headers: IncomingMessage['headers']
  bytes: Buffer
  text: string
  json: Record<string, unknown>
  atMs: number
}

export interface Answer {
  status: number
  headers?: OutgoingHttpHeaders
  body?: string
}

/** What a test posts to: it keeps what came, and answers as it is told. */
export class HttpReceiver {
  readonly received: Received[] = []
  /** How it answers from now on; `silence` never does. */
  answer: Answer | 'silence' | ((received: Received) => Answer) = { status: 200 }
  private readonly server: Server
  private port = 0

  private constructor() {
    this.server = createServer((request, response) => void this.take(request, response))
  }

  static async start(): Promise<HttpReceiver> {
    const receiver = new HttpReceiver()
    await receiver.listen()
    return receiver
  }

  /** `127.0.0.1:port`, as DELIVERY_ALLOW names it. */
  get place(): string {
    return `127.0.0.1:${this.port}`
  }

  get url(): string {
    return `http://${this.place}`
  }

  /** On the same port as before. */
  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(this.port, '127.0.0.1', resolve))
    this.port = (this.server.address() as AddressInfo).port
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections()
    if (this.server.listening) await new Promise((resolve) => this.server.close(resolve))
  }

  /** Waits for the n-th request, from 1. */
  async nth(n: number, timeoutMs?: number): Promise<Received> {
    return until(`request ${n}`, () => this.received[n - 1], timeoutMs)
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const bytes = Buffer.concat(chunks)
    const text = bytes.toString('utf8')
    const json = parsed(text)
    const { method = '', url: path = '', headers } = request
    const received = { method, path, headers, bytes, text, json, atMs: Date.now() }
    this.received.push(received)
    const answer = typeof this.answer === 'function' ? this.answer(received) : this.answer
    if (answer !== 'silence') response.writeHead(answer.status, answer.headers).end(answer.body ?? '')
  }
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {}
  }
}
