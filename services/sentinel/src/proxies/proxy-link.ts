import { isIP, isIPv6 } from 'node:net'
import { parseMtSecret } from './mt-secret'
import type { Login, Proxy } from './proxy'

/** What is wrong with a link, as the end of a sentence. Nothing of the link is in it: it may hold a password. */
export class InvalidProxyLink extends Error {
  override readonly name = 'InvalidProxyLink'
}

const ADDRESS = /^(socks5h?|http|mtproxy):\/\/(?:(.*)@)?(\[[^\]]*\]|[^:/?#@[\]]*)(?::(\d+))?(?:\/([^?#]*))?$/i
const SHARED =
  /^(?:tg:(?:\/\/)?|(?:https?:\/\/)?(?:www\.)?(?:t\.me|telegram\.me|telegram\.dog)\/)(proxy|socks)\/?\?(.*)$/i
const NAME = /^[a-z0-9_]([a-z0-9._-]{0,251}[a-z0-9_])?\.?$/i
const MAX_LOGIN_BYTES = 255

/**
 * Reads one proxy as people write or share it: an address, or a link of Telegram.
 * @throws InvalidProxyLink
 */
export function parseProxyLink(text: string): Proxy {
  // Copied out of a page's source, & is &amp;.
  const link = text.trim().replace(/&amp;/gi, '&')
  const [, what, query] = SHARED.exec(link) ?? []
  if (what !== undefined) return sharedProxy(what.toLowerCase(), queryOf(query ?? ''))
  const [, scheme = '', login, host = '', port, path = ''] = ADDRESS.exec(link) ?? []
  const place = () => ({ host: hostOf(host), port: portOf(port) })
  switch (scheme.toLowerCase()) {
    case 'socks5':
    case 'socks5h':
      return { kind: 'socks5', ...place(), login: loginOf(login) }
    case 'http':
      return { kind: 'http', ...place(), login: loginOf(login) }
    case 'mtproxy':
      return { kind: 'mtproxy', ...place(), secret: secretOf(decoded(path)) }
    default:
      throw new InvalidProxyLink(
        'is none of socks5://…, http://…, mtproxy://host:port/secret, and no link of Telegram (t.me/proxy?…, t.me/socks?…)',
      )
  }
}

/** core.telegram.org/api/links#mtproxy-links and #socks5-proxy-links */
function sharedProxy(what: string, query: URLSearchParams): Proxy {
  const field = (name: string) => (query.get(name) ?? '').trim()
  const place = { host: hostOf(field('server')), port: portOf(field('port')) }
  if (what === 'proxy') return { kind: 'mtproxy', ...place, secret: secretOf(field('secret')) }
  const [username, password] = [field('user'), field('pass')]
  return { kind: 'socks5', ...place, login: username || password ? checkedLogin({ username, password }) : null }
}

/** A + is one here, and no blank: base64 has it. */
function queryOf(text: string): URLSearchParams {
  return new URLSearchParams(text.replaceAll('+', '%2B'))
}

function hostOf(text: string): string {
  const host = text.replace(/^\[(.*)\]$/, '$1')
  if (isIPv6(host)) return host
  const isRight = host === text && (/^[\d.]+$/.test(host) ? isIP(host) === 4 : NAME.test(host))
  if (!isRight) throw new InvalidProxyLink('names no host: a name, an IPv4 address, or an IPv6 address in brackets')
  return host.toLowerCase()
}

function portOf(text = ''): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port >= 1 && port <= 65_535) return port
  throw new InvalidProxyLink('names no port from 1 to 65535')
}

function loginOf(text: string | undefined): Login | null {
  if (text === undefined || text === '') return null
  const [, username = '', password = ''] = /^([^:]*):?(.*)$/s.exec(text) ?? []
  return checkedLogin({ username: decoded(username), password: decoded(password) })
}

/** RFC 1929 has a byte for each length. A name without a password is a login, as some providers use. */
function checkedLogin(login: Login): Login {
  const isTooLong = [login.username, login.password].some((text) => Buffer.byteLength(text) > MAX_LOGIN_BYTES)
  if (isTooLong) throw new InvalidProxyLink('has a name or password of more than 255 bytes')
  return login
}

function secretOf(text: string) {
  const secret = parseMtSecret(text)
  if (secret) return secret
  throw new InvalidProxyLink(
    'has no secret of an MTProxy: 32 hexadecimal digits, dd and 32 of them, or ee, 32 of them and a domain; or the same in base64',
  )
}

/** A % that encodes nothing is one. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
