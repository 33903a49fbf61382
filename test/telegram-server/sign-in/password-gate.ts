import { randomBytes } from 'node:crypto'
import { isSafePower, GENERATOR, PRIME, PRIME_BYTES, toBytes, toNumber } from '../mtproto/modular'
import type { AuthKey } from '../mtproto/auth-keys'
import { RpcError } from '../rpc/rpc-error'
import type { TlObject } from '../tl/codec'
import type { Account } from '../world/model'
import { challengeOf, expectedProof, makeVerifier, type Verifier } from './password-proof'
import type { SignInOptions } from './sign-in-options'

interface Challenge {
  id: bigint
  secret: bigint
  bytes: Buffer
}

/** Asks for passwords and checks them; the last challenge of a key is the one that counts. */
export class PasswordGate {
  private readonly verifiers = new Map<Account, { password: string; verifier: Verifier }>()
  private readonly challenges = new Map<AuthKey, Challenge>()
  private readonly wrong = new Map<Account, number>()
  private readonly closedUntil = new Map<Account, number>()

  constructor(
    private readonly options: SignInOptions,
    private readonly now: () => number,
  ) {}

  describe(key: AuthKey, account: Account): TlObject {
    const common = {
      _: 'account.password',
      new_algo: algorithm(randomBytes(8), randomBytes(16)),
      new_secure_algo: { _: 'securePasswordKdfAlgoPBKDF2HMACSHA512iter100000', salt: randomBytes(8) },
      secure_random: randomBytes(256),
    }
    const verifier = this.verifierOf(account)
    if (!verifier) return common
    const challenge = this.challenge(key, verifier)
    return {
      ...common,
      has_password: true,
      current_algo: algorithm(verifier.salt1, verifier.salt2),
      srp_B: challenge.bytes,
      srp_id: challenge.id,
      hint: account.passwordHint,
    }
  }

  check(key: AuthKey, account: Account, proof: TlObject): void {
    const left = (this.closedUntil.get(account) ?? 0) - this.now()
    if (left > 0) throw new RpcError(420, `FLOOD_WAIT_${left}`)
    const verifier = this.verifierOf(account)
    if (!verifier || proof._ === 'inputCheckPasswordEmpty') throw new RpcError(400, 'PASSWORD_HASH_INVALID')
    const challenge = this.challenges.get(key)
    if (!challenge || challenge.id !== proof['srp_id']) throw new RpcError(400, 'SRP_ID_INVALID')
    const theirs = proof['A'] as Buffer
    if (theirs.length !== PRIME_BYTES || !isSafePower(toNumber(theirs))) throw new RpcError(400, 'SRP_A_INVALID')
    const expected = expectedProof(verifier, challenge.secret, theirs, challenge.bytes)
    if (!expected.equals(proof['M1'] as Buffer)) this.refuse(account)
    this.challenges.delete(key)
    this.wrong.delete(account)
  }

  private refuse(account: Account): never {
    const wrong = (this.wrong.get(account) ?? 0) + 1
    this.wrong.set(account, wrong)
    if (wrong >= this.options.passwordAttempts) {
      this.closedUntil.set(account, this.now() + this.options.passwordFloodSeconds)
      this.wrong.delete(account)
    }
    throw new RpcError(400, 'PASSWORD_HASH_INVALID')
  }

  private challenge(key: AuthKey, verifier: Verifier): Challenge {
    const secret = toNumber(randomBytes(PRIME_BYTES))
    const challenge = { id: randomBytes(8).readBigInt64LE(), secret, bytes: challengeOf(verifier, secret) }
    this.challenges.set(key, challenge)
    return challenge
  }

  /** Made at first use: it costs a tenth of a second. */
  private verifierOf(account: Account): Verifier | undefined {
    const { password } = account
    if (password === undefined) return undefined
    const known = this.verifiers.get(account)
    if (known?.password === password) return known.verifier
    const verifier = makeVerifier(password)
    this.verifiers.set(account, { password, verifier })
    return verifier
  }
}

function algorithm(salt1: Buffer, salt2: Buffer): TlObject {
  const name = 'passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow'
  return { _: name, salt1, salt2, g: GENERATOR, p: toBytes(PRIME) }
}
