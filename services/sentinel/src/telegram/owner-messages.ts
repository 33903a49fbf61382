import type { OwnerState, UserInfo } from '../model'
import { isoMoment } from '@tgsentinel/kernel/time'
import { DialError } from '../proxies/dial-error'
import type { Freeze } from './freeze'
import { isOfTheApp, TelegramError } from './telegram-error'

const STATES: Record<OwnerState, string> = {
  signed_out: 'Nobody is signed in to Telegram. Sign in by QR code or phone, or import a session.',
  needs_app:
    'Telegram API id and hash are missing. Enter them (my.telegram.org gives them out), and the session connects.',
  connecting: 'Connecting to Telegram.',
  signed_in: 'Signed in.',
  frozen: 'Telegram has frozen this account: nothing can be read with it. Appeal in a Telegram app.',
  session_conflict:
    'Telegram ended this session because its key was used from two places at once. Stop the other program, then sign in again here.',
  session_revoked: 'This session was signed out, here or on another device. Sign in again.',
  banned: 'Telegram has closed this account. Only Telegram can tell why: write to recover@telegram.org.',
  session_invalid: 'The session file cannot be used. It was kept. Sign in, or import another one.',
}

/** A state, and what to do next, for people. */
export function stateMessage(state: OwnerState, user: UserInfo | null, detail: string | null): string {
  if (state === 'signed_in' && user) return `Signed in as ${nameOf(user)}.`
  return detail === null ? STATES[state] : `${STATES[state]} ${detail}`
}

/** What is known of a freezing, and what to do next. */
export function frozenMessage({ sinceMs, untilMs, appealUrl }: Freeze): string {
  const since = sinceMs === null ? '' : ` since ${dayOf(sinceMs)}`
  const by = untilMs === null ? '' : ` until ${dayOf(untilMs)}`
  const where = appealUrl === null ? 'in a Telegram app' : `at ${appealUrl}`
  return `Telegram has frozen this account${since}: nothing can be read with it. Appeal${by} ${where}. It is tried again once an hour.`
}

function dayOf(atMs: number): string {
  return isoMoment(atMs).slice(0, 10)
}

/** Why there is no connection now, and when the next try is. */
export function waitingMessage(error: TelegramError, retryMs: number): string {
  const seconds = Math.max(1, Math.round(retryMs / 1000))
  if (error.type === 'FLOOD_WAIT') return `Telegram asks to wait ${seconds} seconds.`
  if (error.type === 'ADDRESS_REFUSED') return "The session names a server that is not Telegram's. It is not dialled."
  return `${reasonOf(error)} Next try in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`
}

function reasonOf(error: TelegramError): string {
  if (error.type === 'STORAGE') return 'The session file cannot be written or read.'
  if (error.cause instanceof DialError) return error.cause.message
  // Codes of Telegram are 303 and above 399; the rest are ours or the network's.
  if (error.code >= 300) return `Telegram refused (${error.message}).`
  return `Telegram cannot be reached (${error.type}).`
}

/** What the last try came to, where there was one. */
function timeoutReason({ cause }: TelegramError): string {
  const text = 'Telegram did not accept the session in time.'
  return cause instanceof TelegramError ? `${text} ${reasonOf(cause)}` : text
}

/** Why an import failed, and what is in force now. */
export function importFailure(error: TelegramError, formerStays: boolean): string {
  const reasons: Record<string, string> = {
    AUTH_KEY_DUPLICATED:
      'Telegram refused the session: its key is in use elsewhere. Stop the other program and make a fresh session file.',
    STORAGE: 'The disk does not take the session. Make room and import it again.',
    USER_DEACTIVATED: 'Telegram has closed the account of this session.',
    USER_DEACTIVATED_BAN: 'Telegram has closed the account of this session.',
    CANCELLED: 'The import was cancelled and its session deleted.',
    TIMEOUT: `${timeoutReason(error)} The imported session is deleted and not tried again; import it once more.`,
  }
  if (isOfTheApp(error))
    reasons[error.type] =
      `Telegram refused the application (${error.type}). Check the API id and hash at my.telegram.org.`
  const reason =
    reasons[error.type] ?? `Telegram refused the session (${error.type}): it was signed out. Make a fresh session file.`
  return formerStays ? `${reason} The former session stays in force.` : reason
}

/** The line of the log once Telegram has said whose session it is. */
export function loadedMessage(user: UserInfo): string {
  return `Session loaded: ${nameOf(user)} (${user.user_id})`
}

function nameOf({ username, first_name: firstName, user_id: id }: UserInfo): string {
  return username ? `@${username}` : firstName || String(id)
}
