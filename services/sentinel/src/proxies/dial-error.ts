import type { ProxyProblemCode } from '../model'
import { proxyText, type Proxy } from './proxy'

/** Why a proxy led nowhere, as data and as a sentence for people; no password or secret is in it. */
export class DialError extends Error {
  override readonly name = 'DialError'

  constructor(
    readonly code: ProxyProblemCode,
    message: string,
  ) {
    super(message)
  }
}

/** An error of the socket to a proxy, while nothing of what it is to say has come. */
export function toDialError(error: unknown, proxy: Proxy): DialError {
  if (error instanceof DialError) return error
  const { code = '' } = error as { code?: string }
  const name = proxyText(proxy)
  switch (code) {
    case 'ECONNREFUSED':
      return new DialError('refused', `Nobody listens at the proxy (${name}). Check that it runs, and its port.`)
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new DialError('unreachable', `The name of the proxy (${name}) is not known. Check it.`)
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return new DialError('unreachable', `There is no way to the proxy (${name}) from here (${code}).`)
    case 'ETIMEDOUT':
      return silent(proxy)
    default:
      return strange(proxy, 'it ends the connection')
  }
}

export function silent(proxy: Proxy): DialError {
  const doubt = proxy.kind === 'mtproxy' ? ' It is down, or the secret is wrong.' : ''
  return new DialError('timeout', `The proxy (${proxyText(proxy)}) did not answer in time.${doubt}`)
}

export function strange(proxy: Proxy, what: string): DialError {
  return new DialError('not_a_proxy', `What answers at ${proxyText(proxy)} is no proxy of this kind: ${what}.`)
}

export function wrongPassword(proxy: Proxy, hasLogin: boolean): DialError {
  const name = proxyText(proxy)
  return new DialError(
    'wrong_password',
    hasLogin
      ? `The proxy (${name}) refuses the name or the password. Check them.`
      : `The proxy (${name}) wants a name and a password, and none is set.`,
  )
}

/** `doubt`: what else it may be. */
export function wrongSecret(proxy: Proxy, what: string, doubt = ''): DialError {
  return new DialError('wrong_secret', `The proxy (${proxyText(proxy)}) ${what}: the secret is wrong${doubt}.`)
}

/** The proxy is there, and what is beyond it is not. */
export function beyond(proxy: Proxy, target: string, why: string): DialError {
  return new DialError('telegram_unreachable', `The proxy (${proxyText(proxy)}) does not reach ${target}: ${why}.`)
}
