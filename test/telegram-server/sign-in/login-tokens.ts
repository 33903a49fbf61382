import { randomBytes } from 'node:crypto'
import type { AuthKey } from '../mtproto/auth-keys'
import { RpcError } from '../rpc/rpc-error'
import type { SignInOptions } from './sign-in-options'

export interface LoginToken {
  bytes: Buffer
  /** Unix seconds. */
  expires: number
  key: AuthKey
  acceptedBy?: number
}

/** What is shown as a QR code: it names the key that wants to sign in, until somebody accepts it or its time is over. */
export class LoginTokens {
  private readonly tokens = new Map<string, LoginToken>()

  constructor(
    private readonly options: SignInOptions,
    private readonly now: () => number,
  ) {}

  /** The accepted one of the key, if there is one; a new one otherwise. */
  export(key: AuthKey): LoginToken {
    const accepted = [...this.tokens.values()].find((token) => token.key === key && token.acceptedBy !== undefined)
    if (accepted) return accepted
    const token = { bytes: randomBytes(32), expires: this.now() + this.options.loginTokenSeconds, key }
    this.tokens.set(nameOf(token.bytes), token)
    return token
  }

  accept(bytes: Buffer, account: number): LoginToken {
    const token = this.find(bytes)
    if (token.acceptedBy !== undefined) throw new RpcError(400, 'AUTH_TOKEN_ALREADY_ACCEPTED')
    if (token.expires <= this.now()) throw new RpcError(400, 'AUTH_TOKEN_EXPIRED')
    token.acceptedBy = account
    return token
  }

  /** On the account's own data centre, once another has sent the client there. */
  import(bytes: Buffer): LoginToken & { acceptedBy: number } {
    const { acceptedBy, ...token } = this.find(bytes)
    if (acceptedBy === undefined) throw new RpcError(400, 'AUTH_TOKEN_INVALID')
    return { ...token, acceptedBy }
  }

  forget({ bytes }: Pick<LoginToken, 'bytes'>): void {
    this.tokens.delete(nameOf(bytes))
  }

  private find(bytes: Buffer): LoginToken {
    const token = this.tokens.get(nameOf(bytes))
    if (!token) throw new RpcError(400, 'AUTH_TOKEN_INVALID')
    return token
  }
}

/** Takes the bytes in base64url, alone or in a tg://login link. */
export function readToken(text: string): Buffer {
  return Buffer.from(text.replace(/^.*[?&]token=/, ''), 'base64url')
}

function nameOf(bytes: Buffer): string {
  return bytes.toString('hex')
}
