import type { ProxyName } from '../model'

const KINDS: Record<ProxyName['kind'], string> = { socks5: 'SOCKS5', http: 'HTTP', mtproxy: 'MTProxy' }

export function proxyName({ kind, host, port }: ProxyName): string {
  return `${KINDS[kind]} ${host.includes(':') ? `[${host}]` : host}:${port}`
}
