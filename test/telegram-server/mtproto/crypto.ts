import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'

const BLOCK_WORDS = 4

/**
 * IGE is not offered natively, but CBC is: with x_i = p_i xor p_(i-2), CBC yields d_i = E(x_i xor d_(i-1)), and
 * c_i = d_i xor p_(i-1). Here p_(-1) is the second half of the iv and p_(-2) is zero.
 */
export function igeEncrypt(plain: Buffer, key: Buffer, iv: Buffer): Buffer {
  const p = words(plain)
  const before = words(iv.subarray(16, 32))
  const x = new Int32Array(p.length)
  for (let i = 0; i < p.length; i++) {
    x[i] = p[i]! ^ (i < BLOCK_WORDS ? 0 : i < 2 * BLOCK_WORDS ? before[i - BLOCK_WORDS]! : p[i - 2 * BLOCK_WORDS]!)
  }
  const cipher = createCipheriv('aes-256-cbc', key, iv.subarray(0, 16)).setAutoPadding(false)
  const d = words(cipher.update(bytesOf(x)))
  for (let i = 0; i < d.length; i++) d[i]! ^= i < BLOCK_WORDS ? before[i]! : p[i - BLOCK_WORDS]!
  return bytesOf(d)
}

/** Decryption feeds each plain block into the next, so it goes block by block through ECB. */
export function igeDecrypt(encrypted: Buffer, key: Buffer, iv: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-ecb', key, null).setAutoPadding(false)
  const c = words(encrypted)
  const p = new Int32Array(c.length)
  const ivWords = words(iv)
  const block = new Int32Array(BLOCK_WORDS)
  const blockBytes = bytesOf(block)
  for (let at = 0; at < c.length; at += BLOCK_WORDS) {
    for (let i = 0; i < BLOCK_WORDS; i++) {
      block[i] = c[at + i]! ^ (at === 0 ? ivWords[BLOCK_WORDS + i]! : p[at + i - BLOCK_WORDS]!)
    }
    const opened = words(decipher.update(blockBytes))
    for (let i = 0; i < BLOCK_WORDS; i++) p[at + i] = opened[i]! ^ (at === 0 ? ivWords[i]! : c[at + i - BLOCK_WORDS]!)
  }
  return bytesOf(p)
}

export type Sender = 'client' | 'server'

export function messageKey(authKey: Buffer, plain: Buffer, sender: Sender): Buffer {
  const x = offset(sender)
  return createHash('sha256')
    .update(authKey.subarray(88 + x, 120 + x))
    .update(plain)
    .digest()
    .subarray(8, 24)
}

export function aesKeyAndIv(authKey: Buffer, msgKey: Buffer, sender: Sender): { key: Buffer; iv: Buffer } {
  const x = offset(sender)
  const a = createHash('sha256')
    .update(msgKey)
    .update(authKey.subarray(x, x + 36))
    .digest()
  const b = createHash('sha256')
    .update(authKey.subarray(40 + x, 76 + x))
    .update(msgKey)
    .digest()
  return {
    key: Buffer.concat([a.subarray(0, 8), b.subarray(8, 24), a.subarray(24, 32)]),
    iv: Buffer.concat([b.subarray(0, 8), a.subarray(8, 24), b.subarray(24, 32)]),
  }
}

/** The last 64 bits of the key's SHA-1, as an unsigned number. */
export function authKeyId(authKey: Buffer): bigint {
  return createHash('sha1').update(authKey).digest().readBigUInt64LE(12)
}

function offset(sender: Sender): number {
  return sender === 'client' ? 0 : 8
}

function words(bytes: Buffer): Int32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : Uint8Array.prototype.slice.call(bytes)
  return new Int32Array(aligned.buffer, aligned.byteOffset, bytes.length / 4)
}

function bytesOf(array: Int32Array): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength)
}
