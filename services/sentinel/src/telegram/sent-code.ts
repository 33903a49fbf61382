import { SECOND } from '@tgsentinel/kernel/time'
import type { CodeType } from '../model'

/** What `auth.sendCode` and `auth.resendCode` tell of the code that was sent (core.telegram.org/type/auth.SentCode). */
export interface SentCode {
  /** Telegram's name for this request, which signing in has to repeat. */
  hash: string
  type: CodeType
  /** Digits; null where Telegram does not say. */
  length: number | null
  /** Of the way: a pattern of the caller or the e-mail address, or how the word begins. */
  hint: string | null
  nextType: CodeType | null
  /** Unix milliseconds from which on it may be sent again; null where there is no other way. */
  resendAtMs: number | null
}

type TlObject = { className: string } & Record<string, unknown>

const TYPES: Record<string, CodeType> = {
  SentCodeTypeApp: 'app',
  SentCodeTypeSms: 'sms',
  SentCodeTypeCall: 'call',
  SentCodeTypeFlashCall: 'flash_call',
  SentCodeTypeMissedCall: 'missed_call',
  SentCodeTypeFragmentSms: 'fragment',
  SentCodeTypeEmailCode: 'email',
  SentCodeTypeSetUpEmailRequired: 'email_setup',
  SentCodeTypeFirebaseSms: 'firebase',
  SentCodeTypeSmsWord: 'word',
  SentCodeTypeSmsPhrase: 'phrase',
  CodeTypeSms: 'sms',
  CodeTypeCall: 'call',
  CodeTypeFlashCall: 'flash_call',
  CodeTypeMissedCall: 'missed_call',
  CodeTypeFragmentSms: 'fragment',
}

/** Reads an `auth.sentCode` that came at `nowMs`. */
export function readSentCode(sentCode: unknown, nowMs: number): SentCode {
  const { phoneCodeHash, type, nextType, timeout } = sentCode as TlObject
  const way = type as TlObject
  const next = nextType ? typeOf(nextType as TlObject) : null
  return {
    hash: String(phoneCodeHash),
    type: typeOf(way),
    length: typeof way['length'] === 'number' && way['length'] > 0 ? way['length'] : null,
    hint: hintOf(way),
    nextType: next,
    resendAtMs: next === null ? null : nowMs + (typeof timeout === 'number' ? timeout : 0) * SECOND,
  }
}

function typeOf({ className }: TlObject): CodeType {
  return TYPES[className.replace(/^auth\./, '')] ?? 'other'
}

function hintOf({ pattern, emailPattern, prefix, beginning, url }: TlObject): string | null {
  const hint = [pattern, emailPattern, prefix, beginning, url].find((text) => typeof text === 'string' && text !== '')
  return (hint as string | undefined) ?? null
}

const WAYS: Record<Exclude<CodeType, 'email_setup'>, string> = {
  app: 'to your other Telegram apps, in the chat "Telegram"',
  sms: 'by SMS',
  call: 'by a phone call that tells it',
  flash_call: 'by a short call; the code is in the number that calls',
  missed_call: 'by a missed call; the code is the last digits of the number that calls',
  fragment: 'to fragment.com, where your anonymous number lives',
  email: 'to your e-mail address',
  firebase: 'by SMS',
  word: 'by SMS, as a word',
  phrase: 'by SMS, as a phrase',
  other: 'in a way that only a newer Telegram app knows',
}

const NEEDS_EMAIL =
  'Telegram sends no code before this account has an e-mail address for signing in. Sign in with an official Telegram app, add the address it asks for, and ask for a code here again. Or scan the QR code instead.'

/** How the code was sent, for people. */
export function sentCodeMessage({ type, hint }: SentCode): string {
  // No code is under way then: Telegram wants to know first where to send one.
  if (type === 'email_setup') return NEEDS_EMAIL
  return `Telegram has sent a code ${WAYS[type]}${hint === null ? '' : ` (${hint})`}. Enter it.`
}
