import { apiUrl } from './api'
import { EventFeed, type Tell } from './event-feed'
import { trustedUrl } from './trusted-url'
import workerUrl from './live-worker.ts?sharedworker&url'

export interface EventStream {
  close(): void
}

/** The server's events: by way of a worker that all tabs share, or this tab's own where the browser has no such thing. */
export function openEventStream(tell: Tell): EventStream {
  if (typeof SharedWorker === 'undefined') return new EventFeed(apiUrl('events'), tell)
  return new SharedStream(tell)
}

class SharedStream implements EventStream {
  private readonly worker = new SharedWorker(trustedUrl(workerUrl), { name: 'tgsentinel' })
  private own: EventFeed | undefined

  constructor(tell: Tell) {
    const { port } = this.worker
    port.onmessage = ({ data }: MessageEvent<{ type: string; data: unknown }>) => tell(data.type, data.data)
    // It did not start: each tab for itself, then.
    this.worker.onerror = () => (this.own ??= new EventFeed(apiUrl('events'), tell))
    port.postMessage({ open: apiUrl('events') })
  }

  close(): void {
    this.worker.onerror = null
    this.own?.close()
    this.worker.port.postMessage({ close: true })
    this.worker.port.close()
  }
}
