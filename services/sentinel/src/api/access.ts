import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { namesThisMachine } from '@tgsentinel/kernel/environment'
import { httpError } from '@tgsentinel/kernel/errors'
import type { BindingOptions } from '@tgsentinel/kernel/contract'

/**
 * Who may call. With a token: its bearer. Without one, which only a loopback address permits: whoever is on this machine,
 * but no web page. The sentinel serves no page, so a browser's request from one, or under a foreign name (DNS rebinding), is refused.
 */
export function accessRules(config: {
  apiToken: string | undefined
  host: string
}): Pick<BindingOptions, 'schemes' | 'guard'> {
  const { apiToken } = config
  return {
    schemes: { bearer: (request) => apiToken === undefined || bears(request, apiToken) },
    guard: (request) => {
      if (request.headers.origin !== undefined || request.headers['sec-fetch-site'] === 'cross-site') {
        throw httpError('FORBIDDEN', 'The sentinel does not serve web pages. Use the page of the ui.')
      }
      if (apiToken === undefined && !namesThisMachine(request.headers.host)) {
        throw httpError('FORBIDDEN', 'Call the sentinel by its loopback address, or set SENTINEL_API_TOKEN.')
      }
    },
  }
}

function bears(request: IncomingMessage, token: string): boolean {
  const [scheme, given = ''] = (request.headers.authorization ?? '').split(' ')
  const a = Buffer.from(given)
  const b = Buffer.from(token)
  return scheme?.toLowerCase() === 'bearer' && a.length === b.length && timingSafeEqual(a, b)
}
