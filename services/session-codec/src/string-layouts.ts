/**
 * The layouts of session strings, from text to fields; nothing is judged but the layout itself. Sources: Telethon
 * sessions/string.py, GramJS sessions/StringSession.js, Pyrogram storage/storage.py and client.py, mtcute
 * highlevel/utils/string-session.js.
 */
import { decodeBase64Text } from './base64-text'
import { BinaryReader, PrematureEnd } from './binary-reader'
import type { ForeignSession } from './foreign-session'
import { InvalidSessionFile } from './invalid-session-file'
import type { SessionStringFormat } from './session-text'

type Fields = Pick<ForeignSession, 'address' | 'userId'> & {
  readonly dcId: number
  readonly isTestMode: boolean
  readonly port: number
  readonly authKey: Buffer
  readonly isBot: boolean
}

const KEY_BYTES = 256
const IPV4_BYTES = 4
const IPV6_BYTES = 16
/** Of Telethon's string beside the address: dc, port, key. */
const TELETHON_BYTES = 1 + 2 + KEY_BYTES
const ANONYMOUS = { isTestMode: false, userId: null, isBot: false }

/** The fields of a string (trimmed) of a known format; throws InvalidSessionFile when it is cut or damaged. */
export function readStringFields(text: string, format: SessionStringFormat): Fields {
  switch (format) {
    case 'telethon':
      return telethonFields(decode(text.slice(1), 'Telethon'))
    case 'gramjs':
      return gramjsFields(decode(text.slice(1), 'GramJS'))
    case 'pyrogram':
      return pyrogramFields(decode(text, 'Pyrogram'))
    case 'mtcute':
      return mtcuteFields(decode(text, 'mtcute'))
    default:
      return format satisfies never
  }
}

function decode(text: string, tool: string): Buffer {
  const bytes = decodeBase64Text(text)
  if (bytes === null) throw damaged(tool)
  return bytes
}

/** `>B 4s|16s H 256s`. */
function telethonFields(bytes: Buffer): Fields {
  const lengths = [IPV4_BYTES, IPV6_BYTES].map((length) => TELETHON_BYTES + length)
  checkLength(bytes, lengths, 'Telethon')
  const portAt = bytes.length - KEY_BYTES - 2
  const address = addressText(bytes.subarray(1, portAt))
  return { ...ANONYMOUS, dcId: bytes.readUInt8(0), address, port: bytes.readUInt16BE(portAt), authKey: keyOf(bytes) }
}

/** dc, length of the address, its text, port, key. */
function gramjsFields(bytes: Buffer): Fields {
  const addressBytes = bytes.readUInt16BE(1)
  checkLength(bytes, [TELETHON_BYTES + 2 + addressBytes], 'GramJS')
  const portAt = 3 + addressBytes
  const address = bytes.toString('latin1', 3, portAt)
  return { ...ANONYMOUS, dcId: bytes.readUInt8(0), address, port: bytes.readUInt16BE(portAt), authKey: keyOf(bytes) }
}

/** `>B?256sI?` until 1.4 (351 characters), `>B?256sQ?` (356), since 2.0 `>BI?256sQ?` with the api_id (362). */
function pyrogramFields(bytes: Buffer): Fields {
  checkLength(bytes, [263, 267, 271], 'Pyrogram')
  const testAt = bytes.length === 271 ? 5 : 1
  const userAt = testAt + 1 + KEY_BYTES
  const isShortId = bytes.length === 263
  const userId = isShortId ? BigInt(bytes.readUInt32BE(userAt)) : bytes.readBigUInt64BE(userAt)
  return {
    dcId: bytes.readUInt8(0),
    address: null,
    port: 443,
    isTestMode: flag(bytes.readUInt8(testAt), 'Pyrogram'),
    authKey: bytes.subarray(testAt + 1, userAt),
    userId,
    isBot: flag(bytes.readUInt8(bytes.length - 1), 'Pyrogram'),
  }
}

const HAS_SELF = 1
const WAS_TEST_MODE = 2
const HAS_MEDIA = 4
const BOOL_TRUE = 0x997275b5
const BOOL_FALSE = 0xbc799737

function mtcuteFields(bytes: Buffer): Fields {
  if (bytes[0] !== 3) {
    const sentence = 'This is a string of an older mtcute: export it again with the current one and paste that'
    throw new InvalidSessionFile('version', sentence)
  }
  try {
    return mtcuteVersion3(new BinaryReader(bytes.subarray(1)))
  } catch (error) {
    if (error instanceof PrematureEnd) throw incomplete('mtcute')
    throw error
  }
}

/** Flags, main server, media server, self, key; numbers little-endian as everywhere in TL. */
function mtcuteVersion3(reader: BinaryReader): Fields {
  const flags = reader.uint32()
  const main = mtcuteServer(reader.bytes())
  if (flags & HAS_MEDIA) reader.bytes()
  const userId = flags & HAS_SELF ? reader.int64() : null
  const isBot = flags & HAS_SELF ? mtcuteBoolean(reader.uint32()) : false
  const authKey = reader.bytes()
  if (!reader.isAtEnd) throw damaged('mtcute')
  return { ...main, isTestMode: main.isTestMode || (flags & WAS_TEST_MODE) !== 0, authKey, userId, isBot }
}

function mtcuteServer(bytes: Buffer): Pick<Fields, 'dcId' | 'address' | 'port' | 'isTestMode'> {
  const reader = new BinaryReader(bytes)
  const [version, dcId, flags] = [reader.uint8(), reader.uint8(), reader.uint8()]
  const address = reader.bytes().toString('latin1')
  return { dcId, address, port: reader.uint32(), isTestMode: version === 2 && (flags & 4) !== 0 }
}

function mtcuteBoolean(constructorId: number): boolean {
  if (constructorId !== BOOL_TRUE && constructorId !== BOOL_FALSE) throw damaged('mtcute')
  return constructorId === BOOL_TRUE
}

/** As Python's `ipaddress` writes it, which is how an operator's TG_DC_ALLOW would have it. */
function addressText(bytes: Buffer): string {
  if (bytes.length === IPV4_BYTES) return bytes.join('.')
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(2 * index).toString(16))
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}

function keyOf(bytes: Buffer): Buffer {
  return bytes.subarray(bytes.length - KEY_BYTES)
}

function flag(byte: number, tool: string): boolean {
  if (byte > 1) throw damaged(tool)
  return byte === 1
}

function checkLength(bytes: Buffer, lengths: readonly number[], tool: string): void {
  if (lengths.includes(bytes.length)) return
  throw bytes.length < Math.max(...lengths) ? incomplete(tool) : tooLong(tool)
}

function incomplete(tool: string): InvalidSessionFile {
  const sentence = `This looks like a ${tool} string that is incomplete: copy all of it, from the first letter to the last`
  return new InvalidSessionFile('truncated', sentence)
}

function tooLong(tool: string): InvalidSessionFile {
  const sentence = `This looks like a ${tool} string with something after its end: copy the string alone`
  return new InvalidSessionFile('corrupt', sentence)
}

function damaged(tool: string): InvalidSessionFile {
  const sentence = `This looks like a ${tool} string that is damaged: a letter is missing or was changed. Copy it once more`
  return new InvalidSessionFile('corrupt', sentence)
}
