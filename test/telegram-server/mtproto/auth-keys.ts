import { authKeyId } from './crypto'
import type { Session } from './session'

/** One authorization key: whose it is, what layer it speaks, its salt and its sessions. */
export class AuthKey {
  readonly id: bigint
  readonly sessions = new Map<bigint, Session>()
  isAuthorized = true
  layer: number | undefined

  constructor(
    readonly bytes: Buffer,
    readonly account: number,
    public salt: bigint,
  ) {
    this.id = authKeyId(bytes)
  }
}

/** The keys this data centre knows. Keys enter by provisioning or by a handshake. */
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
