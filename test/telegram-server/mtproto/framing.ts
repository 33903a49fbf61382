import { randomBytes } from 'node:crypto'
import { crc32 } from './crc32'

/** How packets are laid into a stream. `take` returns the next whole packet and what is left, or undefined until it is complete. */
export interface Framing {
  take(buffered: Buffer): { packet: Buffer; rest: Buffer } | undefined
  frame(packet: Buffer): Buffer
}

const MAX_PACKET_BYTES = 16 * 1024 * 1024

export function abridged(): Framing {
  return {
    take(buffered) {
      if (buffered.length < 4) return undefined
      const first = buffered[0]! & 0x7f
      const header = first < 0x7f ? 1 : 4
      return cut(buffered, header, 4 * (first < 0x7f ? first : buffered.readUIntLE(1, 3)))
    },
    frame(packet) {
      const size = packet.length / 4
      const header = size < 0x7f ? [size] : [0x7f, size & 0xff, (size >> 8) & 0xff, (size >> 16) & 0xff]
      return Buffer.concat([Buffer.from(header), packet])
    },
  }
}

export function intermediate(): Framing {
  return { take: takeIntermediate, frame: (packet) => Buffer.concat([int32(packet.length), packet]) }
}

export function padded(): Framing {
  return {
    take: takeIntermediate,
    frame(packet) {
      const padding = randomBytes(packet.length % 16)
      return Buffer.concat([int32(packet.length + padding.length), packet, padding])
    },
  }
}

export function full(): Framing {
  let sent = 0
  return {
    take(buffered) {
      if (buffered.length < 4) return undefined
      const taken = cut(buffered, 0, buffered.readUInt32LE(0))
      if (!taken) return undefined
      const end = taken.packet.length - 4
      if (end < 8) throw new RangeError('Packet of the full transport is too short')
      if (crc32(taken.packet.subarray(0, end)) !== taken.packet.readInt32LE(end))
        throw new RangeError('Checksum differs')
      return { packet: taken.packet.subarray(8, end), rest: taken.rest }
    },
    frame(packet) {
      const header = Buffer.concat([int32(packet.length + 12), int32(sent++)])
      return Buffer.concat([header, packet, int32(crc32(header, packet))])
    },
  }
}

function takeIntermediate(buffered: Buffer): ReturnType<Framing['take']> {
  return buffered.length < 4 ? undefined : cut(buffered, 4, buffered.readUInt32LE(0) & 0x7fffffff)
}

function cut(buffered: Buffer, header: number, size: number): ReturnType<Framing['take']> {
  if (size > MAX_PACKET_BYTES) throw new RangeError('Packet is too large')
  const end = header + size
  if (buffered.length < end) return undefined
  return { packet: buffered.subarray(header, end), rest: buffered.subarray(end) }
}

function int32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4)
  bytes.writeInt32LE(value | 0)
  return bytes
}
