import type { Redis } from 'ioredis'
import type { Logger } from '@tgsentinel/kernel/log'
import { SECOND, sleep } from '@tgsentinel/kernel/time'
import type { DelegatedRequest, DelegationHandler } from './bus'

const AUTH_QUEUE = 'tgsentinel:auth_queue'
const AUTH_RESPONSES = 'tgsentinel:auth_responses'
const AUTH_TTL_S = 120
const REQUESTS = 'tgsentinel:requests'
const REQUEST_TTL_S = 60
const POLL_S = 5
/** Requests under way; more are left in Redis until one of them ends. */
const MAX_UNDER_WAY = 100
const CLOSE_MS = SECOND / 2
const MAX_PAYLOAD_CHARACTERS = 64 * 1024

interface Taken extends DelegatedRequest {
  id: string
}

/**
 * Requests of other programs, by the names of TELEGRAM section 2: lists ring (BLPOP), requests and answers lie beside them with a time
 * to live. Redis may go at any moment: what was asked then is answered after it is back, or not at all, and the asker's wait ends.
 */
export class RedisRequests {
  private readonly underWay = new Set<Promise<void>>()
  private readonly expiries = new Set<NodeJS.Timeout>()
  private loop: Promise<void> = Promise.resolve()
  private isClosed = false
  private reported = ''

  constructor(
    private readonly redis: Redis,
    private readonly blocking: Redis,
    private readonly handler: DelegationHandler,
    private readonly log: Logger,
  ) {
    // The main connection reports the same.
    blocking.on('error', () => undefined)
  }

  start(): void {
    this.loop = this.run()
  }

  /** Waits for what is under way to be given up; idempotent. */
  async close(): Promise<void> {
    this.isClosed = true
    this.blocking.disconnect()
    for (const timer of this.expiries) clearTimeout(timer)
    // A command that was sent while the connection was being made may never end.
    await Promise.race([this.loop, sleep(CLOSE_MS)])
  }

  private async run(): Promise<void> {
    let isFresh = false
    while (!this.isClosed) {
      try {
        if (!isFresh) await this.dropStale()
        isFresh = true
        if (this.underWay.size >= MAX_UNDER_WAY) await Promise.race(this.underWay)
        const popped = await this.blocking.blpop(AUTH_QUEUE, REQUESTS, POLL_S)
        if (popped) this.take(popped[0], popped[1])
      } catch (error) {
        this.reportOnce(error)
        if (!this.isClosed) await sleep(SECOND / 5)
      }
    }
  }

  /** Steps of a sign-in that were asked for while nobody was here: their askers have gone, and a code must not be sent for them. */
  private async dropStale(): Promise<void> {
    const idleS = await this.redis.object('IDLETIME', AUTH_QUEUE)
    if (typeof idleS !== 'number' || idleS <= AUTH_TTL_S) return
    const steps = await this.redis.llen(AUTH_QUEUE)
    await this.redis.del(AUTH_QUEUE)
    this.log.warn({ steps }, 'steps of a sign-in that nobody waits for any more were dropped')
  }

  /** A Redis that is away is reported by the main connection; anything else once, until it is another thing. */
  private reportOnce(error: unknown): void {
    const { message } = error as Error
    if (this.isClosed || this.redis.status !== 'ready' || message === this.reported) return
    this.reported = message
    this.log.warn({ err: error }, 'requests of other programs cannot be taken')
  }

  private take(list: string, text: string): void {
    const work = this.serve(list, text).catch((error: unknown) =>
      this.log.warn({ err: error }, 'a request was not answered'),
    )
    this.underWay.add(work)
    void work.finally(() => this.underWay.delete(work))
  }

  private async serve(list: string, text: string): Promise<void> {
    const request = list === AUTH_QUEUE ? readAuth(text) : await this.fetch(text)
    if (!request) return this.log.warn({ list }, 'a request of another program is malformed or expired')
    const answer = JSON.stringify(await this.handler(request))
    if (request.kind === 'auth') await this.answerAuth(request.id, answer)
    else await this.redis.set(`tgsentinel:response:${request.type}:${request.id}`, answer, 'EX', REQUEST_TTL_S)
  }

  /** The payload lies beside the ring, and expires. */
  private async fetch(text: string): Promise<Taken | null> {
    const ring = readObject(text)
    const [type, id] = [ring?.['type'], ring?.['id']]
    if (typeof type !== 'string' || !isName(type) || typeof id !== 'string' || !isName(id)) return null
    const stored = await this.redis.getdel(`tgsentinel:request:${type}:${id}`)
    // The asker's time is over: whoever asked while nobody was here has gone.
    if (stored === null) return null
    const payload = readObject(stored)
    return payload && { kind: 'request', type, id, payload }
  }

  private async answerAuth(id: string, answer: string): Promise<void> {
    await this.redis.multi().hset(AUTH_RESPONSES, id, answer).expire(AUTH_RESPONSES, AUTH_TTL_S).exec()
    // The time to live is the whole hash's, and every answer prolongs it.
    const timer = setTimeout(() => {
      this.expiries.delete(timer)
      this.redis.hdel(AUTH_RESPONSES, id).catch(() => undefined)
    }, AUTH_TTL_S * SECOND).unref()
    this.expiries.add(timer)
  }
}

function readAuth(text: string): Taken | null {
  const payload = readObject(text)
  const id = payload?.['request_id']
  return payload && typeof id === 'string' && isName(id) ? { kind: 'auth', type: 'auth', id, payload } : null
}

function readObject(text: string): Record<string, unknown> | null {
  if (text.length > MAX_PAYLOAD_CHARACTERS) return null
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

/** Becomes part of a key. */
function isName(text: string): boolean {
  return /^[\w.:-]{1,128}$/.test(text)
}
