import type { AuthKey } from '../mtproto/auth-keys'
import type { RandomTrouble } from './random-trouble'
import { RpcError } from './rpc-error'

/** `*` stands for every method. */
export interface MethodError {
  method: string
  code: number
  type: string
  times: number
  account?: number
}

export interface MethodDelay {
  method: string
  delayMs: number
  times: number
}

/** Unix seconds. */
export interface Freeze {
  since: number
  until: number
  appealUrl: string
}

/** What a frozen account may still call. */
const ALLOWED_WHEN_FROZEN = /^(help|auth|users|account)\./

/** What is to go wrong, as asked for by a test. */
export class Trouble {
  isMuted = false
  /** Accounts whose keys the server claims not to know (-404). */
  readonly forgottenAccounts = new Set<number>()
  /** Marked ids of chats whose messages are stored but never pushed, as happens to large channels. */
  readonly silentChats = new Set<number>()
  gzipOverBytes = Number.POSITIVE_INFINITY
  clockOffsetSeconds = 0
  pushesToLose = 0
  pushesToRepeat = 0
  pushesToReverse = 0
  /** Users whom an account meets in channels are pushed without a usable access hash. */
  hasMinPeers = false
  /** Pushed `updates` come without the users and chats that they speak of. */
  omitsPeers = false
  /** The account's difference carries news of channels, too. */
  tellsOfChannels = false
  /** What newer layers brought is withheld, as from a client of this one; null: nothing is. */
  withheldAbove: number | null = null
  /** Accounts that may read no more (core.telegram.org/api/auth#frozen-accounts). */
  readonly frozen = new Map<number, Freeze>()
  random: RandomTrouble | undefined
  private readonly revocations = new Map<AuthKey, RpcError>()
  private errors: MethodError[] = []
  private delays: MethodDelay[] = []

  fail(error: MethodError): void {
    this.errors.push({ ...error })
  }

  /** For good: every call with the key fails like this, and nothing is pushed to it. */
  revoke(key: AuthKey, error: RpcError): void {
    this.revocations.set(key, error)
  }

  isRevoked(key: AuthKey): boolean {
    return this.revocations.has(key)
  }

  delay(delay: MethodDelay): void {
    this.delays.push({ ...delay })
  }

  takeError(method: string, key: AuthKey): RpcError | undefined {
    const revocation = this.revocations.get(key)
    if (revocation) return revocation
    if (this.frozen.has(key.account) && !ALLOWED_WHEN_FROZEN.test(method))
      return new RpcError(420, 'FROZEN_METHOD_INVALID')
    const error = this.errors.find((one) => concerns(one, method) && (one.account ?? key.account) === key.account)
    if (!error) return undefined
    error.times -= 1
    this.errors = this.errors.filter(({ times }) => times > 0)
    return new RpcError(error.code, error.type)
  }

  takeDelayMs(method: string): number {
    const delay = this.delays.find((one) => concerns(one, method))
    if (!delay) return 0
    delay.times -= 1
    this.delays = this.delays.filter(({ times }) => times > 0)
    return delay.delayMs
  }

  clear(): void {
    this.errors = []
    this.delays = []
    this.isMuted = false
    this.forgottenAccounts.clear()
    this.silentChats.clear()
    this.revocations.clear()
    this.gzipOverBytes = Number.POSITIVE_INFINITY
    this.clockOffsetSeconds = 0
    this.hasMinPeers = this.omitsPeers = this.tellsOfChannels = false
    this.withheldAbove = null
    this.frozen.clear()
    this.random?.flush()
    this.random = undefined
    this.pushesToLose = this.pushesToRepeat = this.pushesToReverse = 0
  }
}

function concerns({ method }: { method: string }, called: string): boolean {
  return method === '*' || method.toLowerCase() === called.toLowerCase()
}
