import { isIPv6 } from 'node:net'

export interface Login {
  username: string
  password: string
}

/** What an MTProxy and its users share. */
export interface MtSecret {
  /** `padded` (dd…): lengths of packets tell nothing; `tls` (ee…): the same, and it looks like a visit to the domain. */
  type: 'plain' | 'padded' | 'tls'
  /** 16 bytes */
  key: Buffer
  domain: string
}

interface Place {
  host: string
  port: number
}

/** One that carries any connection. */
export type WebProxy = Place & { kind: 'socks5' | 'http'; login: Login | null }
/** One that carries connections to data centres of Telegram alone. */
export type MtProxy = Place & { kind: 'mtproxy'; secret: MtSecret }
export type Proxy = WebProxy | MtProxy

const KINDS: Record<Proxy['kind'], string> = { socks5: 'SOCKS5', http: 'HTTP', mtproxy: 'MTProxy' }

/** How a proxy is told of: what must stay secret is not in it. */
export function proxyText({ kind, host, port }: Proxy): string {
  return `${KINDS[kind]} ${placeText(host, port)}`
}

export function placeText(host: string, port: number): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`
}
