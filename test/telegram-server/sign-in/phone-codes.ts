import { randomBytes, randomInt } from 'node:crypto'
import { RpcError } from '../rpc/rpc-error'
import type { TlObject } from '../tl/codec'
import type { CodeWay, SignInOptions } from './sign-in-options'

interface SentCode {
  code: string
  hash: string
  /** Index into the ways. */
  way: number
  sentAt: number
  wrong: number
}

const SENT_TYPES: Record<CodeWay, string> = {
  app: 'auth.sentCodeTypeApp',
  sms: 'auth.sentCodeTypeSms',
  call: 'auth.sentCodeTypeCall',
}
/** No code type is for the app: one cannot ask for it. */
const NEXT_TYPES: Record<CodeWay, string> = {
  app: 'auth.codeTypeSms',
  sms: 'auth.codeTypeSms',
  call: 'auth.codeTypeCall',
}

/** The code last sent to each phone number. */
export class PhoneCodes {
  private readonly codes = new Map<string, SentCode>()

  constructor(
    private readonly options: SignInOptions,
    private readonly now: () => number,
  ) {}

  send(phone: string): TlObject {
    const { bannedPhones, floodedPhones } = this.options
    if (bannedPhones.map(readPhone).includes(phone)) throw new RpcError(400, 'PHONE_NUMBER_BANNED')
    if (floodedPhones.map(readPhone).includes(phone)) throw new RpcError(400, 'PHONE_NUMBER_FLOOD')
    return this.issue(phone, randomBytes(9).toString('hex'), 0)
  }

  /** The hash stays: Telegram Desktop keeps the first one. */
  resend(phone: string, hash: string): TlObject {
    const { way, sentAt } = this.find(phone, hash)
    const { isCountdownEnforced, timeoutSeconds, ways } = this.options
    const left = sentAt + timeoutSeconds - this.now()
    if (isCountdownEnforced && left > 0) throw new RpcError(420, `FLOOD_WAIT_${left}`)
    if (way + 1 >= ways.length) throw new RpcError(406, 'SEND_CODE_UNAVAILABLE')
    return this.issue(phone, hash, way + 1)
  }

  cancel(phone: string, hash: string): void {
    this.find(phone, hash)
    this.codes.delete(phone)
  }

  check(phone: string, hash: string, code: string): void {
    if (code === '') throw new RpcError(400, 'PHONE_CODE_EMPTY')
    const sent = this.find(phone, hash)
    if (sent.code === code) return
    sent.wrong += 1
    if (sent.wrong >= this.options.codeAttempts) this.codes.delete(phone)
    throw new RpcError(400, 'PHONE_CODE_INVALID')
  }

  forget(phone: string): void {
    this.codes.delete(phone)
  }

  last(phone: string): { code: string; way: CodeWay; phoneCodeHash: string } {
    const sent = this.codes.get(phone)
    if (!sent) throw new Error('No code was sent to this number')
    return { code: sent.code, way: this.wayOf(sent), phoneCodeHash: sent.hash }
  }

  private issue(phone: string, hash: string, way: number): TlObject {
    const { length } = this.options
    const code = String(randomInt(10 ** length)).padStart(length, '0')
    const sent = { code, hash, way, sentAt: this.now(), wrong: 0 }
    this.codes.set(phone, sent)
    return this.describe(sent)
  }

  private describe(sent: SentCode): TlObject {
    const next = this.options.ways[sent.way + 1]
    return {
      _: 'auth.sentCode',
      type: { _: SENT_TYPES[this.wayOf(sent)], length: sent.code.length },
      phone_code_hash: sent.hash,
      next_type: next && { _: NEXT_TYPES[next] },
      timeout: this.options.timeoutSeconds,
    }
  }

  private wayOf({ way }: SentCode): CodeWay {
    return this.options.ways[way] ?? 'sms'
  }

  private find(phone: string, hash: string): SentCode {
    if (hash === '') throw new RpcError(400, 'PHONE_CODE_HASH_EMPTY')
    const sent = this.codes.get(phone)
    const isAlive = sent?.hash === hash && sent.sentAt + this.options.lifetimeSeconds > this.now()
    if (!isAlive) throw new RpcError(400, 'PHONE_CODE_EXPIRED')
    return sent
  }
}

/** Digits alone, however the number was written. */
export function readPhone(text: string): string {
  return text.replaceAll(/\D/g, '')
}

export function readValidPhone(text: string): string {
  const phone = readPhone(text)
  if (!/^[1-9]\d{6,14}$/.test(phone)) throw new RpcError(400, 'PHONE_NUMBER_INVALID')
  return phone
}
