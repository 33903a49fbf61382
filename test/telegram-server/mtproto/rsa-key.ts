import {
  constants,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  privateDecrypt,
  type KeyObject,
} from 'node:crypto'
import { ByteWriter } from '../tl/byte-writer'

export interface PublicKeyReport {
  /** PEM "RSA PUBLIC KEY". */
  pkcs1: string
  /** PEM "PUBLIC KEY". */
  spki: string
  /** Signed 64 bits in decimal, as GramJS names its keys. */
  fingerprint: string
}

const KEY_BITS = 2048

/** The key by which a data centre proves to be itself when a new authorization key is made. */
export class RsaKey {
  /** The lower 64 bits of the SHA-1 of n and e as TL strings. */
  readonly fingerprint: bigint
  private readonly publicKey: KeyObject

  constructor(private readonly privateKey: KeyObject) {
    this.publicKey = createPublicKey(privateKey)
    const { n, e } = this.publicKey.export({ format: 'jwk' })
    const writer = new ByteWriter()
    for (const part of [n, e]) writer.byteString(Buffer.from(part ?? '', 'base64url'))
    this.fingerprint = createHash('sha1').update(writer.take()).digest().readBigInt64LE(12)
  }

  static fromPem(pem: string): RsaKey {
    return new RsaKey(createPrivateKey(pem))
  }

  static generate(): RsaKey {
    return new RsaKey(generateKeyPairSync('rsa', { modulusLength: KEY_BITS }).privateKey)
  }

  /** The 256 bytes that were raised to the public exponent; throws when they are not below n. */
  decrypt(encrypted: Buffer): Buffer {
    return privateDecrypt({ key: this.privateKey, padding: constants.RSA_NO_PADDING }, encrypted)
  }

  report(): PublicKeyReport {
    return {
      pkcs1: this.publicKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
      spki: this.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      fingerprint: this.fingerprint.toString(),
    }
  }
}
