import { ApiError } from '@tgsentinel/kernel/errors'
import { failure, type ErrorCode } from '../model'
import { DialError } from '../proxies/dial-error'
import { fateOf, TelegramError, toTelegramError } from './telegram-error'

type Sentence = readonly [ErrorCode, string]

const FROZEN =
  'Telegram has frozen this account and refuses this. The session view says until when, and where to appeal.'

/** Telegram's own trouble, which passes. */
const BUSY = 'Telegram could not answer this just now. Try again in a minute.'

/** What Telegram says of a number, a code, a password or a chat, with a next step (core.telegram.org/api/errors). */
const REFUSALS: Record<string, Sentence> = {
  NEEDS_APP: ['NEEDS_APP', 'Enter the Telegram API id and hash first; my.telegram.org gives them out.'],
  API_ID_INVALID: ['APP_REFUSED', 'Telegram does not know this API id and hash. Check them at my.telegram.org.'],
  API_ID_PUBLISHED_FLOOD: [
    'APP_REFUSED',
    'Telegram does not accept this API id: it is in public use. Make one of your own at my.telegram.org.',
  ],
  NOT_SIGNED_IN: ['NOT_SIGNED_IN', 'Nobody is signed in to Telegram. Sign in first, or import a session.'],
  PHONE_NUMBER_INVALID: [
    'PHONE_NUMBER_INVALID',
    'Telegram does not take this for a phone number. Enter it with its country code, such as +1 202 555 0143.',
  ],
  PHONE_NUMBER_BANNED: [
    'PHONE_NUMBER_BANNED',
    'Telegram has banned this number. Write to recover@telegram.org, or sign in with another number.',
  ],
  PHONE_NUMBER_FLOOD: [
    'PHONE_NUMBER_FLOOD',
    'Telegram was asked for too many codes for this number. Try again tomorrow, or sign in by QR code.',
  ],
  PHONE_PASSWORD_FLOOD: ['PHONE_NUMBER_FLOOD', 'Too many attempts with this number. Try again tomorrow.'],
  PHONE_NUMBER_UNOCCUPIED: [
    'SIGN_UP_NEEDED',
    'This number has no Telegram account. Make one in a Telegram app first, then sign in here.',
  ],
  PHONE_CODE_EMPTY: ['PHONE_CODE_EMPTY', 'Enter the code that Telegram has sent.'],
  PHONE_CODE_INVALID: ['PHONE_CODE_INVALID', 'This is not the code that Telegram has sent. Look again and retype it.'],
  PHONE_CODE_EXPIRED: ['PHONE_CODE_EXPIRED', 'The code is not valid any more. Start over to get a new one.'],
  PHONE_CODE_HASH_EMPTY: ['PHONE_CODE_EXPIRED', 'The code is not valid any more. Start over to get a new one.'],
  SEND_CODE_UNAVAILABLE: [
    'RESEND_UNAVAILABLE',
    'Telegram has no other way to send this code. Use the one it has sent, or start over.',
  ],
  PASSWORD_HASH_INVALID: [
    'PASSWORD_INVALID',
    'The password is wrong. It is the one of two-step verification, not that of your phone or mail.',
  ],
  CHANNEL_PRIVATE: ['CHAT_CLOSED', 'This chat is closed to you: it is private, or you were removed.'],
  CHANNEL_INVALID: ['CHAT_CLOSED', 'Telegram does not give out this chat to you.'],
  CHAT_FORBIDDEN: ['CHAT_CLOSED', 'This chat is closed to you.'],
  USER_BANNED_IN_CHANNEL: ['CHAT_CLOSED', 'You are banned in this chat.'],
  CHAT_ADMIN_REQUIRED: ['ADMIN_NEEDED', 'Only admins of this chat may see that.'],
  CHAT_WRITE_FORBIDDEN: ['CHAT_CLOSED', 'Telegram does not let you write in this chat.'],
  CHANNELS_TOO_MUCH: ['CONFLICT', 'You are in as many channels as Telegram allows. Leave one first.'],
  CHAT_ID_INVALID: ['NOT_FOUND', 'There is no such chat.'],
  PEER_ID_INVALID: ['NOT_FOUND', 'There is no such chat.'],
  PEER_UNKNOWN: ['NOT_FOUND', 'This chat is not known here. Refresh the list of chats, or name it by @username.'],
  USERNAME_NOT_OCCUPIED: ['NOT_FOUND', 'Nobody has this username.'],
  USERNAME_INVALID: ['NOT_FOUND', 'This is no username.'],
  FROZEN_METHOD_INVALID: ['TELEGRAM_REFUSED', FROZEN],
  FROZEN_PARTICIPANT_MISSING: ['TELEGRAM_REFUSED', FROZEN],
  FILE_UNAVAILABLE: ['TELEGRAM_REFUSED', 'Telegram does not give out this photo now. Try again later.'],
  QUEUE_FULL: ['QUEUE_FULL', 'Too many calls to Telegram wait already. Try again in a minute.'],
  TIMEOUT: ['TELEGRAM_TIMEOUT', 'Telegram did not answer in time. Try again.'],
  RPC_CALL_FAIL: ['TELEGRAM_TIMEOUT', BUSY],
  MSG_WAIT_FAILED: ['TELEGRAM_TIMEOUT', BUSY],
  HISTORY_GET_FAILED: ['TELEGRAM_TIMEOUT', BUSY],
  AUTH_RESTART: ['TELEGRAM_TIMEOUT', 'Telegram asks to start the sign-in over. Start it again.'],
  NETWORK: ['TELEGRAM_UNREACHABLE', 'Telegram cannot be reached now. The connection is tried again by itself.'],
  ABORTED: ['TELEGRAM_UNREACHABLE', 'The call was given up before Telegram answered. Try again.'],
  UNREADABLE: [
    'UNREADABLE',
    'Telegram answered with something that this version cannot read yet. A newer version may; everything else goes on.',
  ],
  INTERNAL: ['INTERNAL', 'Something went wrong in this program; the log says what.'],
  CLOSED: ['UNAVAILABLE', 'The sentinel is stopping.'],
  STORAGE: ['STORAGE_UNAVAILABLE', 'The disk does not take what has to be written. Make room and try again.'],
}

/** Any error of a call as one of the contract, with a sentence for people. */
export function toFailure(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  const known = toTelegramError(error)
  if (known.type === 'FLOOD_WAIT' || known.type === 'SLOWMODE_WAIT') return floodFailure(known)
  const [code, message] = sentenceOf(known)
  return failure(code, message, known)
}

function sentenceOf(error: TelegramError): Sentence {
  if (error.cause instanceof DialError) return ['TELEGRAM_UNREACHABLE', error.cause.message]
  // Telegram has an INTERNAL of its own, with a code.
  const refusal = error.type === 'INTERNAL' && error.code !== 0 ? undefined : REFUSALS[error.type]
  if (refusal) return refusal
  if (fateOf(error)) return ['SESSION_ENDED', 'Telegram has ended this session. Sign in again.']
  // Codes of Telegram are 303 and above 399; the rest are ours or the network's.
  if (error.code >= 300) return ['TELEGRAM_REFUSED', `Telegram refused this (${error.message}).`]
  return ['TELEGRAM_UNREACHABLE', `Telegram cannot be reached now (${error.type}).`]
}

function floodFailure(error: TelegramError): ApiError {
  const seconds = error.argument ?? 1
  return failure('FLOOD_WAIT', `Telegram asks to wait ${waitText(seconds)}. Try again then.`, error, seconds)
}

/** A wait in words: seconds up to two minutes, then minutes, then hours. */
export function waitText(seconds: number): string {
  if (seconds < 120) return `${seconds} ${seconds === 1 ? 'second' : 'seconds'}`
  if (seconds < 7200) return `${Math.ceil(seconds / 60)} minutes`
  return `${Math.ceil(seconds / 3600)} hours`
}
