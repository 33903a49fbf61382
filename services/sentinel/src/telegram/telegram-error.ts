import { sqliteErrorCode } from './session-sqlite-error'

/**
 * What went wrong with a call, as data: code branches on `type`, never on a message. `FLOOD_WAIT_31` is
 * `{type: 'FLOOD_WAIT', argument: 31}` (gotd `tgerr`). NETWORK, TIMEOUT, ABORTED, STORAGE, QUEUE_FULL, CLOSED, UNREADABLE (an answer that
 * the schema does not describe) and INTERNAL (an error of this program) are our own types; MIGRATE is any of Telegram's *_MIGRATE_n.
 */
export class TelegramError extends Error {
  override readonly name = 'TelegramError'

  constructor(
    readonly type: string,
    readonly code: number,
    readonly argument: number | null = null,
    options: { cause?: unknown } = {},
  ) {
    super(argument === null ? type : `${type}_${argument}`, options)
  }
}

interface GramJsFields {
  errorMessage?: string
  code?: number
  seconds?: number
  newDc?: number
}

/** Any error of GramJS or of the network as a TelegramError. */
export function toTelegramError(error: unknown): TelegramError {
  if (error instanceof TelegramError) return error
  if (sqliteErrorCode(error) !== null) return new TelegramError('STORAGE', 0, null, { cause: error })
  if (!(error instanceof Error))
    return new TelegramError(isOfTheNetwork(String(error)) ? 'NETWORK' : 'INTERNAL', 0, null, { cause: error })
  const { errorMessage } = error as Error & GramJsFields
  if (typeof errorMessage !== 'string')
    return new TelegramError(isNetwork(error) ? 'NETWORK' : 'INTERNAL', 0, null, { cause: error })
  return answerOf(error as Error & GramJsFields, errorMessage)
}

/** What Telegram answered in place of a result. */
function answerOf(cause: Error & GramJsFields, errorMessage: string): TelegramError {
  const { code, seconds, newDc } = cause
  // GramJS turns FLOOD_WAIT_n and its kin into errors whose text is "FLOOD" and whose wait is in `seconds`. A slow mode is one chat's alone.
  const wait = cause.constructor.name.startsWith('SlowModeWaitError') ? 'SLOWMODE_WAIT' : 'FLOOD_WAIT'
  if (typeof seconds === 'number') return new TelegramError(wait, 420, seconds, { cause })
  // PHONE_MIGRATE_n, USER_MIGRATE_n, NETWORK_MIGRATE_n, FILE_MIGRATE_n: ask data centre n instead.
  if (typeof newDc === 'number') return new TelegramError('MIGRATE', 303, newDc, { cause })
  // GramJS calls MSG_WAIT_FAILED and its kin "FLOOD", though there is no wait to them; Telegram names -503 "Timeout".
  if (cause.constructor.name.startsWith('MsgWaitError'))
    return new TelegramError('MSG_WAIT_FAILED', 500, null, { cause })
  if (Number(code) === -503) return new TelegramError('TIMEOUT', 0, null, { cause })
  const parts = /^(.*?)_?(\d+)?$/.exec(errorMessage)
  const argument = parts?.[2] === undefined ? null : Number(parts[2])
  // Trouble of theirs, and none of ours.
  const type = parts?.[1] === 'INTERNAL' ? 'INTERNAL_SERVER_ERROR' : parts?.[1] || errorMessage
  return new TelegramError(type, Number(code) || 0, argument, { cause })
}

/** Classes of GramJS for what comes over the wire and is no message of its session: the connection is of no use. */
const WIRE_ERRORS = new Set(['InvalidBufferError', 'SecurityError', 'InvalidChecksumError'])

/** What the socket says, what GramJS says of its socket, and a handshake that did not come about. Nothing else is the network. */
function isNetwork(error: Error): boolean {
  const { code, syscall } = error as NodeJS.ErrnoException
  if (syscall !== undefined || (typeof code === 'string' && /^E[A-Z]+$/.test(code))) return true
  if (WIRE_ERRORS.has(error.name) || WIRE_ERRORS.has(error.constructor.name)) return true
  return error.constructor === Error && isOfTheNetwork(error.message)
}

function isOfTheNetwork(message: string): boolean {
  return /connect|\bsocket\b|^Step \d/i.test(message)
}

export type Fate = 'session_conflict' | 'session_revoked' | 'banned'

/** Errors after which the session is of no use any more: a state, a stop, the file kept (core.telegram.org/api/errors). */
const FATES: Record<string, Fate> = {
  AUTH_KEY_DUPLICATED: 'session_conflict',
  AUTH_KEY_UNREGISTERED: 'session_revoked',
  AUTH_KEY_INVALID: 'session_revoked',
  SESSION_REVOKED: 'session_revoked',
  SESSION_EXPIRED: 'session_revoked',
  /** Transport error -404: the data centre does not know the key. */
  AUTH_KEY_NOT_FOUND: 'session_revoked',
  USER_DEACTIVATED: 'banned',
  USER_DEACTIVATED_BAN: 'banned',
}

/** Telegram does not take the application (API id and hash); no session connects with it. */
const APP_ERRORS = new Set(['API_ID_INVALID', 'API_ID_PUBLISHED_FLOOD', 'API_ID_HASH_INVALID'])

export function isOfTheApp({ type }: TelegramError): boolean {
  return APP_ERRORS.has(type)
}

export function fateOf(error: TelegramError): Fate | null {
  return FATES[error.type] ?? null
}
