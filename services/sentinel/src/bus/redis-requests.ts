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
    await this.loop
  }

  private async run(): Promise<void> {
    while (!this.isClosed) {
      try {
        if (this.underWay.size >= MAX_UNDER_WAY) await Promise.race(this.underWay)
        const popped = await this.blocking.blpop(AUTH_QUEUE, REQUESTS, POLL_S)
        if (popped) this.take(popped[0], popped[1])
      } catch {
        if (!this.isClosed) await sleep(SECOND / 5)
      }
    }
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
    if (!request) return this.log.warn({ list }, 'a request of another program is malformed')
    const answer = JSON.stringify(await this.handler(request))
    if (request.kind === 'auth') await this.answerAuth(request.id, answer)
    else await this.redis.set(`tgsentinel:response:${request.type}:${request.id}`, answer, 'EX', REQUEST_TTL_S)
  }

  /** The payload lies beside the ring; a program may leave it out where there is nothing to say. */
  private async fetch(text: string): Promise<Taken | null> {
    const ring = readObject(text)
    const [type, id] = [ring?.['type'], ring?.['id']]
    if (typeof type !== 'string' || !isName(type) || typeof id !== 'string' || !isName(id)) return null
    const stored = await this.redis.getdel(`tgsentinel:request:${type}:${id}`)
    const payload = stored === null ? {} : readObject(stored)
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
