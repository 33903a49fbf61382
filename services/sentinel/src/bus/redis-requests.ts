import { once } from 'node:events'
import type { Redis } from 'ioredis'
import type { Logger } from '@tgsentinel/kernel/log'
import { SECOND, sleep } from '@tgsentinel/kernel/time'
import type { DelegationHandler } from './bus'
import { ERROR_TTL_S, requestAt, requestKeyOf, type RequestKey } from './request-keys'
import { RequestWatch } from './redis-request-watch'

const AUTH_QUEUE = 'tgsentinel:auth_queue'
const AUTH_RESPONSES = 'tgsentinel:auth_responses'
const AUTH_TTL_S = 120
const REQUESTS = 'tgsentinel:requests'
/** Lies in Redis while somebody takes steps of a sign-in: what was asked without it is older than `AUTH_TTL_S`, or may be. */
const AUTH_SERVED = 'tgsentinel:auth_served'
const POLL_S = 5
/** Requests under way; more are left in Redis until one of them ends. */
const MAX_UNDER_WAY = 100
const CLOSE_MS = SECOND / 2
const MAX_PAYLOAD_CHARACTERS = 64 * 1024
const MAX_ID_CHARACTERS = 128
const MAX_STALE_STEPS = 1000

type Answer = Record<string, unknown>

/**
 * Requests of other programs, by the names of TELEGRAM section 2. A request is a key with a time to live, found by `RequestWatch` or at
 * once where the list of requests rings (BLPOP); steps of a sign-in are a list. Whoever takes a key first answers it. Redis may go at
 * any moment: what was asked then is answered after it is back, or not at all, and the asker's wait ends.
 */
export class RedisRequests {
  private readonly redis: Redis
  private readonly blocking: Redis
  private readonly watch: RequestWatch
  private readonly underWay = new Set<Promise<void>>()
  private readonly expiries = new Set<NodeJS.Timeout>()
  private loop: Promise<void> = Promise.resolve()
  private readonly closing = new AbortController()
  private reported = ''

  constructor(
    { redis, blocking, subscriber }: { redis: Redis; blocking: Redis; subscriber: Redis },
    private readonly handler: DelegationHandler,
    private readonly log: Logger,
  ) {
    this.redis = redis
    this.blocking = blocking
    // The main connection reports the same.
    blocking.on('error', () => undefined)
    this.watch = new RequestWatch(redis, subscriber, (key) => this.takeKey(key), log)
  }

  start(): void {
    this.watch.start()
    this.loop = this.run()
  }

  /** Waits for what is under way to be given up; idempotent. */
  async close(): Promise<void> {
    this.closing.abort()
    this.watch.close()
    this.blocking.disconnect()
    for (const timer of this.expiries) clearTimeout(timer)
    // A command that was sent while the connection was being made may never end.
    await Promise.race([this.loop, sleep(CLOSE_MS)])
  }

  private async run(): Promise<void> {
    let isFresh = false
    while (!this.isClosed) {
      try {
        await this.whenUp()
        if (!isFresh) await this.refuseStale()
        isFresh = true
        if (this.isFull) await Promise.race(this.underWay)
        await this.redis.set(AUTH_SERVED, '1', 'EX', AUTH_TTL_S)
        const popped = await this.blocking.blpop(AUTH_QUEUE, REQUESTS, POLL_S)
        if (popped) this.takeEntry(popped[0], popped[1])
      } catch (error) {
        this.reportOnce(error)
        if (!this.isClosed) await sleep(SECOND / 5)
      }
    }
  }

  private async whenUp(): Promise<void> {
    if (this.redis.status !== 'ready') await once(this.redis, 'ready', { signal: this.closing.signal })
  }

  private get isClosed(): boolean {
    return this.closing.signal.aborted
  }

  /** Steps of a sign-in that were asked for while nobody was here: their askers may have gone, and a code must not be sent for them. */
  private async refuseStale(): Promise<void> {
    if ((await this.redis.exists(AUTH_SERVED)) === 1) return
    const steps = (await this.redis.lpop(AUTH_QUEUE, MAX_STALE_STEPS)) ?? []
    for (const id of steps.flatMap((step) => authIdOf(readObject(step)) ?? []))
      await this.answerAuth(id, refusal('Nobody was here when this was asked for. Ask again.'))
    if (steps.length > 0)
      this.log.warn({ steps: steps.length }, 'steps of a sign-in from before the start were refused')
  }

  private get isFull(): boolean {
    return this.underWay.size >= MAX_UNDER_WAY
  }

  /** A Redis that is away is reported by the main connection; anything else once, until it is another thing. */
  private reportOnce(error: unknown): void {
    const { message } = error as Error
    if (this.isClosed || this.redis.status !== 'ready' || message === this.reported) return
    this.reported = message
    this.log.warn({ err: error }, 'requests of other programs cannot be taken')
  }

  private takeEntry(list: string, text: string): void {
    if (list === AUTH_QUEUE) return this.begin(this.serveAuth(text))
    const key = keyOf(readObject(text))
    if (key === null) return this.log.warn({ list }, 'a request of another program names no type and id')
    this.begin(this.serveKey(key))
  }

  /** What there is no room for stays in Redis. */
  private takeKey(key: string): void {
    const request = requestAt(key)
    if (request && !this.isFull) this.begin(this.serveKey(key))
  }

  private begin(serving: Promise<void>): void {
    const wasFull = this.underWay.size + 1 >= MAX_UNDER_WAY
    const work = serving.catch((error: unknown) => this.log.warn({ err: error }, 'a request was not answered'))
    this.underWay.add(work)
    void work.finally(() => {
      this.underWay.delete(work)
      if (wasFull) this.watch.look()
    })
  }

  private async serveAuth(text: string): Promise<void> {
    const payload = readObject(text)
    const id = authIdOf(payload)
    if (payload === null || id === null)
      return this.log.warn('a step of a sign-in names no request_id; nobody can be answered')
    await this.answerAuth(id, await this.handler({ kind: 'auth', type: 'auth', payload }))
  }

  /** Whoever takes the key answers: nobody else finds it any more. */
  private async serveKey(key: string): Promise<void> {
    const request = requestAt(key)
    const stored = request && (await this.takeStored(key))
    // Taken by its notification or its ring before, or the asker's time is over.
    if (!request || stored === null) return
    const payload = isName(request.id) ? readObject(stored) : null
    const answer = payload
      ? await this.handler({ kind: 'request', type: request.type, payload })
      : refusal(`A request must be a JSON object of at most ${MAX_PAYLOAD_CHARACTERS} characters, under a plain id.`)
    await this.answerKey(request, answer)
  }

  /** The payload, or a text that is none where the key holds no string at all. */
  private async takeStored(key: string): Promise<string | null> {
    try {
      return await this.redis.getdel(key)
    } catch (error) {
      if (!(error as Error).message.startsWith('WRONGTYPE')) throw error
      await this.redis.del(key)
      return ''
    }
  }

  private async answerKey({ responseKey, answerTtlS }: RequestKey, answer: Answer): Promise<void> {
    const ttlS = answer['status'] === 'error' ? ERROR_TTL_S : answerTtlS
    await this.redis.set(responseKey, JSON.stringify(answer), 'EX', ttlS)
  }

  private async answerAuth(id: string, answer: Answer): Promise<void> {
    await this.redis.multi().hset(AUTH_RESPONSES, id, JSON.stringify(answer)).expire(AUTH_RESPONSES, AUTH_TTL_S).exec()
    // The time to live is the whole hash's, and every answer prolongs it.
    const timer = setTimeout(() => {
      this.expiries.delete(timer)
      this.redis.hdel(AUTH_RESPONSES, id).catch(() => undefined)
    }, AUTH_TTL_S * SECOND).unref()
    this.expiries.add(timer)
  }
}

/** An error in the shape of `Delegation`'s; the original's interface reads `error`. */
function refusal(message: string): Answer {
  return { status: 'error', message, reason: 'INVALID_REQUEST', error: message }
}

/** Where the answer to a step of a sign-in goes: a field of a hash. */
function authIdOf(payload: Record<string, unknown> | null): string | null {
  const id = payload?.['request_id']
  return typeof id === 'string' && id.length > 0 && id.length <= MAX_ID_CHARACTERS ? id : null
}

/** The key that a ring names; null where it names none. */
function keyOf(ring: Record<string, unknown> | null): string | null {
  const [type, id] = [ring?.['type'], ring?.['id']]
  return typeof type === 'string' && isName(type) && typeof id === 'string' && isName(id)
    ? requestKeyOf(type, id)
    : null
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
