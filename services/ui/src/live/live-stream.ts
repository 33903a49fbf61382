import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { endStream } from '@tgsentinel/kernel/http'
import { backoffMs, SECOND, sleep } from '@tgsentinel/kernel/time'
import type { SentinelConnection } from '../sentinel/connection'
import { formatEvent } from '../sentinel/sse'

const FIRST_RETRY_MS = 250
const LAST_RETRY_MS = 5 * SECOND
/** How long a browser may leave what it was sent unread before it is dropped, to resume later. */
const STALLED_MS = 30 * SECOND

/**
 * One browser's stream. It follows the sentinel from the last event that the browser has, and again from there whenever
 * the connection breaks. A browser that reads slowly slows its own connection to the sentinel down: nothing piles up here.
 */
export class LiveStream {
  private readonly over = new AbortController()
  private isReachable: boolean | undefined
  private blockedSince = 0

  constructor(
    private readonly response: ServerResponse,
    private readonly connection: SentinelConnection,
    private lastEventId: string | undefined,
  ) {
    response.once('close', () => this.over.abort())
    response.on('drain', () => (this.blockedSince = 0))
  }

  /** Resolves when the stream is over. */
  async run(): Promise<void> {
    const { signal } = this.over
    this.write('retry: 2000\n\n')
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        await this.follow(() => (failures = 0))
      } catch {
        // Whatever it was (gone, refused, nonsense), the page says that the sentinel is away and we try again.
        this.report(false)
      }
      await sleep(backoffMs(failures, FIRST_RETRY_MS, LAST_RETRY_MS, Math.random()), signal).catch(() => undefined)
    }
  }

  /** Writes a whole event between those of the sentinel. */
  inject(text: string): void {
    this.write(text)
  }

  beat(): void {
    if (this.blockedSince === 0) this.write(': still here\n\n')
    else if (Date.now() - this.blockedSince > STALLED_MS) this.response.destroy()
  }

  end(): void {
    this.over.abort()
    endStream(this.response)
  }

  private async follow(onOpen: () => void): Promise<void> {
    const { signal } = this.over
    const events = this.connection.events(this.lastEventId, signal, {
      onOpen: () => {
        onOpen()
        // Without an event to resume after, what happened before this is not told: the page has to hear of it as a new start.
        if (this.lastEventId === undefined) this.isReachable = undefined
        this.report(true)
      },
    })
    for await (const event of events) {
      if (!this.write(formatEvent(event))) await once(this.response, 'drain', { signal })
      if (event.id !== undefined) this.lastEventId = event.id
    }
  }

  private report(isReachable: boolean): void {
    if (this.isReachable === isReachable || this.over.signal.aborted) return
    this.isReachable = isReachable
    this.write(formatEvent({ id: undefined, type: 'sentinel', data: JSON.stringify({ reachable: isReachable }) }))
  }

  /** Whether the browser takes more now. */
  private write(text: string): boolean {
    if (this.response.writableEnded || this.response.destroyed) return true
    const hasRoom = this.response.write(text)
    if (!hasRoom && this.blockedSince === 0) this.blockedSince = Date.now()
    return hasRoom
  }
}
