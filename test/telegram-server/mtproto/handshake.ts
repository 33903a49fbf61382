import { generatePrimeSync, randomBytes } from 'node:crypto'
import { UnknownConstructorError, type TlObject } from '../tl/codec'
import { handshakeCodec } from '../tl/layers'
import { AuthKey, type AuthKeys } from './auth-keys'
import { igeDecrypt, igeEncrypt } from './crypto'
import { GENERATOR, isSafePower, power, PRIME, toBytes, toNumber } from './modular'
import type { RsaKey } from './rsa-key'
import { openSealedNonce, sha } from './sealed-nonce'

const FACTOR_BITS = 31
/** Test data centres count from 10,000, media ones are negative. */
const TEST_DC_BASE = 10_000

interface Exchange {
  nonce: Buffer
  serverNonce: Buffer
  p: bigint
  q: bigint
  secret?: bigint
  newNonce?: Buffer
  cipher?: { key: Buffer; iv: Buffer }
}

/**
 * Makes an authorization key with a client that has none (core.telegram.org/mtproto/auth_key). One exchange at a time per
 * connection. Temporary keys are made too, but do not expire and cannot be bound.
 */
export class Handshake {
  private exchange: Exchange | undefined

  constructor(
    private readonly dc: number,
    private readonly rsa: () => RsaKey,
    private readonly authKeys: AuthKeys,
  ) {}

  /** The answer to a plain message, or nothing to what does not belong here. */
  receive(body: Buffer): Buffer | undefined {
    try {
      const answer = this.answerTo(handshakeCodec.decode(body))
      return answer && handshakeCodec.encode(answer)
    } catch (error) {
      if (error instanceof UnknownConstructorError || error instanceof RangeError) return undefined
      throw error
    }
  }

  private answerTo(query: TlObject): TlObject | undefined {
    if (query._ === 'req_pq' || query._ === 'req_pq_multi') return this.begin(query['nonce'] as Buffer)
    const { exchange } = this
    if (!exchange?.nonce.equals(bytes(query, 'nonce')) || !exchange.serverNonce.equals(bytes(query, 'server_nonce')))
      return undefined
    if (query._ === 'req_DH_params') return this.offer(exchange, query)
    return query._ === 'set_client_DH_params' ? this.finish(exchange, query) : undefined
  }

  private begin(nonce: Buffer): TlObject {
    const [p, q] = factors()
    const serverNonce = randomBytes(16)
    this.exchange = { nonce: Buffer.from(nonce), serverNonce, p, q }
    return {
      _: 'resPQ',
      nonce,
      server_nonce: serverNonce,
      pq: toBytes(p * q, 8),
      server_public_key_fingerprints: [this.rsa().fingerprint],
    }
  }

  private offer(exchange: Exchange, query: TlObject): TlObject | undefined {
    const { nonce, serverNonce, p, q } = exchange
    if (query['public_key_fingerprint'] !== this.rsa().fingerprint) return undefined
    if (toNumber(bytes(query, 'p')) !== p || toNumber(bytes(query, 'q')) !== q) return undefined
    const inner = this.openInner(bytes(query, 'encrypted_data'))
    if (!inner || !nonce.equals(bytes(inner, 'nonce')) || !this.isForHere(inner)) return undefined
    const newNonce = Buffer.from(bytes(inner, 'new_nonce'))
    const secret = toNumber(randomBytes(256))
    Object.assign(exchange, { newNonce, secret, cipher: cipherOf(serverNonce, newNonce) })
    return { _: 'server_DH_params_ok', ...noncesOf(exchange), encrypted_answer: sealedOffer(exchange, secret) }
  }

  private openInner(encrypted: Buffer): TlObject | undefined {
    if (encrypted.length !== 256) return undefined
    try {
      return openSealedNonce(this.rsa().decrypt(encrypted))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code?.startsWith('ERR_OSSL')) return undefined
      throw error
    }
  }

  private isForHere(inner: TlObject): boolean {
    return inner['dc'] === undefined || Math.abs(inner['dc'] as number) % TEST_DC_BASE === this.dc
  }

  private finish(exchange: Exchange, query: TlObject): TlObject | undefined {
    const { cipher, secret, newNonce, serverNonce } = exchange
    const sealed = bytes(query, 'encrypted_data')
    if (!cipher || !secret || !newNonce || sealed.length % 16 !== 0) return undefined
    const opened = igeDecrypt(sealed, cipher.key, cipher.iv)
    const inner = handshakeCodec.decode(opened.subarray(20))
    const plain = opened.subarray(20, 20 + handshakeCodec.encode(inner).length)
    if (!sha('sha1', plain).equals(opened.subarray(0, 20))) return undefined
    const theirs = toNumber(bytes(inner, 'g_b'))
    if (!isSafePower(theirs)) return undefined
    const key = new AuthKey(toBytes(power(theirs, secret)), saltOf(newNonce, serverNonce), this.dc)
    this.authKeys.add(key)
    this.exchange = undefined
    return { _: 'dh_gen_ok', ...noncesOf(exchange), new_nonce_hash1: nonceHash(newNonce, 1, key.bytes) }
  }
}

function factors(): [bigint, bigint] {
  const [one, other] = [0, 0].map(() => generatePrimeSync(FACTOR_BITS, { bigint: true })) as [bigint, bigint]
  if (one === other) return factors()
  return one < other ? [one, other] : [other, one]
}

function sealedOffer(exchange: Exchange, secret: bigint): Buffer {
  const answer = handshakeCodec.encode({
    _: 'server_DH_inner_data',
    ...noncesOf(exchange),
    g: GENERATOR,
    dh_prime: toBytes(PRIME),
    g_a: toBytes(power(BigInt(GENERATOR), secret)),
    server_time: Math.floor(Date.now() / 1000),
  })
  const hashed = Buffer.concat([sha('sha1', answer), answer])
  const padded = Buffer.concat([hashed, randomBytes((16 - (hashed.length % 16)) % 16)])
  return igeEncrypt(padded, exchange.cipher!.key, exchange.cipher!.iv)
}

function cipherOf(serverNonce: Buffer, newNonce: Buffer): { key: Buffer; iv: Buffer } {
  const serverFirst = sha('sha1', serverNonce, newNonce)
  return {
    key: Buffer.concat([sha('sha1', newNonce, serverNonce), serverFirst.subarray(0, 12)]),
    iv: Buffer.concat([serverFirst.subarray(12), sha('sha1', newNonce, newNonce), newNonce.subarray(0, 4)]),
  }
}

function saltOf(newNonce: Buffer, serverNonce: Buffer): bigint {
  return newNonce.readBigInt64LE(0) ^ serverNonce.readBigInt64LE(0)
}

function nonceHash(newNonce: Buffer, number: number, authKey: Buffer): Buffer {
  const auxiliary = sha('sha1', authKey).subarray(0, 8)
  return sha('sha1', newNonce, Buffer.from([number]), auxiliary).subarray(4)
}

function noncesOf({ nonce, serverNonce }: Exchange) {
  return { nonce, server_nonce: serverNonce }
}

function bytes(object: TlObject, field: string): Buffer {
  return object[field] as Buffer
}
