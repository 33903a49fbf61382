import type { IncomingMessage } from 'node:http'
import { Payload, type Handlers } from '@tgsentinel/kernel/contract'
import { isLoopback, namesThisMachine } from '@tgsentinel/kernel/environment'
import type { UiConfig } from '../config'
import type { Metrics } from '../metrics'
import type { Operations } from '../model'

export function metricsHandlers(metrics: Metrics): Handlers<Pick<Operations, 'getUiMetrics'>> {
  return {
    getUiMetrics: async () =>
      new Payload('text/plain; version=0.0.4; charset=utf-8', Buffer.from(await metrics.render())),
  }
}

/**
 * As at the sentinel: where no token is set, and only this machine is listened to, whoever is on it may read the numbers, but no web page.
 * What comes by a proxy may come from anywhere.
 */
export function isLocalReader({ apiToken, host, trustProxy }: UiConfig): (request: IncomingMessage) => boolean {
  const isOpen = apiToken === undefined && isLoopback(host) && trustProxy === undefined
  return ({ url = '', headers }) => {
    const isPage = headers.origin !== undefined || headers['sec-fetch-site'] === 'cross-site'
    const isForwarded = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined
    return isOpen && url.split('?', 1)[0] === '/metrics' && !isPage && !isForwarded && namesThisMachine(headers.host)
  }
}
