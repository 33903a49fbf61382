import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

export const COOKIE_NAME = 'session'
const TOKEN = /^[\w-]{43}$/

/** A new token and the cookie's value that carries it, signed. */
export function issueCookie(secretKey: string): { value: string; tokenHash: Buffer } {
  const token = randomBytes(32).toString('base64url')
  return { value: `${token}.${sign(token, secretKey)}`, tokenHash: hashToken(token) }
}

/** The hash of a token whose signature is ours, or undefined. */
export function openCookie(value: string, secretKey: string): Buffer | undefined {
  const [token = '', signature = '', ...rest] = value.split('.')
  if (rest.length > 0 || !TOKEN.test(token)) return undefined
  return isSameText(signature, sign(token, secretKey)) ? hashToken(token) : undefined
}

/** Values that a Cookie header has under our name: a parent path or domain may have set one beside ours. */
export function cookieValues(header: string | undefined): string[] {
  const pairs = (header ?? '').split(';').map((pair) => pair.trim())
  return pairs.filter((pair) => pair.startsWith(`${COOKIE_NAME}=`)).map((pair) => pair.slice(COOKIE_NAME.length + 1))
}

export function setCookieHeader(value: string, path: string, maxAgeS: number, isSecure: boolean): string {
  const secure = isSecure ? '; Secure' : ''
  return `${COOKIE_NAME}=${value}; Path=${path}; Max-Age=${maxAgeS}; HttpOnly; SameSite=Lax${secure}`
}

/** Compares without telling by its time where two texts differ. */
export function isSameText(left: string, right: string): boolean {
  return timingSafeEqual(createHash('sha256').update(left).digest(), createHash('sha256').update(right).digest())
}

function sign(token: string, secretKey: string): string {
  return createHmac('sha256', secretKey).update(`session:${token}`).digest('base64url')
}

function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
