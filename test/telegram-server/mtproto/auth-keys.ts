import { authKeyId } from './crypto'
import type { Session } from './session'

/** Stands for the account of a key that nobody has signed in with. */
export const NOBODY = 0

/** One authorization key: whose it is, the data centre it is bound to, what layer it speaks, its salt and its sessions. */
export class AuthKey {
  readonly id: bigint
  readonly sessions = new Map<bigint, Session>()
  account = NOBODY
  /** Who has given the right code and still owes the password. */
  owesPasswordOf: number | undefined
  layer: number | undefined

  constructor(
    readonly bytes: Buffer,
    public salt: bigint,
    readonly dc: number,
  ) {
    this.id = authKeyId(bytes)
  }

  get isAuthorized(): boolean {
    return this.account !== NOBODY
  }

  signIn(account: number): void {
    this.account = account
    this.owesPasswordOf = undefined
  }

  signOut(): void {
    this.account = NOBODY
    this.owesPasswordOf = undefined
  }
}

/** The keys of all data centres. Keys enter by provisioning or by a handshake. */
export class AuthKeys {
  private readonly keys = new Map<bigint, AuthKey>()

  add(key: AuthKey): void {
    this.keys.set(key.id, key)
  }

  find(id: bigint): AuthKey | undefined {
    return this.keys.get(id)
  }

  ofAccount(account: number): AuthKey[] {
    return this.all().filter((key) => key.account === account)
  }

  all(): AuthKey[] {
    return [...this.keys.values()]
  }
}
