import { randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { endStream } from '@tgsentinel/kernel/http'
import { SECOND } from '@tgsentinel/kernel/time'
import type { Bus } from './bus/bus'
import type { Store } from './store/store'

const PAGE = 200
const KEEP_ALIVE_MS = 15 * SECOND
/** How long a consumer may leave what it was sent unread before it is disconnected, to resume later. */
const STALLED_MS = 30 * SECOND

/**
 * The stream of events. Each consumer reads the table of events at its own pace: what is buffered for it is one page at the most.
 * An id is `epoch-number`; the epoch tells a database from the one that stood in its place before.
 */
export class Events {
  private readonly consumers = new Set<Consumer>()
  private readonly epoch: string
  private readonly stopListening: () => void
  private readonly keepAlive: NodeJS.Timeout

  constructor(
    private readonly store: Store,
    bus: Bus,
  ) {
    this.epoch = epochOf(store)
    this.stopListening = bus.onRing('events', () => this.pump())
    this.keepAlive = setInterval(() => this.beat(), KEEP_ALIVE_MS).unref()
  }

  /** Streams to a response from where the consumer stopped, or from now on. */
  serve(response: ServerResponse, lastEventId: string | undefined): void {
    const { oldest, newest } = this.store.events.bounds()
    const resumed = lastEventId === undefined ? newest : this.resume(lastEventId, oldest, newest)
    const consumer = new Consumer(response, this.epoch, this.store, resumed ?? newest)
    response.write(`retry: 2000\n\n${resumed === undefined ? 'event: reset\ndata: {}\n\n' : ''}`)
    this.consumers.add(consumer)
    response.once('close', () => this.consumers.delete(consumer))
    consumer.pump()
  }

  get consumerCount(): number {
    return this.consumers.size
  }

  close(): void {
    this.stopListening()
    clearInterval(this.keepAlive)
    for (const consumer of this.consumers) consumer.end()
  }

  /** Id to continue after, or undefined where what followed it is gone. */
  private resume(lastEventId: string, oldest: number, newest: number): number | undefined {
    const [epoch, text] = lastEventId.split('-')
    const id = Number(text)
    const isKnown = epoch === this.epoch && Number.isSafeInteger(id) && id >= oldest - 1 && id <= newest
    return isKnown ? id : undefined
  }

  private pump(): void {
    for (const consumer of this.consumers) consumer.pump()
  }

  private beat(): void {
    for (const consumer of this.consumers) consumer.beat()
  }
}

function epochOf(store: Store): string {
  const known = store.settings.get('events_epoch')
  if (known) return known
  const epoch = randomBytes(4).toString('hex')
  store.settings.set('events_epoch', epoch)
  return epoch
}

class Consumer {
  private blockedSince = 0

  constructor(
    private readonly response: ServerResponse,
    private readonly epoch: string,
    private readonly store: Store,
    private lastId: number,
  ) {
    response.on('drain', () => {
      this.blockedSince = 0
      this.pump()
    })
  }

  /** Writes what is new until it has all gone out or the socket takes no more. */
  pump(): void {
    while (this.blockedSince === 0 && !this.response.destroyed) {
      const events = this.store.events.beyond(this.lastId, PAGE)
      const last = events.at(-1)
      if (!last) return
      this.lastId = last.id
      const text = events
        .map(({ id, type, data }) => `id: ${this.epoch}-${id}\nevent: ${type}\ndata: ${data}\n\n`)
        .join('')
      if (!this.response.write(text)) this.blockedSince = Date.now()
    }
  }

  beat(): void {
    if (this.blockedSince === 0) this.response.write(': still here\n\n')
    else if (Date.now() - this.blockedSince > STALLED_MS) this.response.destroy()
  }

  end(): void {
    endStream(this.response)
  }
}
