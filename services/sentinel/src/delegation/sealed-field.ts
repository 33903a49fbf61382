import { createDecipheriv, hkdfSync } from 'node:crypto'

/**
 * A secret that may lie in Redis: `sealed:v1:` and base64url of nonce (12 bytes), AES-256-GCM's output and its tag (16 bytes). The key is
 * HKDF-SHA256 of SENTINEL_API_TOKEN (no salt, info `tgsentinel redis v1`), 32 bytes; the associated data is the request_id, so that
 * a seal fits one request alone.
 */
const PREFIX = 'sealed:v1:'
const NONCE_BYTES = 12
const TAG_BYTES = 16

export function isSealed(text: string): boolean {
  return text.startsWith(PREFIX)
}

/** The text, or null where the seal is not of this token and request. */
export function unseal(sealed: string, token: string, requestId: string): string | null {
  const bytes = Buffer.from(sealed.slice(PREFIX.length), 'base64url')
  if (!isSealed(sealed) || bytes.length < NONCE_BYTES + TAG_BYTES) return null
  const decipher = createDecipheriv('aes-256-gcm', keyOf(token), bytes.subarray(0, NONCE_BYTES))
  decipher.setAAD(Buffer.from(requestId)).setAuthTag(bytes.subarray(-TAG_BYTES))
  try {
    const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES))
    return Buffer.concat([text, decipher.final()]).toString('utf8')
  } catch {
    return null
  }
}

function keyOf(token: string): Buffer {
  return Buffer.from(hkdfSync('sha256', token, '', 'tgsentinel redis v1', 32))
}
