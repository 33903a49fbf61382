import { checkForeignSession, type ForeignSession, type ForeignValues } from './foreign-session'
import { InvalidSessionFile, type InvalidSessionReason } from './invalid-session-file'
import { detectSessionText, trimmedSessionText, type NotASessionKind, type SessionStringFormat } from './session-text'
import type { AllowedServers } from './session-values'
import { readStringFields } from './string-layouts'

/** What a session string says, checked like a file; `schemaVersion` is that of the file to be written. */
export interface SessionString extends ForeignValues {
  readonly format: SessionStringFormat
}

const EXPORT_ONE =
  'Paste a session string of Telethon, GramJS, Pyrogram or mtcute, upload a .session file, or sign in with a QR code'
const NOT_A_SESSION: Readonly<Record<NotASessionKind, string>> = {
  empty: `There is no text. ${EXPORT_ONE}`,
  'too-long': `This is longer than any session string. ${EXPORT_ONE}`,
  'bot-token': `This looks like the token of a bot, and bots cannot read chats as a person does. ${EXPORT_ONE}`,
  'phone-number': 'This looks like a phone number. Sign in with it instead: Telegram sends you a code',
  'sign-in-code': 'This looks like a sign-in code. Start signing in with your phone number and enter the code there',
  'api-hash': `This looks like an api_hash, which belongs to an application and not to an account. ${EXPORT_ONE}`,
  'bare-key': `This looks like a bare authorization key; without its data centre it cannot be used. ${EXPORT_ONE}`,
  json: `This is JSON (such as the storage of Telegram Web), not a session string. ${EXPORT_ONE}`,
  'telegram-desktop':
    'This looks like data of Telegram Desktop (tdata), which is not imported. Sign in with a QR code: ' +
    'Telegram Desktop, Settings, Devices, Link Desktop Device',
  'base64-file': 'This looks like a file in base64. Upload the .session file itself',
  'file-name': 'This is the name of a file. Upload the file itself',
  link: `This is a link, not a session string. ${EXPORT_ONE}`,
  unknown: `This is not a session string of a kind that is known here. ${EXPORT_ONE}`,
}
/** The words for a file would show what they refuse; of a damaged string that could be bytes of the key. */
const REFUSALS: Partial<Record<InvalidSessionReason, string>> = {
  'auth-key':
    'No authorization key found in the string: nobody is signed in with it. Sign in with the tool that made it ' +
    'and export the string again',
  'data-centre':
    'The string names a data centre that Telegram does not have (1 to 5, for tests 1 to 3). Export it again and paste all of it',
  port: "The string names a port that is not one of Telegram's (80, 443, 5222). Export it again and paste all of it",
  address:
    'The string names a server that is not one of Telegram: do not use a string that somebody sent you. ' +
    'If the server is yours, list it in TG_DC_ALLOW',
}

/**
 * Reads a pasted text of any kind. Throws InvalidSessionFile with a sentence that says what it is and what to do, and
 * that holds no part of it: the string is the key.
 */
export function parseSessionString(text: string, allow: AllowedServers): SessionString {
  const format = detectSessionText(text)
  if (!isSessionString(format)) throw new InvalidSessionFile(reasonOf(format), NOT_A_SESSION[format])
  const fields = readStringFields(trimmedSessionText(text), format)
  const [dcId, port] = [BigInt(fields.dcId), BigInt(fields.port)]
  return { format, ...judge({ ...fields, schemaVersion: 7n, isWal: false, dcId, port }, allow) }
}

function judge(session: ForeignSession, allow: AllowedServers): ForeignValues {
  try {
    return checkForeignSession(session, allow)
  } catch (error) {
    const sentence = error instanceof InvalidSessionFile ? REFUSALS[error.reason] : undefined
    throw sentence === undefined ? error : new InvalidSessionFile((error as InvalidSessionFile).reason, sentence)
  }
}

function isSessionString(kind: string): kind is SessionStringFormat {
  return kind === 'telethon' || kind === 'gramjs' || kind === 'pyrogram' || kind === 'mtcute'
}

function reasonOf(kind: NotASessionKind): InvalidSessionReason {
  return kind === 'bot-token' ? 'bot' : kind === 'too-long' ? 'too-large' : 'not-a-session'
}
