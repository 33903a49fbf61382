import type { Logger } from '@tgsentinel/kernel/log'
import { backoffMs, isoMoment, MINUTE, SECOND, sleep } from '@tgsentinel/kernel/time'
import type { Alert, MessageChange } from '../model'
import type { SentinelConnection } from '../sentinel/connection'
import type { SentinelClient } from '../sentinel/sentinel-client'
import type { SseEvent } from '../sentinel/sse'
import type { Store } from '../store/store'
import { Reading } from './reading'

const FIRST_RETRY_MS = 250
const LAST_RETRY_MS = 5 * SECOND
/** Names our own requests in the sentinel's log. */
export const REQUEST_ID = 'ui-cache'

export interface CacheOptions {
  store: Store
  connection: SentinelConnection
  client: SentinelClient
  log: Logger
  now: () => number
}

/**
 * What the sentinel said last, in `ui.db`, for while it is away. A stream of its own follows the sentinel's events; whenever that begins,
 * everything is read anew, so that nothing depends on what was missed. Counters are read each minute, and soon after an alert.
 */
export class Cache {
  private readonly over = new AbortController()
  private attempt = new AbortController()
  private readonly reading: Reading
  private readonly minutely: NodeJS.Timeout
  private running: Promise<void> = Promise.resolve()
  private isFollowing = false
  private heardAtMs: number | undefined

  constructor(private readonly options: CacheOptions) {
    const { client, store, log } = options
    const kept = Number(store.settings.get('sentinel_heard_at'))
    this.heardAtMs = kept > 0 ? kept : undefined
    const call = { requestId: REQUEST_ID, signal: this.over.signal }
    this.reading = new Reading({ client, store, log, options: call, onErased: () => this.readAnew() })
    this.minutely = setInterval(() => this.onMinute(), MINUTE).unref()
  }

  start(): void {
    this.running = this.run()
  }

  /** Until when what is kept was true: when the sentinel was heard last. Undefined where nothing is kept. */
  get heardAt(): string | undefined {
    return this.heardAtMs === undefined ? undefined : isoMoment(this.heardAtMs)
  }

  get isReachable(): boolean {
    return this.isFollowing
  }

  /** Something happened that no event tells, such as an erasure: follows anew, and so reads everything. */
  readAnew(): void {
    this.attempt.abort(new Error('what is kept is read anew'))
  }

  /** Idempotent. Nothing is written after it. */
  async close(): Promise<void> {
    clearInterval(this.minutely)
    this.over.abort()
    await this.running
    await this.reading.close()
    this.note()
  }

  private async run(): Promise<void> {
    const { signal } = this.over
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        await this.follow(() => (failures = 0))
      } catch (error) {
        // Whatever it was, what is kept stays as it is, and we try again.
        if (!signal.aborted)
          this.options.log.debug({ reason: (error as Error).message }, 'the sentinel is not followed')
      }
      this.lose()
      await sleep(backoffMs(failures, FIRST_RETRY_MS, LAST_RETRY_MS, Math.random()), signal).catch(() => undefined)
    }
  }

  /** Events that come while everything is read wait for that, and are applied on top of it. */
  private async follow(onRead: () => void): Promise<void> {
    const attempt = new AbortController()
    this.attempt = attempt
    const signal = AbortSignal.any([attempt.signal, this.over.signal])
    let read: Promise<void> = Promise.resolve()
    const onOpen = () => {
      read = this.reading.all().then(
        () => this.find(onRead),
        (error: unknown) => attempt.abort(error),
      )
    }
    const options = { requestId: REQUEST_ID, onOpen, onHeard: () => this.hear() }
    try {
      for await (const event of this.options.connection.events(undefined, signal, options)) {
        await read
        if (!signal.aborted) this.take(event)
      }
    } finally {
      await read
    }
  }

  private take({ type, data }: SseEvent): void {
    const { alerts, settings } = this.options.store
    switch (type) {
      case 'alert':
        alerts.put(JSON.parse(data) as Alert)
        return this.reading.statsSoon()
      case 'alert_changed': {
        const { id, ...part } = JSON.parse(data) as Pick<Alert, 'id'> & Partial<Alert>
        alerts.change(id, part)
        return this.reading.statsSoon()
      }
      case 'message_changed': {
        const { alert_id: id, change } = JSON.parse(data) as { alert_id: number; change: MessageChange }
        return alerts.addChange(id, change)
      }
      case 'status':
        return settings.set('sentinel_status', data)
      case 'digest':
        return this.reading.digestsSoon()
    }
  }

  private find(onRead: () => void): void {
    this.isFollowing = true
    this.hear()
    this.note()
    onRead()
  }

  private hear(): void {
    if (this.isFollowing) this.heardAtMs = this.options.now()
  }

  private lose(): void {
    if (!this.isFollowing) return
    this.isFollowing = false
    this.note()
  }

  /** Outlives a restart. */
  private note(): void {
    if (this.heardAtMs !== undefined) this.options.store.settings.set('sentinel_heard_at', String(this.heardAtMs))
  }

  private onMinute(): void {
    if (!this.isFollowing) return
    this.reading.statsSoon()
    this.note()
  }
}
