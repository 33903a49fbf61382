import type { ProxyPurpose } from '../../services/sentinel/src/model'
import { Dialing } from '../../services/sentinel/src/proxies/dialing'
import { Proxies } from '../../services/sentinel/src/proxies/proxies'
import { parseProxyLinks } from '../../services/sentinel/src/proxies/proxy-list'

interface Options {
  links?: string[]
  usedFor?: ProxyPurpose[]
  ip?: ('4' | '6')[]
  now?: () => number
}

/** A door as a sentinel has it, whose proxies are in no database; without any it dials directly. */
export function dialing({ links = [], usedFor = ['telegram'], ip = ['4'], now = Date.now }: Options = {}): Dialing {
  const settings = { get: () => undefined, set: () => undefined, delete: () => undefined }
  return new Dialing(new Proxies({ fromEnvironment: parseProxyLinks(links), usedFor, ip }, settings, now))
}
