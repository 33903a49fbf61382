import { createCipheriv, hkdfSync, randomBytes, randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import { until } from './until'

export interface DelegatedAnswer extends Record<string, unknown> {
  status: 'ok' | 'error'
  message?: string
  reason?: string
  retry_after?: number
}

/** Another program: asks the sentinel through Redis, knowing nothing but the names of the keys. */
export class RedisDelegate {
  constructor(
    private readonly redis: Redis,
    private readonly token: string,
  ) {}

  /** A step of a sign-in; fields of `secrets` are sealed. */
  async auth(
    action: string,
    fields: Record<string, unknown> = {},
    secrets: Record<string, string> = {},
  ): Promise<DelegatedAnswer> {
    const id = randomUUID()
    const sealed = Object.fromEntries(Object.entries(secrets).map(([name, text]) => [name, this.seal(text, id)]))
    await this.redis.rpush('tgsentinel:auth_queue', JSON.stringify({ action, request_id: id, ...fields, ...sealed }))
    return until(`the answer to ${action}`, async () => parse(await this.redis.hget('tgsentinel:auth_responses', id)))
  }

  async request(type: string, fields: Record<string, unknown> = {}): Promise<DelegatedAnswer> {
    const id = await this.ask(type, fields)
    return this.answerTo(type, id)
  }

  async ask(type: string, fields: Record<string, unknown> = {}): Promise<string> {
    const id = randomUUID()
    const payload = JSON.stringify({ request_id: id, timestamp: new Date().toISOString(), ...fields })
    await this.redis.set(`tgsentinel:request:${type}:${id}`, payload, 'EX', 60)
    await this.redis.rpush('tgsentinel:requests', JSON.stringify({ type, id }))
    return id
  }

  answerTo(type: string, id: string): Promise<DelegatedAnswer> {
    return until(`the answer to ${type}`, async () => parse(await this.redis.get(`tgsentinel:response:${type}:${id}`)))
  }

  /** `sealed:v1:` base64url(nonce | AES-256-GCM | tag), keyed by HKDF-SHA256 of the token, bound to the request. */
  private seal(text: string, requestId: string): string {
    const key = Buffer.from(hkdfSync('sha256', this.token, '', 'tgsentinel redis v1', 32))
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(requestId))
    return `sealed:v1:${Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]).toString('base64url')}`
  }
}

function parse(text: string | null): DelegatedAnswer | null {
  return text === null ? null : (JSON.parse(text) as DelegatedAnswer)
}
