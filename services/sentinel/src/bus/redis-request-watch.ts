import type { Redis } from 'ioredis'
import type { Logger } from '@tgsentinel/kernel/log'
import { MINUTE, SECOND } from '@tgsentinel/kernel/time'
import { REQUEST_PATTERN } from './request-keys'

/** Channel of what becomes of a key, in the database that we use. */
const KEYSPACE = '__keyspace@0__:'
/** Keyspace events (K) of strings ($): a request is one. */
const NEEDED_FLAGS = ['K', '$']
/** Where the server does not notify: how often it is looked while anybody asked lately, and otherwise. */
const BUSY_SCAN_MS = SECOND / 4
const IDLE_SCAN_MS = SECOND
const LATELY_MS = MINUTE
/** A look at a large Redis that is shared with others goes on where it stopped. */
const KEYS_A_SCAN = 500
const SCANS_A_LOOK = 20

/**
 * Finds the keys of requests that other programs set. By keyspace notifications where the server has them or lets us switch them on,
 * otherwise by SCAN, in bounded steps. What was set while nobody listened is looked for once after each connection.
 */
export class RequestWatch {
  private timer: NodeJS.Timeout | undefined
  private cursor = '0'
  private isNotified = false
  private isClosed = false
  private lastFoundAt = -Infinity
  private reported = ''

  constructor(
    private readonly redis: Redis,
    /** A connection of its own: one that subscribes can do nothing else. */
    private readonly subscriber: Redis,
    private readonly onKey: (key: string) => void,
    private readonly log: Logger,
  ) {
    // The main connection reports the same.
    subscriber.on('error', () => undefined)
    subscriber.on('ready', () => void this.begin())
    subscriber.on('pmessage', (_pattern: string, channel: string, event: string) => {
      if (event === 'set') this.find(channel.slice(KEYSPACE.length))
    })
  }

  start(): void {
    if (this.subscriber.status === 'ready') void this.begin()
  }

  close(): void {
    this.isClosed = true
    clearTimeout(this.timer)
    this.subscriber.disconnect()
  }

  /** Looks for what waits, at once. */
  look(): void {
    clearTimeout(this.timer)
    if (!this.isClosed) this.timer = setTimeout(() => void this.scan(), 0)
  }

  private async begin(): Promise<void> {
    this.isNotified = await this.subscribe()
    this.cursor = '0'
    this.look()
  }

  private async subscribe(): Promise<boolean> {
    try {
      await this.subscriber.psubscribe(`${KEYSPACE}${REQUEST_PATTERN}`)
      await this.switchOn()
      this.log.debug('requests of other programs are told by keyspace notifications')
      return true
    } catch (error) {
      this.report(error, 'the server does not notify of keys; they are looked for')
      return false
    }
  }

  /** Adds what we need to what others have switched on. @throws where the server does not let us */
  private async switchOn(): Promise<void> {
    const [, flags = ''] = (await this.redis.config('GET', 'notify-keyspace-events')) as string[]
    const missing = NEEDED_FLAGS.filter((flag) => !flags.includes(flag) && !(flag === '$' && flags.includes('A')))
    if (missing.length > 0) await this.redis.config('SET', 'notify-keyspace-events', flags + missing.join(''))
  }

  private async scan(): Promise<void> {
    try {
      for (let turn = 0; turn < SCANS_A_LOOK; turn++) {
        const [next, keys] = await this.redis.scan(this.cursor, 'MATCH', REQUEST_PATTERN, 'COUNT', KEYS_A_SCAN)
        this.cursor = next
        for (const key of keys) this.find(key)
        if (next === '0') break
      }
    } catch (error) {
      this.cursor = '0'
      this.report(error, 'requests of other programs cannot be looked for')
    }
    this.scanLater()
  }

  /** Where the server notifies, a look only has to come to its end. */
  private scanLater(): void {
    if (this.isClosed || (this.isNotified && this.cursor === '0')) return
    const isBusy = performance.now() - this.lastFoundAt < LATELY_MS
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.scan(), isBusy ? BUSY_SCAN_MS : IDLE_SCAN_MS).unref()
  }

  private find(key: string): void {
    this.lastFoundAt = performance.now()
    this.onKey(key)
  }

  /** A Redis that is away is reported by the main connection; anything else once, until it is another thing. */
  private report(error: unknown, text: string): void {
    const { message } = error as Error
    if (this.isClosed || this.redis.status !== 'ready' || message === this.reported) return
    this.reported = message
    this.log.info({ err: error }, text)
  }
}
