import { createHash, createPublicKey } from 'node:crypto'
import { helpers, serverKeys } from './gramjs'

/**
 * Lets GramJS shake hands with data centres that have these RSA keys, beside Telegram's own. A key is found by its fingerprint:
 * the lower 64 bits of SHA1 over n and e as TL strings (core.telegram.org/mtproto/auth_key).
 */
export function trustServerKeys(pems: readonly string[]): void {
  for (const pem of pems) {
    const { n = '', e = '' } = createPublicKey(pem).export({ format: 'jwk' })
    const [modulus, exponent] = [Buffer.from(n, 'base64url'), Buffer.from(e, 'base64url')]
    const number = (bytes: Buffer) => helpers.readBigIntFromBuffer(bytes, false)
    serverKeys.set(fingerprint(modulus, exponent), { n: number(modulus), e: number(exponent).toJSNumber() })
  }
}

function fingerprint(modulus: Buffer, exponent: Buffer): string {
  const digest = createHash('sha1')
    .update(Buffer.concat([tlBytes(modulus), tlBytes(exponent)]))
    .digest()
  return digest.readBigInt64LE(12).toString()
}

/** Length, bytes, and zeros up to a multiple of four (core.telegram.org/mtproto/serialize). */
function tlBytes(bytes: Buffer): Buffer {
  const head =
    bytes.length < 254 ? [bytes.length] : [254, bytes.length & 255, (bytes.length >> 8) & 255, bytes.length >> 16]
  const padding = (4 - ((head.length + bytes.length) % 4)) % 4
  return Buffer.concat([Buffer.from(head), bytes, Buffer.alloc(padding)])
}
