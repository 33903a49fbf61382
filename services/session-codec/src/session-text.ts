/**
 * Says what a pasted text is, before anything in it is trusted. Formats of strings (TELEGRAM 1.2): Telethon and GramJS
 * begin with the letter 1, which Pyrogram and mtcute cannot: their first byte is a data centre or a small version.
 */
import { decodeBase64Text, isBase64Text } from './base64-text'

export type SessionStringFormat = 'telethon' | 'gramjs' | 'pyrogram' | 'mtcute'

/** What people paste instead of a session string. */
export type NotASessionKind =
  | 'empty'
  | 'too-long'
  | 'bot-token'
  | 'phone-number'
  | 'sign-in-code'
  | 'api-hash'
  | 'bare-key'
  | 'json'
  | 'telegram-desktop'
  | 'base64-file'
  | 'file-name'
  | 'link'
  | 'unknown'

export type SessionTextKind = SessionStringFormat | NotASessionKind

/** The longest string that we take, mtcute's with two IPv6 servers, has less than 600 characters. */
const MAX_CHARACTERS = 4096
/** A text that is too short for the key alone (342 characters) but plainly meant to be a session. */
const MIN_STRING_CHARACTERS = 100
const START_CHARACTERS = 64

const NOT_A_SESSION: readonly (readonly [NotASessionKind, RegExp])[] = [
  ['empty', /^$/],
  ['bot-token', /^\d{5,14}:[A-Za-z0-9_-]{30,50}$/],
  ['sign-in-code', /^\d{4,6}$/],
  ['phone-number', /^\+?[\d().-]{7,20}$/],
  ['api-hash', /^[0-9a-f]{32}$/i],
  ['bare-key', /^(?:\d[:,])?(?:0x)?[0-9a-f]{512}(?:[:,]\d)?$/i],
  ['json', /^[{[]/],
  ['link', /^(?:https?|tg|socks5?):/i],
  // VERGJ is "TDF$", the magic of its files, in base64.
  ['telegram-desktop', /^VERGJ|(?:^|[\\/])tdata(?:$|[\\/])|^D877F783D5D3EF8Cs?$|^key_datas?$/i],
  // "SQLite format 3", and the first two bytes of a zip archive.
  ['base64-file', /^(?:U1FMaXRlIGZvcm1hdCAz|UEsDB)/],
  ['file-name', /\.(?:session|sqlite3?|db|zip|json|txt)$|^(?:[/~]|[A-Za-z]:\\)[^=]*[/\\]/i],
]

/** What a copy leaves between the letters, and nobody sees: soft hyphens, marks of direction and joiners of width zero. */
const INVISIBLE = /[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g
/** No string has fewer letters: those of the key alone. */
const KEY_CHARACTERS = 342
/** A run of letters with its padding, and no letter right after that. */
const LETTERS = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]+={0,2}(?![A-Za-z0-9+/=_-])/g

/**
 * The string in a text, without what stands around it: an assignment, quotes, a label, a fence, dots. White space does no
 * harm to a string, but a string that is whole within one word ends with that.
 */
export function trimmedSessionText(text: string): string {
  const visible = text.replace(INVISIBLE, '')
  const whole = visible.split(/\s+/).flatMap((word) => lettersIn(word, KEY_CHARACTERS))
  if (whole.length === 1) return whole[0] as string
  const joined = joinedText(visible)
  if (whole.length > 1) return joined
  const longest = lettersIn(joined, MIN_STRING_CHARACTERS).sort((one, other) => other.length - one.length)[0]
  return longest ?? joined
}

function lettersIn(text: string, least: number): string[] {
  return (text.match(LETTERS) ?? []).filter((letters) => letters.length >= least)
}

/** Without white space and the quotes around it. */
function joinedText(text: string): string {
  const joined = text.replace(/\s+/g, '')
  return /^(["'`])(.*)\1$/.exec(joined)?.[2] ?? joined
}

/** What a text looks like; a damaged string is named by what it was. Never throws. */
export function detectSessionText(text: string): SessionTextKind {
  if (/^\s*[{[]/.test(text)) return 'json'
  if (text.length > MAX_CHARACTERS) return kindOfStart(text.slice(0, START_CHARACTERS)) ?? 'too-long'
  const inner = trimmedSessionText(text)
  return kindOf(joinedText(text.replace(INVISIBLE, ''))) ?? kindOf(inner) ?? stringFormat(inner)
}

function kindOf(text: string): NotASessionKind | undefined {
  return NOT_A_SESSION.find(([, pattern]) => pattern.test(text))?.[0]
}

/** A file in base64 is known by its first letters, however long it is. */
function kindOfStart(start: string): NotASessionKind | undefined {
  return NOT_A_SESSION.find(([kind, pattern]) => kind === 'base64-file' && pattern.test(start.trimStart()))?.[0]
}

function stringFormat(text: string): SessionStringFormat | 'unknown' {
  if (text.length < MIN_STRING_CHARACTERS || !isBase64Text(text)) return 'unknown'
  if (text.startsWith('1')) return hasAddressText(startOf(text.slice(1))) ? 'gramjs' : 'telethon'
  const bytes = startOf(text)
  if (startsLikeMtcute(bytes)) return 'mtcute'
  const dcId = bytes[0] ?? 0
  return dcId >= 1 && dcId <= 5 ? 'pyrogram' : 'unknown'
}

/** Enough for the first fields, whatever is wrong with the end. */
function startOf(text: string): Buffer {
  return decodeBase64Text(text.slice(0, START_CHARACTERS)) ?? Buffer.alloc(START_CHARACTERS)
}

/** GramJS stores the length of the address and its text; in Telethon's string these are bytes of the IP address. */
function hasAddressText(bytes: Buffer): boolean {
  const length = bytes.readUInt16BE(1)
  if (length < 3 || length > 100) return false
  return /^[\x21-\x7e]+$/.test(bytes.toString('latin1', 3, Math.min(3 + length, bytes.length)))
}

/** Version, flags below 8, a data centre of its own length and version: Pyrogram's api_id is big-endian there. */
function startsLikeMtcute(bytes: Buffer): boolean {
  const version = bytes[0] ?? 0
  const optionBytes = bytes[5] ?? 0
  const optionVersion = bytes[6] ?? 0
  const isKnown = version >= 1 && version <= 3 && optionVersion >= 1 && optionVersion <= 2
  return isKnown && bytes.readUInt32LE(1) < 8 && optionBytes >= 12 && optionBytes <= 100
}
