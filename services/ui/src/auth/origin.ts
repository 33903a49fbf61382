import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'

/**
 * Where a request says that it comes from. Browsers write both headers and no page can change them; what has neither is a
 * program: `unknown`. (A browser of long ago that leaves them out is kept from sending our cookie for another site by SameSite=Lax.)
 */
export function originOf(headers: IncomingHttpHeaders, host: string): 'same' | 'foreign' | 'unknown' {
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin') return 'foreign'
  const origin = headers.origin
  if (origin === undefined) return site === undefined ? 'unknown' : 'same'
  // A proxy may rewrite Host; then Sec-Fetch-Site still tells.
  if (hostOf(origin) === host.toLowerCase()) return 'same'
  return site === undefined || origin === 'null' ? 'foreign' : 'same'
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}

const LOCAL_NAME = /^([\w-]+|([\w-]+\.)+(localhost|local|lan|home|internal|home\.arpa))$/

/**
 * Whether nobody else can make this name point here: an address, or a name that is not in the public DNS. A page of a
 * stranger whose name is made to point here (DNS rebinding) has an origin that looks like ours.
 */
export function isPrivateHost(host: string): boolean {
  const name = host.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '')
  return isIP(name.replace(/^\[|\]$/g, '')) !== 0 || LOCAL_NAME.test(name)
}
