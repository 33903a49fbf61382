import type { AuthKey } from './auth-keys'
import type { Connection } from './connection'

export type MessageKind = 'reply' | 'push'

/** An MTProto session of a key: numbers what is sent in it. It lives as long as its connection. */
export class Session {
  connection: Connection | undefined
  /** Telegram pushes only to sessions that have made an API call. */
  receivesPushes = false
  isGreeted = false
  private lastMessageId = 0n
  private contentMessages = 0

  constructor(
    readonly id: bigint,
    readonly key: AuthKey,
  ) {}

  send(body: Buffer, kind: MessageKind, isContent = true): boolean {
    if (!this.connection) return false
    this.connection.sendEncrypted(this, body, this.nextMessageId(kind), this.nextSequence(isContent))
    return true
  }

  /** Seconds in the upper half, their fraction in the lower; 1 mod 4 for replies, 3 mod 4 for what was not asked for. */
  private nextMessageId(kind: MessageKind): bigint {
    const now = Date.now() + (this.connection?.clockOffsetMs ?? 0)
    const fraction = Math.floor((now % 1000) * 4_294_967.296) & ~3
    const byClock = (BigInt(Math.floor(now / 1000)) << 32n) | BigInt(fraction >>> 0)
    const base = byClock > this.lastMessageId ? byClock : (this.lastMessageId & ~3n) + 4n
    this.lastMessageId = base | (kind === 'reply' ? 1n : 3n)
    return this.lastMessageId
  }

  private nextSequence(isContent: boolean): number {
    const sequence = this.contentMessages * 2
    if (!isContent) return sequence
    this.contentMessages += 1
    return sequence + 1
  }
}
