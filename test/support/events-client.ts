import { request, type IncomingMessage } from 'node:http'
import { checkReply } from './contract-record'
import type { SentinelProcess } from './sentinel-process'
import { until } from './until'

export interface ReceivedEvent {
  id: string | undefined
  type: string
  data: unknown
}

/** Reads `GET /api/events` as a browser does. */
export class EventsClient {
  readonly events: ReceivedEvent[] = []
  isEnded = false
  private rest = ''

  private constructor(private readonly response: IncomingMessage) {
    response.setEncoding('utf8')
    response.on('data', (chunk: string) => this.take(chunk))
    response.on('close', () => (this.isEnded = true))
    response.on('error', () => (this.isEnded = true))
  }

  static async open(sentinel: SentinelProcess, lastEventId?: string): Promise<EventsClient> {
    const response = await openStream(sentinel, lastEventId)
    return new EventsClient(response)
  }

  get lastId(): string | undefined {
    return this.events.findLast(({ id }) => id !== undefined)?.id
  }

  ofType<T = Record<string, unknown>>(type: string): T[] {
    return this.events.filter((event) => event.type === type).map(({ data }) => data as T)
  }

  async next(type: string, count = 1): Promise<ReceivedEvent> {
    const last = () => this.events.filter((event) => event.type === type)[count - 1]
    return until(`${count} events of type ${type}`, last)
  }

  close(): void {
    this.response.destroy()
  }

  private take(chunk: string): void {
    const blocks = (this.rest + chunk).split('\n\n')
    this.rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => line.split(/: ?(.*)/s, 2) as [string, string]))
      const type = fields.get('event')
      if (type === undefined) continue
      const data: unknown = JSON.parse(fields.get('data') ?? 'null')
      this.events.push({ id: fields.get('id'), type, data })
    }
  }
}

/** The bare stream, for consumers that do not read. */
export function openStream({ port, token }: SentinelProcess, lastEventId?: string): Promise<IncomingMessage> {
  const headers = {
    ...(token ? { Authorization: `Bearer ${token}` } : {}),
    ...(lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId }),
  }
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path: '/api/events', headers, agent: false }, (response) => {
      const contentType = response.headers['content-type'] ?? ''
      const status = response.statusCode ?? 0
      checkReply({ service: 'sentinel', method: 'GET', pathname: '/api/events', status, contentType, text: undefined })
      resolve(response)
    })
    outgoing.on('error', reject)
    outgoing.end()
  })
}
