import { EventFeed } from './event-feed'

/** One stream for all tabs of a browser, which opens six connections to a server at the most (HTTP/1.1). */
const ports = new Set<MessagePort>()
/** How things are, for whoever joins later. */
const states = new Map<string, unknown>()
let feed: EventFeed | undefined

const scope = globalThis as unknown as { onconnect: (event: MessageEvent) => void }
scope.onconnect = ({ ports: [port] }) => {
  if (!port) return
  port.onmessage = ({ data }: MessageEvent<{ open: string } | { close: true }>) =>
    'open' in data ? join(port, data.open) : leave(port)
}

function join(port: MessagePort, url: string): void {
  ports.add(port)
  for (const [type, data] of states) port.postMessage({ type, data })
  feed ??= new EventFeed(url, tell)
}

function leave(port: MessagePort): void {
  ports.delete(port)
  port.close()
  if (ports.size > 0) return
  feed?.close()
  feed = undefined
  states.clear()
}

function tell(type: string, data: unknown): void {
  if (type === 'server' || type === 'sentinel') states.set(type, data)
  for (const port of ports) port.postMessage({ type, data })
}
