import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import type { Trouble } from '../rpc/trouble'
import type { AuthKey, AuthKeys } from './auth-keys'
import { aesKeyAndIv, igeDecrypt, igeEncrypt, messageKey } from './crypto'
import type { Handshake } from './handshake'
import { Session } from './session'
import { Transport } from './transport'

export interface IncomingMessage {
  session: Session
  id: bigint
  sequence: number
  salt: bigint
  body: Buffer
}

export type Intake = (message: IncomingMessage) => void

const UNKNOWN_KEY = -404
const PLAIN_HEADER = 20
const PADDING = randomBytes(1024)
const MAX_QUEUED_BYTES = 1024 * 1024

/** A socket with its transport and encryption. Packets that cannot be opened are answered by a transport error. */
export class Connection {
  readonly sessions = new Set<Session>()
  private readonly transport = new Transport()
  private received = 0
  private disconnectTimer: NodeJS.Timeout | undefined
  private isCut = false

  constructor(
    private readonly socket: Socket,
    private readonly dc: number,
    private readonly authKeys: AuthKeys,
    private readonly handshake: Handshake,
    private readonly trouble: Trouble,
    private readonly intake: Intake,
  ) {
    socket.setNoDelay(true)
    socket.on('data', (chunk) => this.receive(chunk))
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.forgetSessions())
  }

  get clockOffsetMs(): number {
    return this.trouble.clockOffsetSeconds * 1000
  }

  get packetsReceived(): number {
    return this.received
  }

  close(): void {
    this.socket.destroy()
  }

  /** Each call replaces the one before, so that a client that keeps pinging keeps its connection. */
  disconnectAfter(seconds: number): void {
    clearTimeout(this.disconnectTimer)
    this.disconnectTimer = setTimeout(() => this.close(), seconds * 1000)
  }

  sendEncrypted(session: Session, body: Buffer, messageId: bigint, sequence: number): void {
    if (this.trouble.isMuted) return
    const authKey = session.key.bytes
    const plain = envelope(session, body, messageId, sequence)
    const msgKey = messageKey(authKey, plain, 'server')
    const { key, iv } = aesKeyAndIv(authKey, msgKey, 'server')
    const keyId = Buffer.allocUnsafe(8)
    keyId.writeBigUInt64LE(session.key.id)
    this.write(Buffer.concat([keyId, msgKey, igeEncrypt(plain, key, iv)]))
  }

  /** Resolves when the client has taken enough for more to be sent, or is gone. */
  async drained(): Promise<void> {
    const { socket } = this
    if (socket.destroyed || socket.writableLength < MAX_QUEUED_BYTES) return
    await new Promise<void>((resolve) => {
      const done = () => {
        socket.off('drain', done)
        socket.off('close', done)
        resolve()
      }
      socket.once('drain', done)
      socket.once('close', done)
    })
  }

  private receive(chunk: Buffer): void {
    try {
      for (const packet of this.transport.receive(chunk)) this.open(packet)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      this.close()
    }
  }

  private open(packet: Buffer): void {
    this.received += 1
    if (this.isCut || this.trouble.isMuted || packet.length < 8) return
    const keyId = packet.readBigUInt64LE(0)
    if (keyId === 0n) return this.openPlain(packet)
    const key = this.authKeys.find(keyId)
    if (key?.dc !== this.dc || this.trouble.forgottenAccounts.has(key.account)) return this.refuse(UNKNOWN_KEY)
    const plain = decrypt(packet, key)
    if (!plain) return this.refuse(UNKNOWN_KEY)
    this.intake({
      session: this.sessionOf(key, plain.readBigInt64LE(8)),
      salt: plain.readBigInt64LE(0),
      id: plain.readBigInt64LE(16),
      sequence: plain.readInt32LE(24),
      body: plain.subarray(32, 32 + plain.readUInt32LE(28)),
    })
  }

  /** Only the making of a key is spoken of in plain text. */
  private openPlain(packet: Buffer): void {
    if (packet.length < PLAIN_HEADER) return this.refuse(UNKNOWN_KEY)
    const answer = this.handshake.receive(packet.subarray(PLAIN_HEADER, PLAIN_HEADER + packet.readUInt32LE(16)))
    if (!answer) return this.refuse(UNKNOWN_KEY)
    const header = Buffer.alloc(PLAIN_HEADER)
    header.writeBigInt64LE(((BigInt(Date.now() + this.clockOffsetMs) << 32n) / 1000n / 4n) * 4n + 1n, 8)
    header.writeUInt32LE(answer.length, 16)
    this.write(Buffer.concat([header, answer]))
  }

  private sessionOf(key: AuthKey, id: bigint): Session {
    const session = key.sessions.get(id) ?? new Session(id, key)
    key.sessions.set(id, session)
    session.connection = this
    this.sessions.add(session)
    return session
  }

  private refuse(code: number): void {
    const packet = Buffer.allocUnsafe(4)
    packet.writeInt32LE(code)
    this.write(packet)
  }

  private write(packet: Buffer): void {
    const framed = this.transport.frame(packet)
    if (!framed || this.isCut || this.socket.destroyed) return
    const room = this.trouble.random?.roomFor(this, framed.length) ?? framed.length
    if (room === framed.length) return void this.socket.write(framed)
    this.isCut = true
    this.socket.write(framed.subarray(0, room), () => this.close())
  }

  private forgetSessions(): void {
    clearTimeout(this.disconnectTimer)
    for (const session of this.sessions) {
      if (session.connection !== this) continue
      session.connection = undefined
      session.key.sessions.delete(session.id)
    }
  }
}

function decrypt(packet: Buffer, { bytes }: AuthKey): Buffer | undefined {
  const encrypted = packet.subarray(24, packet.length - ((packet.length - 24) % 16))
  if (encrypted.length < 48) return undefined
  const msgKey = packet.subarray(8, 24)
  const { key, iv } = aesKeyAndIv(bytes, msgKey, 'client')
  const plain = igeDecrypt(encrypted, key, iv)
  return messageKey(bytes, plain, 'client').equals(msgKey) ? plain : undefined
}

function envelope(session: Session, body: Buffer, messageId: bigint, sequence: number): Buffer {
  const unpadded = 32 + body.length
  const padding = 12 + ((16 - ((unpadded + 12) % 16)) % 16)
  const plain = Buffer.allocUnsafeSlow(unpadded + padding)
  plain.writeBigInt64LE(session.key.salt, 0)
  plain.writeBigInt64LE(session.id, 8)
  plain.writeBigInt64LE(messageId, 16)
  plain.writeInt32LE(sequence, 24)
  plain.writeInt32LE(body.length, 28)
  body.copy(plain, 32)
  PADDING.copy(plain, unpadded, 0, padding)
  return plain
}
