import type { IncomingMessage } from 'node:http'

/** Who asks: the ui says so of whoever came by its page. */
export function actorOf(request: IncomingMessage): 'page' | 'api' {
  return request.headers['x-actor'] === 'page' ? 'page' : 'api'
}
