import { connect, type Socket } from 'node:net'
import { createCipheriv, createDecipheriv, randomBytes, type Cipher } from 'node:crypto'
import { aesKeyAndIv, authKeyId, igeDecrypt, igeEncrypt, messageKey } from '../mtproto/crypto'
import { abridged, full, intermediate, padded, type Framing } from '../mtproto/framing'
import { until } from './waiting'

export interface ReceivedMessage {
  id: bigint
  sequence: number
  body: Buffer
}

const TRANSPORTS: Record<string, { header: Buffer; framing: () => Framing }> = {
  abridged: { header: Buffer.from([0xef]), framing: abridged },
  intermediate: { header: Buffer.from('eeeeeeee', 'hex'), framing: intermediate },
  padded: { header: Buffer.from('dddddddd', 'hex'), framing: padded },
  full: { header: Buffer.alloc(0), framing: full },
}

/** The client side of the wire with nothing done for it: it says exactly what a test has it say. */
export class RawClient {
  readonly messages: ReceivedMessage[] = []
  readonly transportErrors: number[] = []
  isClosed = false
  bytesReceived = 0
  salt = 0n
  private readonly session = randomBytes(8).readBigInt64LE()
  private buffered: Buffer = Buffer.alloc(0)
  private lastId = 0n
  private sequence = 0
  private outgoing: Cipher | undefined
  private incoming: Cipher | undefined

  private constructor(
    private readonly socket: Socket,
    private readonly framing: Framing,
    private readonly authKey: Buffer,
  ) {
    socket.on('data', (chunk) => this.receive(chunk))
    socket.on('close', () => (this.isClosed = true))
  }

  get hasPartOfPacket(): boolean {
    return this.buffered.length > 0
  }

  static async connect(
    port: number,
    authKey: Buffer,
    transport = 'intermediate',
    obfuscated = false,
  ): Promise<RawClient> {
    const { header, framing } = TRANSPORTS[transport]!
    const socket = connect(port, '127.0.0.1')
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
    const client = new RawClient(socket, framing(), authKey)
    if (obfuscated) client.obfuscate(header)
    else socket.write(header)
    return client
  }

  /** Returns the message id that the answer will name. */
  send(body: Buffer, { isContent = true, id = this.nextId() } = {}): bigint {
    const plain = Buffer.concat([Buffer.alloc(32), body, randomBytes(12 + ((16 - ((body.length + 44) % 16)) % 16))])
    plain.writeBigInt64LE(this.salt, 0)
    plain.writeBigInt64LE(this.session, 8)
    plain.writeBigInt64LE(id, 16)
    plain.writeInt32LE(isContent ? this.sequence++ * 2 + 1 : this.sequence * 2, 24)
    plain.writeInt32LE(body.length, 28)
    const msgKey = messageKey(this.authKey, plain, 'client')
    const { key, iv } = aesKeyAndIv(this.authKey, msgKey, 'client')
    const keyId = Buffer.alloc(8)
    keyId.writeBigUInt64LE(authKeyId(this.authKey))
    this.write(this.framing.frame(Buffer.concat([keyId, msgKey, igeEncrypt(plain, key, iv)])))
    return id
  }

  nextId(): bigint {
    const now = (BigInt(Math.floor(Date.now() / 1000)) << 32n) + 4n
    this.lastId = now > this.lastId ? now : this.lastId + 4n
    return this.lastId
  }

  /** The next message with this constructor that has not been taken yet. */
  async take(constructor: number): Promise<ReceivedMessage> {
    const isIt = ({ body }: ReceivedMessage) => body.readUInt32LE(0) === constructor
    const message = await until(`constructor ${constructor.toString(16)}`, () => this.messages.find(isIt))
    this.messages.splice(this.messages.indexOf(message), 1)
    return message
  }

  /** Stops reading from the socket. */
  pause(): void {
    this.socket.pause()
  }

  close(): void {
    this.socket.destroy()
  }

  private write(bytes: Buffer): void {
    this.socket.write(this.outgoing ? this.outgoing.update(bytes) : bytes)
  }

  private obfuscate(header: Buffer): void {
    const random = randomBytes(64)
    random[0] = 1
    const reversed = Buffer.from(random.subarray(8, 56)).reverse()
    this.outgoing = createCipheriv('aes-256-ctr', random.subarray(8, 40), random.subarray(40, 56))
    this.incoming = createDecipheriv('aes-256-ctr', reversed.subarray(0, 32), reversed.subarray(32))
    random.fill(header[0]!, 56, 60)
    const sealed = this.outgoing.update(random)
    this.socket.write(Buffer.concat([random.subarray(0, 56), sealed.subarray(56)]))
  }

  private receive(chunk: Buffer): void {
    this.bytesReceived += chunk.length
    this.buffered = Buffer.concat([this.buffered, this.incoming ? this.incoming.update(chunk) : chunk])
    for (let taken = this.framing.take(this.buffered); taken; taken = this.framing.take(this.buffered)) {
      this.buffered = taken.rest
      this.open(taken.packet)
    }
  }

  private open(packet: Buffer): void {
    if (packet.length < 24) return void this.transportErrors.push(packet.readInt32LE(0))
    const encrypted = packet.subarray(24, packet.length - ((packet.length - 24) % 16))
    const { key, iv } = aesKeyAndIv(this.authKey, packet.subarray(8, 24), 'server')
    const plain = igeDecrypt(encrypted, key, iv)
    const body = plain.subarray(32, 32 + plain.readInt32LE(28))
    this.messages.push({ id: plain.readBigInt64LE(16), sequence: plain.readInt32LE(24), body })
  }
}
