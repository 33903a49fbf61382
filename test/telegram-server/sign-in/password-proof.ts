import { createHash, pbkdf2Sync, randomBytes } from 'node:crypto'
import { GENERATOR, power, PRIME, toBytes, toNumber } from '../mtproto/modular'

/** The server's side of SRP as Telegram does it. Source: core.telegram.org/api/srp */

export interface Verifier {
  salt1: Buffer
  salt2: Buffer
  value: bigint
}

const ITERATIONS = 100_000
const P = toBytes(PRIME)
const G = toBytes(BigInt(GENERATOR))
const MULTIPLIER = toNumber(hash(P, G))

export function makeVerifier(password: string): Verifier {
  const [salt1, salt2] = [randomBytes(8), randomBytes(16)]
  const value = power(BigInt(GENERATOR), toNumber(passwordHash(Buffer.from(password), salt1, salt2)))
  return { salt1, salt2, value }
}

export function challengeOf({ value }: Verifier, secret: bigint): Buffer {
  return toBytes((MULTIPLIER * value + power(BigInt(GENERATOR), secret)) % PRIME)
}

/** What a client that knows the password sends as M1, given its A and our challenge B. */
export function expectedProof(verifier: Verifier, secret: bigint, theirs: Buffer, challenge: Buffer): Buffer {
  const scrambler = toNumber(hash(theirs, challenge))
  const shared = power((toNumber(theirs) * power(verifier.value, scrambler)) % PRIME, secret)
  const groups = Buffer.from(hash(P).map((byte, at) => byte ^ hash(G)[at]!))
  return hash(groups, hash(verifier.salt1), hash(verifier.salt2), theirs, challenge, hash(toBytes(shared)))
}

function passwordHash(password: Buffer, salt1: Buffer, salt2: Buffer): Buffer {
  const first = salted(salted(password, salt1), salt2)
  return salted(pbkdf2Sync(first, salt1, ITERATIONS, 64, 'sha512'), salt2)
}

function salted(data: Buffer, salt: Buffer): Buffer {
  return hash(salt, data, salt)
}

function hash(...parts: Buffer[]): Buffer {
  return createHash('sha256').update(Buffer.concat(parts)).digest()
}
