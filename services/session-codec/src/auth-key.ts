import { createHash } from 'node:crypto'

/** How Telegram names an authorization key: bytes 12 to 20 of its SHA-1, as hex, and as a little-endian number. */
export function authKeyId(key: Buffer): { hex: string; u64: bigint } {
  const id = createHash('sha1').update(key).digest().subarray(12, 20)
  return { hex: id.toString('hex'), u64: id.readBigUInt64LE(0) }
}
