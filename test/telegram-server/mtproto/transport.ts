import { createCipheriv, createDecipheriv, type Cipher } from 'node:crypto'
import { abridged, full, intermediate, padded, type Framing } from './framing'

const ABRIDGED = 0xef
const INTERMEDIATE = 0xeeeeeeee
const PADDED = 0xdddddddd
const OBFUSCATED_HEADER = 64

/** Turns a byte stream into packets and back; the client's first bytes decide how. */
export class Transport {
  private buffered: Buffer = Buffer.alloc(0)
  private framing: Framing | undefined
  private incoming: Cipher | undefined
  private outgoing: Cipher | undefined

  receive(chunk: Buffer): Buffer[] {
    const plain = this.incoming ? this.incoming.update(chunk) : chunk
    this.buffered = this.buffered.length === 0 ? plain : Buffer.concat([this.buffered, plain])
    if (!this.framing) this.detect()
    return this.framing ? this.packets(this.framing) : []
  }

  /** Before the first bytes of the client there is no way to speak to it. */
  frame(packet: Buffer): Buffer | undefined {
    const framed = this.framing?.frame(packet)
    return framed && this.outgoing ? this.outgoing.update(framed) : framed
  }

  private packets(framing: Framing): Buffer[] {
    const packets: Buffer[] = []
    for (let taken = framing.take(this.buffered); taken; taken = framing.take(this.buffered)) {
      packets.push(taken.packet)
      this.buffered = taken.rest
    }
    return packets
  }

  private detect(): void {
    const head = this.buffered
    if (head.length === 0) return
    if (head[0] === ABRIDGED) return this.use(abridged(), 1)
    if (head.length < 8) return
    const tag = head.readUInt32LE(0)
    if (tag === INTERMEDIATE) return this.use(intermediate(), 4)
    if (tag === PADDED) return this.use(padded(), 4)
    if (head.readUInt32LE(4) === 0) return this.use(full(), 0)
    if (head.length >= OBFUSCATED_HEADER) this.deobfuscate(head)
  }

  private use(framing: Framing, headerBytes: number): void {
    this.framing = framing
    this.buffered = this.buffered.subarray(headerBytes)
  }

  private deobfuscate(head: Buffer): void {
    const secret = head.subarray(8, 56)
    const reversed = Buffer.from(secret).reverse()
    this.incoming = createDecipheriv('aes-256-ctr', secret.subarray(0, 32), secret.subarray(32))
    this.outgoing = createCipheriv('aes-256-ctr', reversed.subarray(0, 32), reversed.subarray(32))
    const opened = this.incoming.update(head)
    this.buffered = opened
    this.use(framingOf(opened.readUInt32LE(56)), OBFUSCATED_HEADER)
  }
}

function framingOf(tag: number): Framing {
  if (tag === 0xefefefef) return abridged()
  if (tag === INTERMEDIATE) return intermediate()
  if (tag === PADDED) return padded()
  throw new RangeError('Unknown transport inside the obfuscation')
}
