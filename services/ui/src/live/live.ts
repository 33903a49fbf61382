import type { ServerResponse } from 'node:http'
import { SECOND } from '@tgsentinel/kernel/time'
import { failure } from '../model'
import type { SentinelConnection } from '../sentinel/connection'
import { formatEvent } from '../sentinel/sse'
import { LiveStream } from './live-stream'

const MAX_STREAMS = 100
const KEEP_ALIVE_MS = 15 * SECOND

export interface Listener {
  lastEventId: string | undefined
  /** Browser session that the stream ends with; undefined for a program. */
  sessionId: number | undefined
}

/** The streams of all browsers: each follows the sentinel by itself, what the ui has to tell goes to all. */
export class Live {
  private readonly streams = new Map<LiveStream, Listener>()
  private readonly keepAlive: NodeJS.Timeout

  constructor(
    private readonly connection: SentinelConnection,
    private readonly isSessionInForce: (sessionId: number) => boolean,
  ) {
    this.keepAlive = setInterval(() => this.beat(), KEEP_ALIVE_MS).unref()
  }

  get streamCount(): number {
    return this.streams.size
  }

  /** @throws ApiError when there are too many streams already */
  checkRoom(): void {
    if (this.streams.size < MAX_STREAMS) return
    throw failure('UNAVAILABLE', 'Too many pages are open. Close some of them.', { retryAfterS: 30 })
  }

  serve(response: ServerResponse, listener: Listener): void {
    const stream = new LiveStream(response, this.connection, listener.lastEventId)
    this.streams.set(stream, listener)
    response.once('close', () => this.streams.delete(stream))
    void stream.run()
  }

  publish(type: 'upload', data: object): void {
    const text = formatEvent({ id: undefined, type, data: JSON.stringify(data) })
    for (const stream of this.streams.keys()) stream.inject(text)
  }

  endSession(sessionId: number | 'all'): void {
    for (const [stream, listener] of this.streams) {
      const isMeant = sessionId === 'all' ? listener.sessionId !== undefined : listener.sessionId === sessionId
      if (isMeant) stream.end()
    }
  }

  close(): void {
    clearInterval(this.keepAlive)
    for (const stream of this.streams.keys()) stream.end()
  }

  private beat(): void {
    for (const [stream, { sessionId }] of this.streams) {
      if (sessionId !== undefined && !this.isSessionInForce(sessionId)) stream.end()
      else stream.beat()
    }
  }
}
