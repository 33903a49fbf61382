import { useEffect, useRef, useState } from 'preact/hooks'
import { apiUrl, call } from './api'
import type { Alert, AuthState, Status } from './model'

export interface UploadProgress {
  upload_id: string
  stage: 'checked' | 'forwarded' | 'connecting' | 'authorized' | 'failed'
  message: string
  code?: string
}

export interface LiveEvents {
  alert: Alert
  alert_changed: { id: number } & Partial<Alert>
  status: Status
  profiles: object
  upload: UploadProgress
  sentinel: { reachable: boolean }
  reset: object
}

type Handler<T> = (data: T) => void
const TYPES = ['alert', 'alert_changed', 'status', 'profiles', 'upload', 'sentinel', 'reset'] as const
const REOPEN_MS = 3000

/** The stream of events: the browser resumes it by itself; what it gives up on is opened anew. */
export class Live {
  private readonly handlers = new Map<string, Set<Handler<never>>>()
  private source: EventSource | undefined
  private timer: ReturnType<typeof setTimeout> | undefined

  on<T extends keyof LiveEvents>(type: T, handler: Handler<LiveEvents[T]>): () => void {
    const handlers = this.handlers.get(type) ?? new Set()
    this.handlers.set(type, handlers.add(handler))
    return () => handlers.delete(handler)
  }

  open(): void {
    const source = new EventSource(apiUrl('events'))
    this.source = source
    for (const type of TYPES) {
      source.addEventListener(type, (event: MessageEvent<string>) => this.emit(type, JSON.parse(event.data)))
    }
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) this.timer = setTimeout(() => this.reopen(), REOPEN_MS)
    }
  }

  close(): void {
    clearTimeout(this.timer)
    this.source?.close()
  }

  /** The server refused the stream. If nobody is signed in any more, asking for something that needs it says so. */
  private reopen(): void {
    void call<AuthState>('GET', 'status').catch(() => undefined)
    this.open()
    // A new source does not know where the last one stopped.
    this.emit('reset', {})
  }

  private emit(type: string, data: unknown): void {
    for (const handler of this.handlers.get(type) ?? []) handler(data as never)
  }
}

/** One stream for as long as the component stands. */
export function useLive(): Live {
  const [live] = useState(() => new Live())
  useEffect(() => {
    live.open()
    return () => live.close()
  }, [live])
  return live
}

/** Calls the latest `handler` for each event of a type. */
export function useLiveEvent<T extends keyof LiveEvents>(live: Live, type: T, handler: Handler<LiveEvents[T]>): void {
  const latest = useRef(handler)
  latest.current = handler
  useEffect(() => live.on(type, (data) => latest.current(data)), [live, type])
}
