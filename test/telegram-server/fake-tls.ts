import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Socket } from 'node:net'
import type { ByteSource } from './byte-source'

const RANDOM_AT = 11
const MAX_SKEW_S = 120
const MAX_RECORD_BYTES = 16_384
/** handshake_failure, as a server answers that cannot go on (RFC 8446 section 6). */
const REFUSAL = Buffer.from('15030300020228', 'hex')
const CHANGE_CIPHER_SPEC = 20
const APPLICATION_DATA = 23

/** The server's side of an MTProxy's fake TLS: lets in whose hello bears the secret and the time, for this domain alone. */
export class FakeTls {
  private pending: Buffer = Buffer.alloc(0)

  constructor(
    private readonly source: ByteSource,
    private readonly socket: Socket,
    private readonly key: Buffer,
    private readonly domain: string,
  ) {}

  async shakeHands(): Promise<void> {
    const head = await this.source.exactly(5)
    const hello = Buffer.concat([head, await this.source.exactly(head.readUInt16BE(3))])
    const random = Buffer.from(hello.subarray(RANDOM_AT, RANDOM_AT + 32))
    if (!this.isOurs(hello, random)) {
      this.socket.end(REFUSAL)
      throw new Error('a stranger')
    }
    this.socket.write(this.answerTo(random, hello))
  }

  async exactly(bytes: number): Promise<Buffer> {
    while (this.pending.length < bytes) this.pending = Buffer.concat([this.pending, await this.record()])
    const taken = this.pending.subarray(0, bytes)
    this.pending = this.pending.subarray(bytes)
    return taken
  }

  async *rest(): AsyncGenerator<Buffer> {
    if (this.pending.length > 0) yield this.pending
    for (;;) yield await this.record()
  }

  /** Bytes as records of random sizes, as networks and servers cut them. */
  records(bytes: Buffer): Buffer {
    const parts: Buffer[] = []
    for (let at = 0; at < bytes.length;) {
      const piece = bytes.subarray(at, at + 1 + (randomBytes(2).readUInt16BE(0) % MAX_RECORD_BYTES))
      parts.push(Buffer.from([APPLICATION_DATA, 3, 3, piece.length >> 8, piece.length & 255]), piece)
      at += piece.length
    }
    return Buffer.concat(parts)
  }

  private async record(): Promise<Buffer> {
    const head = await this.source.exactly(5)
    const body = await this.source.exactly(head.readUInt16BE(3))
    if (head[0] === CHANGE_CIPHER_SPEC) return this.record()
    if (head[0] !== APPLICATION_DATA || body.length > MAX_RECORD_BYTES) throw new Error('no record of data')
    return body
  }

  private isOurs(hello: Buffer, random: Buffer): boolean {
    const blank = Buffer.concat([hello.subarray(0, RANDOM_AT), Buffer.alloc(32), hello.subarray(RANDOM_AT + 32)])
    const wanted = createHmac('sha256', this.key).update(blank).digest()
    const skewS = Math.abs((random.readInt32LE(28) ^ wanted.readInt32LE(28)) - Date.now() / 1000)
    const isSigned = timingSafeEqual(random.subarray(0, 28), wanted.subarray(0, 28))
    return isSigned && skewS < MAX_SKEW_S && serverNameIn(hello) === this.domain
  }

  /** ServerHello, change of cipher, and a "certificate" of some bytes; the first bears an HMAC over all. */
  private answerTo(random: Buffer, hello: Buffer): Buffer {
    const session = hello.subarray(44, 44 + 32)
    const body = Buffer.concat([
      Buffer.from('0303', 'hex'),
      Buffer.alloc(32),
      Buffer.from([32]),
      session,
      Buffer.from('130100002e00330024001d0020', 'hex'),
      randomBytes(32),
      Buffer.from('002b00020304', 'hex'),
    ])
    const handshake = Buffer.concat([Buffer.from([2, 0, body.length >> 8, body.length & 255]), body])
    const certificate = randomBytes(1000 + (randomBytes(1)[0] ?? 0))
    const answer = Buffer.concat([
      Buffer.from([22, 3, 3, handshake.length >> 8, handshake.length & 255]),
      handshake,
      Buffer.from('140303000101', 'hex'),
      Buffer.from([APPLICATION_DATA, 3, 3, certificate.length >> 8, certificate.length & 255]),
      certificate,
    ])
    createHmac('sha256', this.key).update(random).update(answer).digest().copy(answer, RANDOM_AT)
    return answer
  }
}

/** The domain that a ClientHello is for (RFC 6066 section 3), read as a server does: every length has to fit. */
export function serverNameIn(hello: Buffer): string | undefined {
  let at = 43
  at += 1 + hello.readUInt8(at)
  at += 2 + hello.readUInt16BE(at)
  at += 1 + hello.readUInt8(at)
  const end = at + 2 + hello.readUInt16BE(at)
  if (end !== hello.length) return undefined
  let name: string | undefined
  for (at += 2; at < end;) {
    const [type, length] = [hello.readUInt16BE(at), hello.readUInt16BE(at + 2)]
    if (type === 0) name = hello.subarray(at + 9, at + 9 + hello.readUInt16BE(at + 7)).toString()
    at += 4 + length
  }
  return at === end ? name : undefined
}
