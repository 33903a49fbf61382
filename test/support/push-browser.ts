import { createDecipheriv, createECDH, createHash, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto'
import type { components } from '../../openapi/generated/sentinel'
import type { Received } from './http-receiver'

export type PushMessage = components['schemas']['PushMessage']
export type PushSubscription = components['schemas']['PushSubscription']

const CURVE = 'prime256v1'
const SALT_BYTES = 16
const TAG_BYTES = 16

/** A browser as push services know it: keys of its own, and RFC 8291 and RFC 8292 read anew from their text, with Node's crypto alone. */
export class PushBrowser {
  private readonly ecdh = createECDH(CURVE)
  private readonly authSecret: Buffer

  /** Keys in base64url; made up where none are given. */
  constructor(keys?: { privateKey: string; auth: string }) {
    if (keys) this.ecdh.setPrivateKey(keys.privateKey, 'base64url')
    else this.ecdh.generateKeys()
    this.authSecret = keys ? Buffer.from(keys.auth, 'base64url') : randomBytes(16)
  }

  subscriptionAt(endpoint: string): PushSubscription {
    const p256dh = this.ecdh.getPublicKey('base64url')
    return { endpoint, p256dh, auth: this.authSecret.toString('base64url') }
  }

  read({ bytes }: Pick<Received, 'bytes'>): PushMessage {
    return JSON.parse(this.decrypt(bytes)) as PushMessage
  }

  /** One record of aes128gcm (RFC 8188) under the key of RFC 8291 section 3.4. @throws where a bit of it is wrong */
  decrypt(body: Buffer): string {
    const salt = body.subarray(0, SALT_BYTES)
    const recordSize = body.readUInt32BE(SALT_BYTES)
    const keyEnd = SALT_BYTES + 5 + body.readUInt8(SALT_BYTES + 4)
    const senderKey = body.subarray(SALT_BYTES + 5, keyEnd)
    const record = body.subarray(keyEnd)
    if (record.length > recordSize) throw new Error('more than one record')
    const info = Buffer.concat([Buffer.from('WebPush: info\0'), this.ecdh.getPublicKey(), senderKey])
    const key = derived(this.ecdh.computeSecret(senderKey), this.authSecret, info, 32)
    const contentKey = derived(key, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16)
    const nonce = derived(key, salt, Buffer.from('Content-Encoding: nonce\0'), 12)
    const decipher = createDecipheriv('aes-128-gcm', contentKey, nonce).setAuthTag(record.subarray(-TAG_BYTES))
    const padded = Buffer.concat([decipher.update(record.subarray(0, -TAG_BYTES)), decipher.final()])
    const end = padded.lastIndexOf(2)
    if (end < 0 || padded.subarray(end + 1).some((byte) => byte !== 0)) throw new Error('no end of the last record')
    return padded.subarray(0, end).toString('utf8')
  }
}

/** Claims of the token by which a sentinel says who it is. @throws where `publicKey` did not sign it */
export function vapidClaims(authorization: string, publicKey: string): { aud: string; exp: number; sub: string } {
  const [, token = '', key] = /^vapid t=([\w.-]+), k=([\w-]+)$/.exec(authorization) ?? []
  if (key !== publicKey) throw new Error('another key')
  const point = Buffer.from(publicKey, 'base64url')
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString('base64url')) as [
    string,
    string,
  ]
  const signer = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' })
  const [head = '', claims = '', signature = ''] = token.split('.')
  const signed = Buffer.from(`${head}.${claims}`)
  const options = { key: signer, dsaEncoding: 'ieee-p1363' } as const
  if (!verify('sha256', signed, options, Buffer.from(signature, 'base64url'))) throw new Error('not signed by the key')
  return JSON.parse(Buffer.from(claims, 'base64url').toString('utf8'))
}

/** As the page finds the destination of its own subscription. */
export function subscriptionId(endpoint: string): string {
  return createHash('sha256').update(endpoint).digest('base64url')
}

function derived(secret: Buffer, salt: Buffer, info: Buffer, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, info, length))
}
