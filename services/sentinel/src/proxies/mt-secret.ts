import type { MtSecret } from './proxy'

const KEY_BYTES = 16
const PADDED = 0xdd
const TLS = 0xee
/** The longest domain that Telegram's own programs take. */
const MAX_DOMAIN_BYTES = 182
const DOMAIN = /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/i

/** Reads a secret in hexadecimal digits or base64, of either alphabet; undefined where it is none. */
export function parseMtSecret(text: string): MtSecret | undefined {
  const bytes = bytesOf(text)
  if (!bytes || bytes.length < KEY_BYTES) return undefined
  if (bytes.length === KEY_BYTES) return { type: 'plain', key: bytes, domain: '' }
  const key = bytes.subarray(1, KEY_BYTES + 1)
  if (bytes[0] === PADDED && bytes.length === KEY_BYTES + 1) return { type: 'padded', key, domain: '' }
  const domain = bytes.subarray(KEY_BYTES + 1).toString('latin1')
  const isTls = bytes[0] === TLS && domain.length <= MAX_DOMAIN_BYTES && DOMAIN.test(domain)
  return isTls ? { type: 'tls', key, domain } : undefined
}

/** Digits first: 32 of them are base64 as well, of something else. */
function bytesOf(text: string): Buffer | undefined {
  if (/^([0-9a-f]{2})+$/i.test(text)) return Buffer.from(text, 'hex')
  return /^[\w+/-]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined
}
