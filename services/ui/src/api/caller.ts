import type { IncomingMessage } from 'node:http'
import type { Request } from 'express'
import type { Caller } from '../model'

/** Who sends it; `trust proxy` decides whether a proxy's word counts. */
export function callerOf(request: IncomingMessage): Caller {
  const address = (request as Request).ip ?? ''
  const userAgent = String(request.headers['user-agent'] ?? '').slice(0, 300)
  return { address: address.replace(/^::ffff:(?=[\d.]+$)/, ''), userAgent }
}

export function isSecure(request: IncomingMessage): boolean {
  return (request as Request).secure
}

/** Host and port that the browser asked for. */
export function hostOf(request: IncomingMessage): string {
  return (request as Request).host ?? ''
}
