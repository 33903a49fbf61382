import type { SentinelProcess } from '../support/sentinel-process'
import { large, refused, stranger, type Calls } from './contract-call'

const LINKS = { links: ['socks5://127.0.0.1:9'] }
const other = { withoutApp: true }
const signing = { signingIn: true }

/** Nobody is signed in to `sentinel`, and it may be given any proxy; whoever is signing in has its own from the environment. */
export function proxyCalls(sentinel: SentinelProcess): Calls {
  return {
    getProxies: {
      200: async () => {
        await sentinel.api.request('PUT', '/api/proxies', { json: LINKS })
        return other
      },
      401: () => stranger,
    },
    putProxies: {
      200: () => ({ ...other, json: LINKS }),
      400: () => ({ ...other, json: { links: ['socks5://127.0.0.1'] } }),
      401: () => ({ json: LINKS, ...stranger }),
      409: () => ({ ...signing, json: LINKS }),
      413: () => large,
      415: () => refused,
    },
    removeProxies: { 200: () => other, 401: () => stranger, 409: () => signing },
    testProxies: {
      200: () => ({ ...other, json: LINKS }),
      400: () => ({ ...other, json: { links: ['nonsense'] } }),
      401: () => ({ json: {}, ...stranger }),
      413: () => large,
      415: () => refused,
    },
  }
}
