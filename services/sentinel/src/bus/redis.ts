import { Redis } from 'ioredis'
import type { Logger } from '@tgsentinel/kernel/log'
import type { RedisAddress } from '../config'
import type { DelegationHandler, SessionEvent, SharedName, WorkerStatus } from './bus'
import { MemoryBus } from './memory'
import { RedisRequests } from './redis-requests'

const STATUS_TTL_S = 60

/**
 * Rings in this process and tells other programs through Redis, by the names of TELEGRAM section 2. While Redis is away
 * nothing waits for it: what would be told is dropped, and it is picked up again by itself.
 */
export class RedisBus extends MemoryBus {
  private readonly redis: Redis
  private lastStatus: WorkerStatus | undefined
  private requests: RedisRequests | undefined

  constructor(
    address: RedisAddress,
    private readonly log: Logger,
  ) {
    super()
    const { host, port, password } = address
    this.redis = new Redis({
      host,
      port,
      ...(password ? { password } : {}),
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      retryStrategy: (attempt) => Math.min(200 * 2 ** attempt, 10_000),
    })
    let reported = ''
    this.redis.on('ready', () => log.info({ host, port }, 'redis is up'))
    this.redis.on('ready', () => {
      reported = ''
      // A Redis that was started anew knows nothing of us until then.
      if (this.lastStatus) this.publishWorkerStatus(this.lastStatus)
      this.ring('redis')
    })
    this.redis.on('error', (error: Error & { code?: string }) => {
      if (reported !== error.message) log.warn({ host, port, code: error.code }, 'redis is down')
      reported = error.message
    })
  }

  override get state(): 'off' | 'up' | 'down' {
    return this.redis.status === 'ready' ? 'up' : 'down'
  }

  override publishWorkerStatus(status: WorkerStatus): void {
    this.lastStatus = status
    const payload = JSON.stringify({ ...status, ts: new Date().toISOString() })
    this.send((redis) => redis.set('tgsentinel:worker_status', payload, 'EX', STATUS_TTL_S))
  }

  override publishSessionEvent(event: SessionEvent): void {
    const payload = JSON.stringify({ ...event, timestamp: new Date().toISOString() })
    this.send((redis) => redis.publish('tgsentinel:session_updated', payload))
  }

  override publishAlert(id: number): void {
    this.send((redis) => redis.publish('tgsentinel:alerts', JSON.stringify({ type: 'alert', id })))
  }

  override share(name: SharedName, value: unknown, ttlS: number): void {
    const key = `tgsentinel:${name}`
    if (value === null) return this.send((redis) => redis.del(key))
    this.send((redis) => redis.set(key, JSON.stringify(value), 'EX', ttlS))
  }

  override countAttempt(action: string, windowS: number): void {
    const key = `tgsentinel:rate_limit:${action}`
    this.send((redis) => redis.multi().incr(key).expire(key, windowS).exec())
  }

  override serve(handler: DelegationHandler): void {
    // Connections of their own: one blocks, one subscribes.
    const blocking = this.redis.duplicate({ maxRetriesPerRequest: null })
    const subscriber = this.redis.duplicate({ autoResubscribe: false })
    this.requests = new RedisRequests({ redis: this.redis, blocking, subscriber }, handler, this.log)
    this.requests.start()
  }

  override async close(): Promise<void> {
    await super.close()
    await this.requests?.close()
    this.redis.disconnect()
  }

  private send(command: (redis: Redis) => Promise<unknown>): void {
    if (this.state !== 'up') return
    // A command that fails because Redis just went away is dropped like one while it is away; 'error' above reports it.
    command(this.redis).catch(() => undefined)
  }
}
