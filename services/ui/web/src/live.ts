import { useEffect, useRef, useState } from 'preact/hooks'
import { call } from './api'
import { openEventStream, type EventStream } from './event-stream'
import type { Alert, Backtest, Backup, Maintenance, MessageChange, Status } from './model'

export interface UploadProgress {
  upload_id: string
  stage: 'checked' | 'forwarded' | 'connecting' | 'authorized' | 'failed'
  message: string
  code?: string
  generation?: number
}

export interface LiveEvents {
  alert: Alert
  alert_changed: { id: number } & Partial<Alert>
  /** The message of an alert was edited or deleted. */
  message_changed: { alert_id: number; change: MessageChange }
  status: Status
  profiles: object
  /** How far the time machine is. */
  backtest: Pick<Backtest, 'id' | 'state' | 'scanned' | 'to_scan'>
  /** Destinations, deliveries or templates changed: ask for them. */
  delivery: object
  /** Digests, what became of one, or the time zone changed: ask for them. */
  digest: object
  /** The sign-in went on; where it stands has to be asked for. */
  sign_in: object
  /** The list of chats was read anew. */
  chats: object
  /** The ledger changed: ask for it. */
  coverage: object
  /** Rules of retention, or a sweep, changed: ask for them. */
  retention: object
  maintenance: Maintenance
  /** A backup is being made, or came to its end. */
  backup: Backup
  upload: UploadProgress
  /** Whether the ui reaches the sentinel; also the first word of each stream. */
  sentinel: { reachable: boolean }
  /** Whether this page reaches the ui. */
  server: { reachable: boolean }
  refused: object
  reset: object
}

type Handler<T> = (data: T) => void

/** The events, while somebody looks at the page: a hidden tab lets go of them and asks anew once it is seen again. */
export class Live {
  private readonly handlers = new Map<string, Set<Handler<never>>>()
  private stream: EventStream | undefined
  private pins = 0

  on<T extends keyof LiveEvents>(type: T, handler: Handler<LiveEvents[T]>): () => void {
    const handlers = this.handlers.get(type) ?? new Set()
    this.handlers.set(type, handlers.add(handler))
    return () => handlers.delete(handler)
  }

  open(): void {
    document.addEventListener('visibilitychange', this.follow)
    addEventListener('pageshow', this.follow)
    addEventListener('pagehide', this.letGo)
    this.follow()
  }

  close(): void {
    document.removeEventListener('visibilitychange', this.follow)
    removeEventListener('pageshow', this.follow)
    removeEventListener('pagehide', this.letGo)
    this.letGo()
  }

  /** Goes on although nobody looks, until the returned function is called. */
  pin(): () => void {
    this.pins += 1
    return () => {
      this.pins -= 1
      if (this.stream) this.follow()
    }
  }

  private readonly follow = (): void => {
    if (document.visibilityState === 'hidden' && this.pins === 0) this.letGo()
    else this.stream ??= openEventStream((type, data) => this.emit(type, data))
  }

  private readonly letGo = (): void => {
    this.stream?.close()
    this.stream = undefined
  }

  private emit(type: string, data: unknown): void {
    // If nobody is signed in any more, asking for something that needs it says so.
    if (type === 'refused') void call('GET', 'status').catch(() => undefined)
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
