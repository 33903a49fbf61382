import { randomBytes } from 'node:crypto'

/**
 * The intermediate transport, padded or not (core.telegram.org/mtproto/mtproto-transports): a length, a packet of MTProto, and up
 * to 15 bytes that mean nothing.
 */
export const LENGTH_BYTES = 4
const KEY_ID_BYTES = 8
/** Before the body of a message in clear: id of the key, id, length. */
const CLEAR_HEADER_BYTES = 20
/** Before the body of an encrypted one, which fills blocks of 16: id of the key, key. */
const SEALED_HEADER_BYTES = 24
const BLOCK_BYTES = 16
const TRANSPORT_ERROR_BYTES = 4

export function frame(packet: Buffer, isPadded: boolean): Buffer {
  const padding = isPadded ? randomBytes((randomBytes(1)[0] ?? 0) % BLOCK_BYTES) : Buffer.alloc(0)
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeUInt32LE(packet.length + padding.length)
  return Buffer.concat([length, packet, padding])
}

/** The packet without its padding, whose length nobody tells: it follows from what a packet is. */
export function unpadded(padded: Buffer): Buffer {
  if (padded.length < CLEAR_HEADER_BYTES) return padded.subarray(0, TRANSPORT_ERROR_BYTES)
  const isClear = padded.readBigUInt64LE(0) === 0n
  if (isClear) return padded.subarray(0, CLEAR_HEADER_BYTES + padded.readUInt32LE(KEY_ID_BYTES * 2))
  return padded.subarray(0, padded.length - ((padded.length - SEALED_HEADER_BYTES) % BLOCK_BYTES))
}
