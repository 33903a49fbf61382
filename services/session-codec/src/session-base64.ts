import { MAX_SESSION_BYTES, TOO_LARGE } from './size-limit'
import { InvalidSessionFile } from './invalid-session-file'

/** Base64 of the largest file: 13,981,016 characters. */
export const MAX_SESSION_BASE64_CHARACTERS = Math.ceil(MAX_SESSION_BYTES / 3) * 4
const ALPHABET = /^[A-Za-z0-9+/]*={0,2}$/

/** Decodes by RFC 4648 section 4: padding required, no white space, no url-safe letters, no stray bits; throws InvalidSessionFile. */
export function decodeSessionBase64(text: string): Buffer {
  if (text.length > MAX_SESSION_BASE64_CHARACTERS) {
    throw new InvalidSessionFile('too-large', TOO_LARGE)
  }
  if (text.length % 4 !== 0 || !ALPHABET.test(text)) throw invalidBase64()
  const bytes = Buffer.from(text, 'base64')
  // The last group alone may hold bits that decode to nothing; encoding it again shows them.
  if (bytes.subarray(-(bytes.length % 3 || 3)).toString('base64') !== text.slice(-4)) throw invalidBase64()
  return bytes
}

function invalidBase64(): InvalidSessionFile {
  return new InvalidSessionFile('base64', 'The session data is not valid base64')
}
