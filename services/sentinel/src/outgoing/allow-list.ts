import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Addresses and names that may be reached though they are not public. */
export interface AllowList {
  /** Ranges, at any port. */
  ranges: readonly [ipaddr.IPv4 | ipaddr.IPv6, number][]
  /** `host:port`, the host as an address or as a name in lower case. */
  places: ReadonlySet<string>
}

export const ALLOWED_NOTHING: AllowList = { ranges: [], places: new Set() }

/** Reads `10.0.0.0/8`, `192.168.1.7`, `127.0.0.1:8000`, `[::1]:8000` and `ntfy.lan:80`, by commas; undefined where it is none of these. */
export function parseAllowList(text: string): AllowList | undefined {
  const entries = text
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .filter(Boolean)
  const ranges: [ipaddr.IPv4 | ipaddr.IPv6, number][] = []
  const places = new Set<string>()
  for (const entry of entries) {
    const range = rangeOf(entry)
    const place = placeOf(entry)
    if (range) ranges.push(range)
    else if (place) places.add(place)
    else return undefined
  }
  return { ranges, places }
}

/** As entries of the list are written. */
export function placeName(host: string, port: number): string {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`
}

function rangeOf(entry: string): [ipaddr.IPv4 | ipaddr.IPv6, number] | undefined {
  if (isIP(entry)) return [ipaddr.process(entry), isIP(entry) === 4 ? 32 : 128]
  const [address = '', bits = ''] = entry.split('/')
  if (!isIP(address) || !/^\d{1,3}$/.test(bits)) return undefined
  const isRight = Number(bits) <= (isIP(address) === 4 ? 32 : 128)
  return isRight ? ipaddr.parseCIDR(entry) : undefined
}

function placeOf(entry: string): string | undefined {
  const [, host = '', port = ''] = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]{1,253}):(\d{1,5})$/.exec(entry) ?? []
  const bare = host.replace(/^\[(.*)\]$/, '$1')
  const isAddressRight = host === bare ? !/^[\d.]+$/.test(host) || isIP(host) === 4 : isIP(bare) === 6
  const isRight = bare !== '' && isAddressRight && Number(port) >= 1 && Number(port) <= 65_535
  return isRight ? placeName(isIP(bare) ? String(ipaddr.process(bare)) : bare, Number(port)) : undefined
}
